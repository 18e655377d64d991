package input

import (
	"cmp"
	"slices"
	"strconv"

	"attune/detect"
	"attune/xconfig"
)

// pointerClasses are the rules for touchpads, mice and pointing sticks: none
// where nobody asked for anything. They are libinput's words; another driver
// has others.
func pointerClasses(f xconfig.Facts, p xconfig.Preferences) (out []xconfig.InputClass) {
	if len(f.Image.InputDrv) > 0 && !slices.Contains(f.Image.InputDrv, "libinput") {
		return nil
	}
	mouse := fromSetting("mouse", p.Sources, pointerOptions(p.Mouse))
	stick := fromSetting("pointingstick", p.Sources, pointerOptions(p.Stick))
	for _, c := range []xconfig.InputClass{
		{Name: "touchpads", Match: xconfig.InputMatch{Kind: "touchpad"}, Options: fromSetting("touchpad", p.Sources, touchpadOptions(p.Touchpad))},
		{Name: "mice", Match: xconfig.InputMatch{Kind: "pointer"}, Options: mouse},
		{Name: "pointing sticks", Match: stickMatch, Options: takingBack(stick, mouse)},
	} {
		if c.Why = "settings"; len(c.Options) > 0 {
			out = append(out, c)
		}
	}
	return out
}

// stickMatch: X has no word for a pointing stick, to X it is a pointer like a
// mouse. udev knows it.
var stickMatch = xconfig.InputMatch{Kind: "pointer", Tag: "attune_pointingstick", Udev: map[string]string{"ID_INPUT_POINTINGSTICK": "1"}}

// fromSetting says where each option comes from.
func fromSetting(section string, sources map[string]string, options []xconfig.Option) []xconfig.Option {
	for i := range options {
		options[i].Why = cmp.Or(sources[section+"."+settingNames[options[i].Name]], "settings")
	}
	return options
}

// settingNames are the settings behind libinput's options.
var settingNames = map[string]string{
	"Tapping": "tap", "NaturalScrolling": "natural-scroll", "DisableWhileTyping": "disable-while-typing",
	"ClickMethod": "click-method", "AccelSpeed": "speed", "LeftHanded": "left-handed", "AccelProfile": "profile",
}

func touchpadOptions(t xconfig.TouchpadOptions) []xconfig.Option {
	return options(
		onOff("Tapping", t.Tap),
		onOff("NaturalScrolling", t.NaturalScroll),
		onOff("DisableWhileTyping", t.DisableWhileTyping),
		oneOf("ClickMethod", t.ClickMethod, "buttonareas", "clickfinger"),
		speed(t.Speed),
	)
}

func pointerOptions(o xconfig.PointerOptions) []xconfig.Option {
	return options(
		onOff("NaturalScrolling", o.NaturalScroll),
		onOff("LeftHanded", o.LeftHanded),
		speed(o.Speed),
		oneOf("AccelProfile", o.Profile, "flat", "adaptive"),
	)
}

// takingBack are the options of pointing sticks where those of mice have reached
// them too, both being pointers to X: what was said of mice alone is taken back.
func takingBack(stick, mouse []xconfig.Option) []xconfig.Option {
	out := stick
	for _, m := range mouse {
		if !hasOption(stick, m.Name) {
			out = append(out, xconfig.Option{Name: m.Name, Value: pointerDefaults[m.Name], Why: "libinput's default, the setting is for mice"})
		}
	}
	return out
}

var pointerDefaults = map[string]string{"NaturalScrolling": "off", "LeftHanded": "off", "AccelSpeed": "0", "AccelProfile": "adaptive"}

func hasOption(list []xconfig.Option, name string) bool {
	for _, o := range list {
		if o.Name == name {
			return true
		}
	}
	return false
}

func options(all ...xconfig.Option) []xconfig.Option {
	return pick(all, func(o xconfig.Option) bool { return o.Name != "" })
}

func onOff(name string, v *bool) xconfig.Option {
	switch {
	case v == nil:
		return xconfig.Option{}
	case *v:
		return xconfig.Option{Name: name, Value: "on"}
	}
	return xconfig.Option{Name: name, Value: "off"}
}

func oneOf(name, v string, allowed ...string) xconfig.Option {
	if !slices.Contains(allowed, v) {
		return xconfig.Option{}
	}
	return xconfig.Option{Name: name, Value: v}
}

func speed(v *float64) xconfig.Option {
	if v == nil || *v < -1 || *v > 1 {
		return xconfig.Option{}
	}
	return xconfig.Option{Name: "AccelSpeed", Value: strconv.FormatFloat(*v, 'f', -1, 64)}
}

// readerIDs are the ids of barcode scanners and card readers: all that are
// known, for one may be plugged in later, then those that are there and known by
// their names only.
func readerIDs(inputs []detect.Input) []string {
	ids := detect.ReaderIDs()
	for _, in := range inputs {
		if id := usbID(in); isReader(in) && id != "" && !slices.Contains(ids, id) && !slices.Contains(ids, id[:5]+"*") {
			ids = append(ids, id)
		}
	}
	return ids
}
