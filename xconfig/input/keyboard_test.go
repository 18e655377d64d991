package input

import (
	"slices"
	"strings"
	"testing"

	"attune/detect"
	"attune/xconfig"
)

// database is the part of an image's keyboard database these tests speak of.
var database = xconfig.Image{
	XKBLayouts: map[string][]string{
		"us": {"intl", "dvorak"}, "de": {"nodeadkeys", "neo"}, "fr": {"latin9", "oss"}, "gb": nil, "gr": nil, "ge": nil, "ru": {"phonetic"},
		"br": {"nodeadkeys"}, "ch": {"fr", "de_nodeadkeys"}, "bg": {"phonetic"}, "jp": nil, "se": nil, "ara": nil, "no": nil, "cz": {"qwerty"},
	},
	XKBModels: []string{"pc104", "pc105", "abnt2", "thinkpad"},
}

func typed(change func(*detect.Input)) detect.Input {
	in := usKeyboard
	change(&in)
	return in
}

func TestKeyboardSources(t *testing.T) {
	for _, row := range []struct {
		name  string
		facts func(*xconfig.Facts)
		prefs xconfig.Preferences
		want  xconfig.Keyboard
		by    string // subject of the winner
		note  string // part of a note, of the losing sources too
	}{
		{name: "nobody says anything", want: xconfig.Keyboard{Layout: "us"}, by: "X"},
		{
			name: "a site's setting beats the machine's files",
			facts: func(f *xconfig.Facts) {
				f.Image.VConsole = map[string]string{"KEYMAP": "fr"}
				f.Image.DefaultKbd = map[string]string{"XKBLAYOUT": "gb"}
			},
			prefs: xconfig.Preferences{Keyboard: xconfig.Keyboard{Layout: "de", Variant: "nodeadkeys"}, Sources: map[string]string{"keyboard.layout": "/etc/attune/site.toml:3"}},
			want:  xconfig.Keyboard{Layout: "de", Variant: "nodeadkeys"}, by: "/etc/attune/site.toml:3",
		},
		{
			// Only the options are the site's; which layout the keys have the image knows.
			name:  "options by setting, layout by the image",
			facts: func(f *xconfig.Facts) { f.Image.DefaultKbd = map[string]string{"XKBLAYOUT": "gb", "XKBMODEL": "pc105"} },
			prefs: xconfig.Preferences{Keyboard: xconfig.Keyboard{Options: "ctrl:nocaps"}},
			want:  xconfig.Keyboard{Layout: "gb", Model: "pc105", Options: "ctrl:nocaps"}, by: "/etc/default/keyboard",
		},
		{
			name:  "a variant by setting counts where the layout has it",
			facts: func(f *xconfig.Facts) { f.Image.DefaultKbd = map[string]string{"XKBLAYOUT": "de"} },
			prefs: xconfig.Preferences{Keyboard: xconfig.Keyboard{Variant: "nodeadkeys"}},
			want:  xconfig.Keyboard{Layout: "de", Variant: "nodeadkeys"}, by: "/etc/default/keyboard",
		},
		{
			name:  "and is dropped where it has not",
			facts: func(f *xconfig.Facts) { f.Image.DefaultKbd = map[string]string{"XKBLAYOUT": "fr"} },
			prefs: xconfig.Preferences{Keyboard: xconfig.Keyboard{Variant: "nodeadkeys"}},
			want:  xconfig.Keyboard{Layout: "fr"}, by: "/etc/default/keyboard", note: `layout "fr" has no variant "nodeadkeys"`,
		},
		{
			// gr is Greek; the site meant German and finds a Greek keyboard, which no
			// check can know. What is no layout at all is refused.
			name:  "gr is a layout, Greek",
			prefs: xconfig.Preferences{Keyboard: xconfig.Keyboard{Layout: "gr"}},
			want:  xconfig.Keyboard{Layout: "gr"}, by: "settings",
		},
		{
			name:  "ger is none: the next source counts, and de is suggested",
			facts: func(f *xconfig.Facts) { f.Image.VConsole = map[string]string{"KEYMAP": "de-latin1"} },
			prefs: xconfig.Preferences{Keyboard: xconfig.Keyboard{Layout: "ger"}},
			want:  xconfig.Keyboard{Layout: "de"}, by: "/etc/vconsole.conf", note: `"ger" is not known to this image; did you mean "de"?`,
		},
		{
			name:  "uk is the console's name for gb",
			prefs: xconfig.Preferences{Keyboard: xconfig.Keyboard{Layout: "uk"}},
			want:  xconfig.Keyboard{Layout: "us"}, by: "X", note: `did you mean "gb"?`,
		},
		{
			name:  "a slip of the finger",
			prefs: xconfig.Preferences{Keyboard: xconfig.Keyboard{Layout: "de", Variant: "nodeadkey", Model: "pc015"}},
			want:  xconfig.Keyboard{Layout: "de"}, by: "settings", note: `did you mean "nodeadkeys"?`,
		},
		{
			name:  "two layouts and a way to switch",
			prefs: xconfig.Preferences{Keyboard: xconfig.Keyboard{Layout: "us,ru", Options: "grp:alt_shift_toggle,compose:ralt"}},
			want:  xconfig.Keyboard{Layout: "us,ru", Options: "grp:alt_shift_toggle,compose:ralt"}, by: "settings",
		},
		{
			name:  "variants keep to their layouts",
			prefs: xconfig.Preferences{Keyboard: xconfig.Keyboard{Layout: "xx,de,ru", Variant: "a,neo,phonetic"}},
			want:  xconfig.Keyboard{Layout: "de,ru", Variant: "neo,phonetic"}, by: "settings", note: `"xx" is not known`,
		},
		{
			name:  "a variant for the second of two",
			prefs: xconfig.Preferences{Keyboard: xconfig.Keyboard{Layout: "us,de", Variant: ",neo"}},
			want:  xconfig.Keyboard{Layout: "us,de", Variant: ",neo"}, by: "settings",
		},
		{
			name:  "one variant for two layouts is the first's",
			prefs: xconfig.Preferences{Keyboard: xconfig.Keyboard{Layout: "us,de", Variant: "intl"}},
			want:  xconfig.Keyboard{Layout: "us,de", Variant: "intl,"}, by: "settings",
		},
		{
			name:  "more variants than layouts",
			prefs: xconfig.Preferences{Keyboard: xconfig.Keyboard{Layout: "de", Variant: "neo,intl"}},
			want:  xconfig.Keyboard{Layout: "de", Variant: "neo"}, by: "settings", note: "2 variants for 1 layouts",
		},
		{
			name:  "as setxkbmap prints it",
			prefs: xconfig.Preferences{Keyboard: xconfig.Keyboard{Layout: "us(intl),de"}},
			want:  xconfig.Keyboard{Layout: "us,de", Variant: "intl,"}, by: "settings",
		},
		{
			name:  "five layouts, XKB takes four",
			prefs: xconfig.Preferences{Keyboard: xconfig.Keyboard{Layout: "us,de,fr,ru,gb"}},
			want:  xconfig.Keyboard{Layout: "us,de,fr,ru"}, by: "settings", note: "room for 4",
		},
		{
			// An X configuration may not have it, whoever it comes from.
			name:  "a quote is no layout",
			prefs: xconfig.Preferences{Keyboard: xconfig.Keyboard{Layout: "de\"\nOption \"x", Options: "a b"}},
			want:  xconfig.Keyboard{Layout: "us"}, by: "X", note: "is no name of a keyboard database",
		},
		{
			// Without a database everything could be right, but not this.
			name: "a way out of the database is no layout",
			facts: func(f *xconfig.Facts) {
				f.Image.XKBLayouts, f.Image.XKBModels = nil, nil
				f.Image.DefaultKbd = map[string]string{"XKBLAYOUT": "../../x", "XKBVARIANT": "a/b", "XKBMODEL": "..", "XKBOPTIONS": "a:b+c"}
			},
			want: xconfig.Keyboard{Layout: "us"}, by: "X", note: `"../../x" is no name of a keyboard database`,
		},
		{
			name: "Debian live",
			facts: func(f *xconfig.Facts) {
				f.Cmdline = "boot=live keyboard-layouts=fr,us keyboard-variants=oss, keyboard-model=pc105 quiet"
			},
			want: xconfig.Keyboard{Layout: "fr,us", Variant: "oss,", Model: "pc105"}, by: "kernel command line, keyboard-layouts",
		},
		{
			name:  "systemd's word",
			facts: func(f *xconfig.Facts) { f.Cmdline = "quiet vconsole.keymap=de-latin1-nodeadkeys splash" },
			want:  xconfig.Keyboard{Layout: "de", Variant: "nodeadkeys"}, by: "kernel command line, vconsole.keymap",
		},
		{
			name:  "dracut's, later on the line, twice",
			facts: func(f *xconfig.Facts) { f.Cmdline = "rd.vconsole.keymap=us rd.vconsole.keymap=fr" },
			want:  xconfig.Keyboard{Layout: "fr"}, by: "kernel command line, rd.vconsole.keymap",
		},
		{
			name: "a language chosen in the boot menu",
			facts: func(f *xconfig.Facts) {
				f.Cmdline = "lang=de_CH.UTF-8"
				f.Image.VConsole = map[string]string{"KEYMAP": "us"}
			},
			want: xconfig.Keyboard{Layout: "ch"}, by: "kernel command line, lang",
		},
		{
			name:  "two locales, the first counts; what is for init does not",
			facts: func(f *xconfig.Facts) { f.Cmdline = `locales="sv_SE.UTF-8,en_US.UTF-8" -- vconsole.keymap=fr` },
			want:  xconfig.Keyboard{Layout: "se"}, by: "kernel command line, locales",
		},
		{
			name:  "a keyboard on the line beats a language on it",
			facts: func(f *xconfig.Facts) { f.Cmdline = "lang=ru_RU vconsole.keymap=fr" },
			want:  xconfig.Keyboard{Layout: "fr"}, by: "kernel command line, vconsole.keymap",
		},
		{
			name:  "a credential",
			facts: func(f *xconfig.Facts) { f.Image.Credentials = map[string]string{"vconsole.keymap": "br-abnt2"} },
			want:  xconfig.Keyboard{Layout: "br", Model: "abnt2"}, by: "credential vconsole.keymap",
		},
		{
			name:  "vconsole.conf, console keymap",
			facts: func(f *xconfig.Facts) { f.Image.VConsole = map[string]string{"KEYMAP": "de-latin1-nodeadkeys"} },
			want:  xconfig.Keyboard{Layout: "de", Variant: "nodeadkeys"}, by: "/etc/vconsole.conf",
		},
		{
			name: "vconsole.conf, X's own words first",
			facts: func(f *xconfig.Facts) {
				f.Image.VConsole = map[string]string{"KEYMAP": "de", "XKBLAYOUT": "ch", "XKBVARIANT": "fr"}
			},
			want: xconfig.Keyboard{Layout: "ch", Variant: "fr"}, by: "/etc/vconsole.conf",
		},
		{
			name:  "two alphabets on one console keymap",
			facts: func(f *xconfig.Facts) { f.Image.VConsole = map[string]string{"KEYMAP": "bg_pho-utf8"} },
			want:  xconfig.Keyboard{Layout: "bg,us", Variant: "phonetic,", Options: switchGroups}, by: "/etc/vconsole.conf",
		},
		{
			name:  "a console keymap made from a layout and a variant",
			facts: func(f *xconfig.Facts) { f.Image.VConsole = map[string]string{"KEYMAP": "de-neo"} },
			want:  xconfig.Keyboard{Layout: "de", Variant: "neo"}, by: "/etc/vconsole.conf",
		},
		{
			name:  "a console keymap nobody knows",
			facts: func(f *xconfig.Facts) { f.Image.VConsole = map[string]string{"KEYMAP": "amiga-de"} },
			want:  xconfig.Keyboard{Layout: "us"}, by: "X", note: "KEYMAP=amiga-de, a console keymap nobody knows the layout of",
		},
		{
			name: "udev knows it of a keyboard",
			facts: func(f *xconfig.Facts) {
				f.Inputs = []detect.Input{typed(func(in *detect.Input) { in.XKBLayout = "no" })}
			},
			want: xconfig.Keyboard{Layout: "no"}, by: "udev",
		},
		{
			name:  "Brazilian Portuguese",
			facts: func(f *xconfig.Facts) { f.Image.Locale = "pt_BR.UTF-8" },
			want:  xconfig.Keyboard{Layout: "br"}, by: "locale",
		},
		{
			name:  "C is no place",
			facts: func(f *xconfig.Facts) { f.Image.Locale = "C.UTF-8" },
			want:  xconfig.Keyboard{Layout: "us"}, by: "X", note: "C.UTF-8, which tells no layout",
		},
		{
			name:  "HID says German",
			facts: func(f *xconfig.Facts) { f.Inputs = []detect.Input{typed(func(in *detect.Input) { in.HIDCountry = 9 })} },
			want:  xconfig.Keyboard{Layout: "de"}, by: "HID country code",
		},
		{
			// Firmware copied from an example says 33 on keyboards of any country.
			name: "HID says US, which is not believed",
			facts: func(f *xconfig.Facts) {
				f.Image.Locale = "C"
				f.Inputs = []detect.Input{typed(func(in *detect.Input) { in.HIDCountry = 33 })}
			},
			want: xconfig.Keyboard{Layout: "us"}, by: "X",
		},
		{
			name: "two keyboards from two countries",
			facts: func(f *xconfig.Facts) {
				f.Inputs = []detect.Input{typed(func(in *detect.Input) { in.HIDCountry = 9 }), typed(func(in *detect.Input) { in.HIDCountry = 8 })}
			},
			want: xconfig.Keyboard{Layout: "us"}, by: "X", note: "keyboards disagree",
		},
		{
			name: "a scanner's country is nobody's",
			facts: func(f *xconfig.Facts) {
				f.Inputs = []detect.Input{typed(func(in *detect.Input) { in.HIDCountry = 15; in.Kinds = append(in.Kinds, detect.KindScanner) })}
			},
			want: xconfig.Keyboard{Layout: "us"}, by: "X",
		},
		{
			name: "an Apple ISO keyboard is not American, and that is all",
			facts: func(f *xconfig.Facts) {
				f.Inputs = []detect.Input{typed(func(in *detect.Input) { in.AppleISO = true })}
			},
			want: xconfig.Keyboard{Layout: "us"}, by: "X", note: "not an American keyboard",
		},
		{
			name: "without a keyboard database everything is believed",
			facts: func(f *xconfig.Facts) {
				f.Image.XKBLayouts, f.Image.XKBModels = nil, nil
				f.Image.VConsole = map[string]string{"KEYMAP": "cz"}
			},
			want: xconfig.Keyboard{Layout: "cz"}, by: "/etc/vconsole.conf",
		},
	} {
		t.Run(row.name, func(t *testing.T) {
			f := xconfig.Facts{Image: database, Inputs: []detect.Input{usKeyboard}}
			if row.facts != nil {
				row.facts(&f)
			}
			plan := Plan(f, row.prefs, xconfig.DisplayPlan{})
			if plan.Keyboard != row.want || plan.KeyboardWhy[0].Subject != row.by {
				t.Errorf("%+v by %+v; want %+v by %s", plan.Keyboard, plan.KeyboardWhy[0], row.want, row.by)
			}
			if !saysNote(append(plan.KeyboardWhy, plan.Notes...), row.note) {
				t.Errorf("nothing says %q: %+v %+v", row.note, plan.KeyboardWhy, plan.Notes)
			}
		})
	}
}

func saysNote(notes []xconfig.Note, text string) bool {
	for _, n := range notes {
		if strings.Contains(n.Subject+": "+n.Text, text) {
			return true
		}
	}
	return text == ""
}

// The reason in the file is one also where X's own layout is meant.
func TestWhyXsOwnLayout(t *testing.T) {
	f := xconfig.Facts{Image: database, Inputs: []detect.Input{usKeyboard}}
	f.Image.DefaultKbd = map[string]string{"XKBLAYOUT": "nolayout"}
	plan := Plan(f, xconfig.Preferences{}, xconfig.DisplayPlan{})
	if i := slices.IndexFunc(plan.Classes, func(c xconfig.InputClass) bool { return c.Name == "keyboard layout" }); i < 0 || !strings.Contains(plan.Classes[i].Why, "nobody says a layout") {
		t.Errorf("%+v", plan.Classes)
	}
}
