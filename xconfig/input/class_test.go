package input

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"attune/detect"
	"attune/xconfig"
)

// rules are the classes of a plan on a line each: "keyboard layout: keyboard
// XkbLayout=de". Long lists of ids are cut.
func rules(plan xconfig.InputPlan) (out []string) {
	for _, c := range plan.Classes {
		text := c.Name + ": " + c.Match.Kind
		if c.Match.USBID != "" {
			text += " " + c.Match.USBID[:min(len(c.Match.USBID), 20)]
		}
		if c.Match.Product != "" {
			text += fmt.Sprintf(" %q", c.Match.Product)
		}
		for _, k := range slices.Sorted(maps.Keys(c.Match.Udev)) {
			text += fmt.Sprintf(" %s=%s:%s", k, c.Match.Udev[k], c.Match.Tag)
		}
		for _, o := range slices.Concat(c.Options, c.Properties) {
			text += fmt.Sprintf(" %s=%s", o.Name, o.Value)
		}
		out = append(out, text)
	}
	return out
}

func yes(v bool) *bool                               { return &v }
func is(v float64) *float64                          { return &v }
func kind(ks ...detect.InputKind) []detect.InputKind { return ks }

const scanners = "barcode scanners and card readers: keyboard 0c2e:*|0536:*|067e:0 XkbLayout=us XkbVariant= XkbOptions="

