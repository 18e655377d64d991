package image

import (
	"maps"
	"strings"
)

// keyboardDatabases are where xkeyboard-config keeps the list of what it has.
var keyboardDatabases = []string{
	"usr/share/X11/xkb/rules/evdev.lst",
	"usr/share/xkeyboard-config-2/rules/evdev.lst", // since xkeyboard-config 2.45
	"usr/X11R6/lib/X11/xkb/rules/evdev.lst",
}

func (t tree) keyboardDatabase() (layouts map[string][]string, models []string) {
	for _, name := range keyboardDatabases {
		if layouts, models = parseRules(string(t.read(name))); layouts != nil {
			return layouts, models
		}
	}
	return parseDatabase(string(t.read(recordedDatabase)))
}

// parseRules reads a list of rules: sections begin with "! layout", lines in
// them with a name, and a variant's description with its layout and a colon.
// Both are nil for a text without layouts.
func parseRules(text string) (layouts map[string][]string, models []string) {
	section := ""
	for line := range strings.Lines(text) {
		if rest, ok := strings.CutPrefix(line, "!"); ok {
			section = strings.TrimSpace(rest)
			continue
		}
		name, about, _ := strings.Cut(strings.TrimSpace(line), " ")
		if !plain(name) {
			continue
		}
		switch section {
		case "model":
			models = append(models, name)
		case "layout":
			if layouts == nil {
				layouts = map[string][]string{}
			}
			if _, seen := layouts[name]; !seen {
				layouts[name] = nil
			}
		case "variant":
			layout, _, ok := strings.Cut(strings.TrimSpace(about), ":")
			if _, known := layouts[layout]; ok && known {
				layouts[layout] = append(layouts[layout], name)
			}
		}
	}
	if layouts == nil {
		return nil, nil
	}
	return layouts, models
}

// assignments reads a file of NAME=VALUE lines, nil when there is none. Kept
// are those that name a keyboard or a language: what else stands there is
// nobody's business.
func (t tree) assignments(name string) map[string]string {
	data := t.read(name)
	if data == nil {
		return nil
	}
	all := maps.Collect(parseAssignments(string(data)))
	maps.DeleteFunc(all, func(name, _ string) bool {
		return name != "LANG" && !strings.HasPrefix(name, "XKB") && !strings.HasPrefix(name, "KEYMAP")
	})
	return all
}

// locales are files that state LANG; the first that does is meant.
var locales = []string{"etc/locale.conf", "etc/default/locale"}

func (t tree) locale() string {
	for _, name := range locales {
		if lang := t.assignments(name)["LANG"]; lang != "" {
			return lang
		}
	}
	return ""
}

// credentialNames are systemd's that state a keyboard or a language.
// systemd-firstboot(1), systemd-vconsole-setup(8).
var credentialNames = []string{
	"vconsole.keymap", "vconsole.keymap_toggle", "firstboot.keymap", "firstboot.locale", "firstboot.locale-messages",
}

// credentials are those systemd was given for the whole system, from the
// command line, the firmware or a hypervisor. Encrypted ones stay so.
func (t tree) credentials() map[string]string {
	var found map[string]string
	for _, name := range credentialNames {
		data := t.read("run/credentials/@system/" + name)
		value := strings.TrimSpace(string(data))
		if value == "" || len(value) > maxValue || !printable(value) {
			continue
		}
		if found == nil {
			found = map[string]string{}
		}
		found[name] = value
	}
	return found
}
