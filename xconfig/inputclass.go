package xconfig

import (
	"strconv"

	"attune/detect"
)

// pointerClasses are the rules for touchpads, mice and pointing sticks: none
// where nobody asked for anything.
func pointerClasses(f Facts, p Preferences) (out []InputClass) {
	mouse, stick := pointerOptions(p.Mouse), pointerOptions(p.Stick)
	add := func(name string, m InputMatch, options []Option) {
		if len(options) > 0 {
			out = append(out, InputClass{Name: name, Match: m, Options: withSource(options, p.Sources, m.Kind), Why: "settings"})
		}
	}
	if len(f.Image.InputDrv) > 0 && !contains(f.Image.InputDrv, "libinput") {
		return nil
	}
	add("touchpads", InputMatch{Kind: "touchpad"}, touchpadOptions(p.Touchpad))
	add("mice", InputMatch{Kind: "pointer"}, mouse)
	add("pointing sticks", stickMatch, takingBack(stick, mouse))
	return out
}

// stickMatch: X has no word for a pointing stick, to X it is a pointer like a
// mouse. udev knows it.
var stickMatch = InputMatch{Kind: "pointer", Tag: "attune_pointingstick", Udev: map[string]string{"ID_INPUT_POINTINGSTICK": "1"}}

func withSource(options []Option, sources map[string]string, kind string) []Option {
	for i := range options {
		if options[i].Why == "" {
			options[i].Why = or(sources[settingOf(kind, options[i].Name)], "settings")
		}
	}
	return options
}

// settingOf is the setting behind one of libinput's options.
func settingOf(kind, option string) string {
	section := map[string]string{"touchpad": "touchpad", "pointer": "mouse"}[kind]
	return section + "." + map[string]string{
		"Tapping": "tap", "NaturalScrolling": "natural-scroll", "DisableWhileTyping": "disable-while-typing",
		"ClickMethod": "click-method", "AccelSpeed": "speed", "LeftHanded": "left-handed", "AccelProfile": "profile",
	}[option]
}

func touchpadOptions(t TouchpadOptions) []Option {
	return options(
		onOff("Tapping", t.Tap),
		onOff("NaturalScrolling", t.NaturalScroll),
		onOff("DisableWhileTyping", t.DisableWhileTyping),
		oneOf("ClickMethod", t.ClickMethod, "buttonareas", "clickfinger"),
		speed(t.Speed),
	)
}

func pointerOptions(o PointerOptions) []Option {
	return options(
		onOff("NaturalScrolling", o.NaturalScroll),
		onOff("LeftHanded", o.LeftHanded),
		speed(o.Speed),
		oneOf("AccelProfile", o.Profile, "flat", "adaptive"),
	)
}

// takingBack are the options of pointing sticks where those of mice have reached
// them too, both being pointers to X: what was said of mice alone is taken back.
func takingBack(stick, mouse []Option) []Option {
	out := stick
	for _, m := range mouse {
		if !hasOption(stick, m.Name) {
			out = append(out, Option{Name: m.Name, Value: pointerDefaults[m.Name], Why: "libinput's default, the setting is for mice"})
		}
	}
	return out
}

var pointerDefaults = map[string]string{"NaturalScrolling": "off", "LeftHanded": "off", "AccelSpeed": "0", "AccelProfile": "adaptive"}

func hasOption(list []Option, name string) bool {
	for _, o := range list {
		if o.Name == name {
			return true
		}
	}
	return false
}

func options(all ...Option) []Option {
	return pick(all, func(o Option) bool { return o.Name != "" })
}

func onOff(name string, v *bool) Option {
	switch {
	case v == nil:
		return Option{}
	case *v:
		return Option{Name: name, Value: "on"}
	}
	return Option{Name: name, Value: "off"}
}

func oneOf(name, v string, allowed ...string) Option {
	if !contains(allowed, v) {
		return Option{}
	}
	return Option{Name: name, Value: v}
}

func speed(v *float64) Option {
	if v == nil || *v < -1 || *v > 1 {
		return Option{}
	}
	return Option{Name: "AccelSpeed", Value: strconv.FormatFloat(*v, 'f', -1, 64)}
}

// readerIDs are the ids of barcode scanners and card readers that are there,
// each once.
func readerIDs(inputs []detect.Input) (ids []string) {
	for _, in := range inputs {
		if id := usbID(in); isReader(in) && id != "" && !contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}