func TestKeyboardAndPointerRules(t *testing.T) {
	german := xconfig.Preferences{Keyboard: xconfig.Keyboard{Layout: "de"}}
	for _, row := range []struct {
		name  string
		facts func(*xconfig.Facts)
		prefs xconfig.Preferences
		want  []string
	}{
		{name: "a US keyboard on an image that says nothing"},
		{
			name:  "what pc105 and pc104 draw is no difference",
			facts: func(f *xconfig.Facts) { f.Image.DefaultKbd = map[string]string{"XKBLAYOUT": "us", "XKBMODEL": "pc105"} },
		},
		{
			name: "udev's rule has /etc/default/keyboard already",
			facts: func(f *xconfig.Facts) {
				f.Image.DefaultKbd = map[string]string{"XKBLAYOUT": "de", "XKBVARIANT": "nodeadkeys"}
				f.Inputs = []detect.Input{typed(func(in *detect.Input) { in.XKBLayout = "de" })}
			},
			want: []string{scanners},
		},
		{
			name: "the image has no such rule, or udev has not run: then X is told",
			facts: func(f *xconfig.Facts) {
				f.Image.DefaultKbd = map[string]string{"XKBLAYOUT": "de", "XKBVARIANT": "nodeadkeys"}
			},
			want: []string{"keyboard layout: keyboard XkbLayout=de XkbVariant=nodeadkeys", scanners},
		},
		{
			// The variant of the file would be left standing beside the site's layout.
			name: "a setting against the file takes the file's variant back",
			facts: func(f *xconfig.Facts) {
				f.Image.DefaultKbd = map[string]string{"XKBLAYOUT": "de", "XKBVARIANT": "nodeadkeys", "XKBOPTIONS": "ctrl:nocaps"}
				f.Inputs = []detect.Input{typed(func(in *detect.Input) { in.XKBLayout = "de" })}
			},
			prefs: xconfig.Preferences{Keyboard: xconfig.Keyboard{Layout: "fr"}},
			want:  []string{"keyboard layout: keyboard XkbLayout=fr XkbVariant= XkbOptions=", scanners},
		},
		{
			name: "us by setting against a German file is worth a rule",
			facts: func(f *xconfig.Facts) {
				f.Image.DefaultKbd = map[string]string{"XKBLAYOUT": "de"}
				f.Inputs = []detect.Input{typed(func(in *detect.Input) { in.XKBLayout = "de" })}
			},
			prefs: xconfig.Preferences{Keyboard: xconfig.Keyboard{Layout: "us"}},
			want:  []string{"keyboard layout: keyboard XkbLayout=us"},
		},
		{
			name: "a rule of udev's that is nobody's we know, against a setting",
			facts: func(f *xconfig.Facts) {
				f.Inputs = []detect.Input{typed(func(in *detect.Input) { in.XKBLayout = "no" })}
			},
			prefs: xconfig.Preferences{Keyboard: xconfig.Keyboard{Layout: "us"}},
			want:  []string{"keyboard layout: keyboard XkbLayout=us"},
		},
		{
			name: "udev says what is planned of one keyboard and nothing of the other",
			facts: func(f *xconfig.Facts) {
				f.Inputs = []detect.Input{typed(func(in *detect.Input) { in.XKBLayout = "us" }), usKeyboard}
				f.Image.DefaultKbd = map[string]string{"XKBLAYOUT": "us"}
			},
		},
		{
			name: "localed's file for X is the administrator's: it stays, unless a person asks us",
			facts: func(f *xconfig.Facts) {
				f.Image.VConsole = map[string]string{"KEYMAP": "de"}
				f.Image.ConfFiles = []string{"/etc/X11/xorg.conf.d/00-keyboard.conf"}
			},
			want: []string{scanners},
		},
		{
			name:  "and goes when one does",
			facts: func(f *xconfig.Facts) { f.Image.ConfFiles = []string{"/etc/X11/xorg.conf.d/00-keyboard.conf"} },
			prefs: german,
			want:  []string{"keyboard layout: keyboard XkbLayout=de", scanners},
		},
		{
			// Its codes would otherwise have y for z; the scanner may come at any time.
			name:  "a German till",
			prefs: german,
			want:  []string{"keyboard layout: keyboard XkbLayout=de", scanners},
		},
		{
			name:  "us and Russian: a scanner's first layout is us already",
			prefs: xconfig.Preferences{Keyboard: xconfig.Keyboard{Layout: "us,ru"}},
			want:  []string{"keyboard layout: keyboard XkbLayout=us,ru"},
		},
		{
			name:  "Dvorak is not what a scanner types",
			prefs: xconfig.Preferences{Keyboard: xconfig.Keyboard{Layout: "us", Variant: "dvorak"}},
			want:  []string{"keyboard layout: keyboard XkbLayout=us XkbVariant=dvorak", scanners},
		},
		{
			name:  "scanners set to the user's layout",
			prefs: xconfig.Preferences{Keyboard: xconfig.Keyboard{Layout: "de"}, Scanner: "de"},
			want:  []string{"keyboard layout: keyboard XkbLayout=de"},
		},
		{
			name:  "scanners set to a layout nobody has",
			prefs: xconfig.Preferences{Keyboard: xconfig.Keyboard{Layout: "de"}, Scanner: "uk"},
			want:  []string{"keyboard layout: keyboard XkbLayout=de", scanners},
		},
		{
			name:  "touchpad",
			prefs: xconfig.Preferences{Touchpad: xconfig.TouchpadOptions{Tap: yes(true), NaturalScroll: yes(false), ClickMethod: "clickfinger", Speed: is(0.25)}},
			want:  []string{"touchpads: touchpad Tapping=on NaturalScrolling=off ClickMethod=clickfinger AccelSpeed=0.25"},
		},
		{
			// X calls both pointers.
			name:  "what is said of mice does not reach pointing sticks",
			prefs: xconfig.Preferences{Mouse: xconfig.PointerOptions{LeftHanded: yes(true), Profile: "flat"}, Stick: xconfig.PointerOptions{Speed: is(-0.5)}},
			want: []string{
				"mice: pointer LeftHanded=on AccelProfile=flat",
				"pointing sticks: pointer ID_INPUT_POINTINGSTICK=1:attune_pointingstick AccelSpeed=-0.5 LeftHanded=off AccelProfile=adaptive",
			},
		},
		{
			name:  "libinput's words are no use to another driver",
			facts: func(f *xconfig.Facts) { f.Image.InputDrv = []string{"evdev", "synaptics"} },
			prefs: xconfig.Preferences{Touchpad: xconfig.TouchpadOptions{Tap: yes(true)}},
		},
		{
			name:  "a value nobody has is not written",
			prefs: xconfig.Preferences{Touchpad: xconfig.TouchpadOptions{ClickMethod: "\"x"}, Mouse: xconfig.PointerOptions{Speed: is(7)}},
		},
	} {
		t.Run(row.name, func(t *testing.T) {
			f := xconfig.Facts{Image: database, Inputs: []detect.Input{usKeyboard}}
			if row.facts != nil {
				row.facts(&f)
			}
			if got := rules(Plan(f, row.prefs, xconfig.DisplayPlan{})); !slices.Equal(got, row.want) {
				t.Errorf("rules\n %s\nwant\n %s", strings.Join(got, "\n "), strings.Join(row.want, "\n "))
			}
		})
	}
}

// A reader that is known by its name alone gets its ids beside those known
// before; one of a listed vendor does not make the list longer.
func TestReadersThatAreThere(t *testing.T) {
	ids := func(ins ...detect.Input) string {
		plan := Plan(xconfig.Facts{Inputs: ins}, xconfig.Preferences{Keyboard: xconfig.Keyboard{Layout: "de"}}, xconfig.DisplayPlan{})
		return plan.Classes[1].Match.USBID
	}
	known := ids()
	reader := detect.Input{Path: "a", Name: "Acme Barcode Reader", Bus: 3, Vendor: 0xffff, Product: 0x0035, Kinds: kind(detect.KindKeyboard, detect.KindScanner)}
	if got := ids(reader, reader); got != known+"|ffff:0035" {
		t.Errorf("%q", strings.TrimPrefix(got, known))
	}
	reader.Vendor = 0x05f9
	if got := ids(reader); got != known {
		t.Errorf("%q", strings.TrimPrefix(got, known))
	}
}
