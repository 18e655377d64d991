package input

import (
	"cmp"
	"fmt"

	"attune/detect"
	"attune/xconfig"
)

// keyboardSources are the places that may say something of the keyboard, in
// the order in which they count.
func keyboardSources(f xconfig.Facts, p xconfig.Preferences) []keyboardSource {
	conv := converter{layouts: f.Image.XKBLayouts}
	sources := []keyboardSource{fromSettings(p)}
	sources = append(sources, conv.fromCmdline(f.Cmdline)...)
	for _, name := range []string{"vconsole.keymap", "firstboot.keymap"} {
		sources = append(sources, conv.keymapSource("credential "+name, name, f.Image.Credentials[name], byPerson))
	}
	return append(sources,
		conv.fromVConsole(f.Image.VConsole),
		fromFile("/etc/default/keyboard", f.Image.DefaultKbd),
		fromUdev(f.Inputs),
		fromLocale("credential firstboot.locale", f.Image.Credentials["firstboot.locale"]),
		fromLocale("locale", f.Image.Locale),
		fromCountry(f.Inputs),
		fromApple(f.Inputs),
	)
}

func fromSettings(p xconfig.Preferences) keyboardSource {
	where := "settings"
	for _, key := range []string{"keyboard.options", "keyboard.model", "keyboard.variant", "keyboard.layout"} {
		where = cmp.Or(p.Sources[key], where)
	}
	return keyboardSource{where: where, keyboard: p.Keyboard, said: p.Keyboard.String(), strength: byPerson}
}

// fromFile is a file of XKB's words, as Debian's keyboard-configuration writes it.
func fromFile(where string, vars map[string]string) keyboardSource {
	k := xconfig.Keyboard{Layout: vars["XKBLAYOUT"], Variant: vars["XKBVARIANT"], Model: vars["XKBMODEL"], Options: vars["XKBOPTIONS"]}
	return keyboardSource{where: where, keyboard: k, said: k.String(), strength: byFile}
}

// fromVConsole: X's own words in vconsole.conf are meant for X, its keymap is
// for the console.
func (c converter) fromVConsole(vars map[string]string) keyboardSource {
	const where = "/etc/vconsole.conf"
	if s := fromFile(where, vars); s.keyboard.Layout != "" {
		return s
	}
	return c.keymapSource(where, "KEYMAP", vars["KEYMAP"], byFile)
}

// fromUdev is what udev tells X of a keyboard that is there.
func fromUdev(inputs []detect.Input) keyboardSource {
	s := keyboardSource{where: "udev", strength: byFile}
	for _, in := range inputs {
		if in.Is(detect.KindKeyboard) && in.XKBLayout != "" && !isReader(in) {
			s.keyboard.Layout, s.said = in.XKBLayout, in.XKBLayout
			s.why = "of " + inputName(in)
			break
		}
	}
	return s
}

// isReader says whether a keyboard is one no finger touches.
func isReader(in detect.Input) bool {
	return in.Is(detect.KindScanner) || in.Is(detect.KindCardReader)
}

func fromLocale(where, locale string) keyboardSource {
	s := keyboardSource{where: where, said: locale, strength: byHint}
	k, ok := layoutOfLocale(locale)
	switch {
	case ok:
		s.keyboard = k
		s.why = "the usual layout of that language and country"
	case locale != "":
		s.why = "which tells no layout"
	}
	return s
}

// fromCountry asks the country codes of HID. Most keyboards say 0, and many
// that are not American say 33, so that only the other codes are believed, and
// only when no two disagree.
func fromCountry(inputs []detect.Input) keyboardSource {
	s := keyboardSource{where: "HID country code", strength: byHint}
	for _, in := range inputs {
		country, ok := hidCountries[in.HIDCountry]
		if !ok || !in.Is(detect.KindKeyboard) || isReader(in) {
			continue
		}
		if s.said != "" && s.keyboard != country {
			s.keyboard = xconfig.Keyboard{}
			s.why = "keyboards disagree"
			return s
		}
		s.keyboard = country
		s.said = fmt.Sprintf("%d (%s)", in.HIDCountry, inputName(in))
	}
	return s
}

// fromApple: that an Apple keyboard has the ISO key tells that it is not
// American, and not what it is.
func fromApple(inputs []detect.Input) keyboardSource {
	s := keyboardSource{where: "Apple ISO keyboard", strength: byHint}
	for _, in := range inputs {
		if in.AppleISO {
			s.said = inputName(in)
			s.why = "not an American keyboard, but which it is nothing tells; the setting keyboard.layout says it"
		}
	}
	return s
}
