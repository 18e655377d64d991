package input

import (
	"cmp"
	"strings"

	"attune/detect"
	"attune/xconfig"
)

// keyboardClasses are the rule that gives keyboards their layout, where X
// would not come to it by itself, and that of readers, which type as if on a US
// keyboard whatever the user has.
func keyboardClasses(k plannedKeyboard, f xconfig.Facts, p xconfig.Preferences) (out []xconfig.InputClass) {
	if k.needed(f) {
		out = append(out, xconfig.InputClass{
			Name: "keyboard layout", Match: xconfig.InputMatch{Kind: "keyboard"},
			Options: k.options(f), Why: k.from,
		})
	}
	if strings.Split(k.Layout, ",")[0] == k.scanner && strings.Split(k.Variant, ",")[0] == "" {
		return out
	}
	ids := readerIDs(f.Inputs)
	return append(out, xconfig.InputClass{
		Name:  "barcode scanners and card readers",
		Match: xconfig.InputMatch{Kind: "keyboard", USBID: strings.Join(ids, "|")},
		Options: []xconfig.Option{
			{Name: "XkbLayout", Value: k.scanner, Why: cmp.Or(p.Sources["scanner.layout"], "what they type is not what is printed on the user's keys")},
			{Name: "XkbVariant", Why: "empty, unlike the other keyboards'"},
			{Name: "XkbOptions", Why: "empty, unlike the other keyboards'"},
		},
		Why: "they type as if on a " + k.scanner + " keyboard",
	})
}

// needed says whether X has to be told. It has not where every way X may take
// without us ends at the planned layout: udev's word for a keyboard, the file
// udev's rule may read for one plugged later, and X's own default.
func (k plannedKeyboard) needed(f xconfig.Facts) bool {
	if k.leftTo != "" {
		return false
	}
	for _, other := range withoutUs(f) {
		if !sameKeyboard(k.Keyboard, other) {
			return true
		}
	}
	return false
}

func withoutUs(f xconfig.Facts) (ways []xconfig.Keyboard) {
	file := fromFile("", f.Image.DefaultKbd).keyboard
	if file.Layout != "" {
		ways = append(ways, file)
	}
	every := false
	for i, layout := range udevLayouts(f.Inputs) {
		every = i == 0 || every
		switch {
		case layout == "":
			every = false
		case layout != file.Layout:
			ways = append(ways, xconfig.Keyboard{Layout: layout})
		}
	}
	if !every {
		ways = append(ways, xconfig.Keyboard{Layout: "us"})
	}
	return ways
}

// udevLayouts is what udev says of each keyboard a person types on.
func udevLayouts(inputs []detect.Input) (out []string) {
	for _, in := range inputs {
		if in.Is(detect.KindKeyboard) && in.Ignored == "" && !isReader(in) {
			out = append(out, in.XKBLayout)
		}
	}
	return out
}

// sameKeyboard compares what X makes of them: pc104 and pc105 differ in
// drawings alone, and are X's default.
func sameKeyboard(a, b xconfig.Keyboard) bool {
	for _, k := range []*xconfig.Keyboard{&a, &b} {
		if k.Model == "pc104" || k.Model == "pc105" {
			k.Model = ""
		}
		k.Layout = cmp.Or(k.Layout, "us")
	}
	return a == b
}

// options name a field that is empty only where udev may have set it.
func (k plannedKeyboard) options(f xconfig.Facts) []xconfig.Option {
	out := []xconfig.Option{{Name: "XkbLayout", Value: k.Layout}}
	for _, o := range []struct{ name, value, udev string }{
		{"XkbVariant", k.Variant, f.Image.DefaultKbd["XKBVARIANT"]},
		{"XkbModel", k.Model, f.Image.DefaultKbd["XKBMODEL"]},
		{"XkbOptions", k.Options, f.Image.DefaultKbd["XKBOPTIONS"]},
	} {
		switch {
		case o.value != "":
			out = append(out, xconfig.Option{Name: o.name, Value: o.value})
		case o.udev == "" || o.name == "XkbModel":
		default:
			out = append(out, xconfig.Option{Name: o.name, Why: "takes back what udev says from /etc/default/keyboard"})
		}
	}
	return out
}
