package input

import (
	"strings"

	"attune/xconfig"
)

// fromCmdline are the words live systems know. Words about the keyboard come
// before those about the language, and a word later on the line wins.
func (c converter) fromCmdline(cmdline string) []keyboardSource {
	words := cmdlineWords(cmdline)
	where := func(word string) string { return "kernel command line, " + word }
	var out []keyboardSource
	for _, w := range xkbWords {
		k := xconfig.Keyboard{Layout: words[w.layout], Variant: words[w.variant], Model: words[w.model], Options: words[w.options]}
		if k != (xconfig.Keyboard{}) {
			out = append(out, keyboardSource{where: where(w.layout), keyboard: k, said: k.String(), strength: byPerson})
		}
	}
	for _, w := range keymapWords {
		if v := words[w]; v != "" {
			out = append(out, c.keymapSource(where(w), w, v, byPerson))
		}
	}
	for _, w := range localeWords {
		if v := words[w]; v != "" {
			s := fromLocale(where(w), strings.Split(v, ",")[0])
			s.strength = byPerson
			out = append(out, s)
		}
	}
	if len(out) == 0 {
		out = append(out, keyboardSource{where: "kernel command line"})
	}
	return out
}

// xkbWords are parameters whose values are XKB's names.
var xkbWords = []struct{ layout, variant, model, options string }{
	{"keyboard-layouts", "keyboard-variants", "keyboard-model", "keyboard-options"}, // Debian's live-config
	{"live-config.keyboard-layouts", "live-config.keyboard-variants", "live-config.keyboard-model", "live-config.keyboard-options"},
	{"keyboard-configuration/layoutcode", "keyboard-configuration/variantcode", "keyboard-configuration/modelcode", "keyboard-configuration/optionscode"}, // preseeded, Ubuntu's casper
	{"console-setup/layoutcode", "console-setup/variantcode", "console-setup/modelcode", "console-setup/optionscode"},                                     // the same before 2010
	{"xkeyboard", "", "", ""}, // Knoppix
}

// keymapWords are parameters whose values are a console's keymap.
var keymapWords = []string{
	"vconsole.keymap",    // systemd-vconsole-setup
	"rd.vconsole.keymap", // dracut
	"keymap",             // d-i, Alpine
	"keyboard",           // Knoppix, grml
	"keyb",               // Slax
	"kbd",                // antiX
}

// localeWords are parameters whose values are a language or locale.
var localeWords = []string{"locales", "live-config.locales", "locale.LANG", "locale", "lang", "LANG"}

// cmdlineWords splits a kernel command line, whose values may be quoted. What
// follows "--" is for init.
func cmdlineWords(cmdline string) map[string]string {
	words := map[string]string{}
	quoted := false
	fields := strings.FieldsFunc(cmdline, func(r rune) bool {
		if r == '"' {
			quoted = !quoted
		}
		return !quoted && (r == ' ' || r == '\t' || r == '\n')
	})
	for _, f := range fields {
		if f == "--" {
			break
		}
		if k, v, ok := strings.Cut(strings.ReplaceAll(f, `"`, ""), "="); ok && v != "" {
			words[k] = v
		}
	}
	return words
}
