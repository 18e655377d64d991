package input

import (
	"strings"
	"testing"

	"attune/detect"
	"attune/xconfig"
)

// screen is an output that shows a picture.
func screen(connector string, x, y, w, h int) xconfig.Output {
	o := xconfig.Output{Card: "pci-0000:00:02.0", Connector: connector, State: "on", Rotate: "normal", X: x, Y: y}
	o.Mode.HActive, o.Mode.VActive = w, h
	return o
}

// desktop is the plan of some outputs: as large as they reach.
func desktop(outputs ...xconfig.Output) xconfig.DisplayPlan {
	d := xconfig.DisplayPlan{Outputs: outputs}
	for _, o := range outputs {
		w, h := o.Extent()
		d.Width, d.Height = max(d.Width, o.X+w), max(d.Height, o.Y+h)
	}
	return d
}

var usKeyboard = detect.Input{Path: "devices/platform/i8042/serio0/input/input1", Name: "AT Translated Set 2 keyboard", Bus: 0x11, Vendor: 1, Product: 1, Internal: true, Kinds: []detect.InputKind{detect.KindKeyboard}}

func TestPlainHardwareNeedsNothing(t *testing.T) {
	plan := Plan(xconfig.Facts{Inputs: []detect.Input{usKeyboard}}, xconfig.Preferences{}, desktop(screen("eDP-1", 0, 0, 1920, 1080)))
	if len(plan.Classes) > 0 || len(plan.Notes) > 0 {
		t.Errorf("plain hardware: %+v, %+v", plan.Classes, plan.Notes)
	}
	if plan.Keyboard.Layout != "us" || !strings.Contains(plan.KeyboardWhy[0].Text, "when nobody says") {
		t.Errorf("keyboard %v because %v", plan.Keyboard, plan.KeyboardWhy[0])
	}
}

func TestUseOfDevices(t *testing.T) {
	for _, row := range []struct {
		name  string
		kinds []detect.InputKind
		in    detect.Input
		use   string
		why   string
	}{
		{name: "a keyboard with a wheel", kinds: kind(detect.KindKeyboard, detect.KindMouse), use: "keyboard", why: "a keyboard"},
		{name: "a power button", kinds: kind(detect.KindKey), use: "keyboard", why: "a few keys"},
		{name: "a stick on a keyboard", kinds: kind(detect.KindMouse, detect.KindPointingStick), use: "pointer", why: "a pointing stick"},
		{name: "a scanner is also a keyboard", kinds: kind(detect.KindScanner, detect.KindKeyboard), use: "keyboard", why: "a barcode scanner: types what it reads"},
		{name: "a Bamboo Pad calls itself both", kinds: kind(detect.KindTouchpad, detect.KindTouchscreen), use: "pointer", why: "a touchpad"},
		{name: "a panel for pen and fingers", kinds: kind(detect.KindTablet, detect.KindTouchscreen), use: "touch", why: "a touchscreen"},
		{name: "Wacom's pen", kinds: kind(detect.KindTablet), in: detect.Input{Vendor: 0x056a}, use: "tablet", why: "a pen; in X the wacom driver's"},
		{name: "another's pen", kinds: kind(detect.KindTablet), in: detect.Input{Vendor: 0x04f3}, use: "tablet", why: "a pen; in X libinput's"},
		{name: "a pad", kinds: kind(detect.KindTablet, detect.KindTabletPad), use: "tablet", why: "the buttons of a pen tablet; in X libinput's"},
		{name: "a game's", kinds: kind(detect.KindJoystick), use: "ignored", why: "a joystick: for games, not for the pointer"},
		{name: "what detect leaves out", kinds: kind(detect.KindKeyboard), in: detect.Input{Ignored: "a jack"}, use: "ignored", why: "a jack"},
		{name: "nothing", use: "ignored", why: "nothing a display server takes"},
		{name: "another seat's", kinds: kind(detect.KindMouse), in: detect.Input{Seat: "seat1"}, use: "pointer", why: "a mouse; of seat1"},
	} {
		row.in.Kinds = row.kinds
		plan := Plan(xconfig.Facts{Inputs: []detect.Input{row.in}, Image: xconfig.Image{InputDrv: []string{"libinput", "wacom"}}}, xconfig.Preferences{}, xconfig.DisplayPlan{})
		if u := plan.Devices[0]; u.Use != row.use || u.Why != row.why {
			t.Errorf("%s: %s: %q, want %s: %q", row.name, u.Use, u.Why, row.use, row.why)
		}
	}
}

// What comes from outside never reaches a rule but as names of the keyboard
// database and device ids; as many variants as layouts; nothing panics.
func FuzzPlanInputs(f *testing.F) {
	f.Add("quiet vconsole.keymap=de-latin1", "fr-latin9", "pt_BR.UTF-8", "us,ru", ",phonetic", "Acme \"Touch\"\nOption", "0eef:0001")
	f.Add(`keyboard-layouts="us,de" -- lang=x`, "a-b-c.map.gz", "sr@latin", "us(intl),(x", "))", "x|y*", "usb-*")
	f.Add("lang=,,, kbd==\"", "-", "_", ",,,,,,", "a,b,c,d,e,f", "\x00\xff", "*:*")
	f.Fuzz(func(t *testing.T, cmdline, keymap, locale, layout, variant, name, device string) {
		facts := xconfig.Facts{Image: database, Cmdline: cmdline}
		facts.Image.VConsole = map[string]string{"KEYMAP": keymap}
		facts.Image.DefaultKbd = map[string]string{"XKBLAYOUT": variant, "XKBVARIANT": layout}
		facts.Image.Locale = locale
		facts.Inputs = []detect.Input{
			{Path: "a", Name: name, Kinds: kind(detect.KindTouchscreen), Absolute: true},
			{Path: "b", Name: name, Vendor: 1, Kinds: kind(detect.KindMouse), Absolute: true, XKBLayout: keymap},
			{Path: name, Parent: locale, Name: name, Vendor: 1, Kinds: kind(detect.KindScanner, detect.KindKeyboard), Seat: name},
		}
		if len(layout)%2 == 0 {
			facts.Image.XKBLayouts = nil
		}
		p := xconfig.Preferences{Keyboard: xconfig.Keyboard{Layout: layout, Variant: variant, Options: locale, Model: keymap}, Scanner: layout, Touch: []xconfig.TouchRule{{Device: device, Rotate: "left", Output: xconfig.Match{Connector: "B"}}}}
		plan := Plan(facts, p, desktop(screen("A", 0, 0, 800, 600), screen("B", 800, 0, 800, 600)))
		if k := plan.Keyboard; k.Variant != "" && strings.Count(k.Variant, ",") != strings.Count(k.Layout, ",") {
			t.Errorf("variants and layouts: %+v", k)
		}
		for _, c := range plan.Classes {
			for _, o := range append(c.Options, c.Properties...) {
				if strings.ContainsAny(o.Value, "\"\n\r\x00\\'#$%") || len(o.Value) > 300 {
					t.Errorf("%s: %s=%q", c.Name, o.Name, o.Value)
				}
			}
			if m := c.Match; m.Product != "" && !safeName(m.Product) || strings.ContainsAny(m.USBID, "\"\n") {
				t.Errorf("%s: %+v", c.Name, m)
			}
		}
	})
}
