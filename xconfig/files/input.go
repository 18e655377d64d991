package files

import (
	"strings"

	"attune/xconfig"
	"attune/xconfig/xorgconf"
)

// xKinds are the kinds of an InputMatch in the words of X's MatchIs*.
var xKinds = map[string]string{
	"": "", "keyboard": "Keyboard", "pointer": "Pointer", "touchpad": "Touchpad", "touchscreen": "Touchscreen",
	"tablet": "Tablet", "tablet-pad": "TabletPad", "joystick": "Joystick",
}

// inputSections are the classes in their order, then the server's flags: both
// where a later file of an administrator's wins.
func (w *writer) inputSections() []xorgconf.Section {
	var list []xorgconf.Section
	for _, c := range w.input.Classes {
		if s, ok := w.inputClass(c); ok {
			list = append(list, s)
		}
	}
	return append(list, w.serverFlags()...)
}

func (w *writer) inputClass(c xconfig.InputClass) (xorgconf.Section, bool) {
	is, known := xKinds[c.Match.Kind]
	if !known {
		w.note(c.Name, "not written: there is no kind of device %q", c.Match.Kind)
		return xorgconf.Section{}, false
	}
	x := xorgconf.InputClass{Name: "attune: " + plain(c.Name), Why: c.Why, Match: xorgconf.Match{
		Is: is, USBID: c.Match.USBID, Product: c.Match.Product, Tag: tagOf(c),
	}}
	if x.Match == (xorgconf.Match{}) {
		w.note(c.Name, "not written: it would be for every device there is")
		return xorgconf.Section{}, false
	}
	for _, o := range c.Options {
		x.Options = append(x.Options, xorgconf.Option(o))
	}
	if c.Ignore {
		x.Options = append(x.Options, xorgconf.Option{Name: "Ignore", Value: "on"})
	}
	return x.Section(), len(x.Options) > 0
}

// tagOf is the udev tag X is to look for: where a class compares udev
// properties, which X cannot, a rule of ours compares them and sets it.
func tagOf(c xconfig.InputClass) string {
	if c.Match.Tag == "" && len(c.Match.Udev) > 0 {
		return "attune_" + strings.ReplaceAll(plain(c.Name), " ", "_")
	}
	return c.Match.Tag
}

// serverFlags keep a kiosk's picture on. They are with the input classes as of
// them, too, the last counts: here they replace nobody's.
func (w *writer) serverFlags() []xorgconf.Section {
	if !w.display.NoBlank {
		return nil
	}
	flags := xorgconf.ServerFlags{Why: "the picture shall stay on: neither blanked by the server nor powered down; 0 is never"}
	for _, name := range []string{"BlankTime", "StandbyTime", "SuspendTime", "OffTime"} {
		flags.Options = append(flags.Options, xorgconf.Option{Name: name, Value: "0"})
	}
	return []xorgconf.Section{flags.Section()}
}

// plain makes a name of ours out of any text: letters, digits and what joins
// them.
func plain(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', '0' <= r && r <= '9', strings.ContainsRune(" ._:-", r):
			return r
		}
		return '_'
	}, s)
	return s[:min(len(s), 80)]
}
