package input

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"attune/internal/corpus"
	"attune/xconfig"
)

// Whatever the tables answer is in the X Keyboard Extension's own list.
func TestTablesNameRealLayouts(t *testing.T) {
	c := xkbCheck{layouts: realLayouts(t)}
	for name, table := range map[string]map[string]xconfig.Keyboard{"console keymaps": consoleKeymaps(), "locales": localeLayouts()} {
		for _, key := range slices.Sorted(maps.Keys(table)) {
			if k := table[key]; c.check(name+" "+key, k) != k {
				t.Errorf("%s %s: %v", name, key, k)
			}
		}
	}
	for _, key := range slices.Sorted(maps.Keys(hidCountries)) {
		if k := hidCountries[key]; c.check("country", k) != k {
			t.Errorf("country %d: %v", key, k)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(mistakenLayouts)) {
		if _, real := c.layouts[key]; real {
			t.Errorf("%q is a layout, nobody is mistaken", key)
		}
		c.check("mistaken "+key, xconfig.Keyboard{Layout: mistakenLayouts[key]})
	}
	for _, n := range c.notes {
		t.Errorf("%s: %s", n.Subject, n.Text)
	}
}

// realLayouts reads the lists of layouts and variants in evdev.lst.
func realLayouts(t *testing.T) map[string][]string {
	t.Helper()
	text, err := os.ReadFile("/usr/share/X11/xkb/rules/evdev.lst")
	if err != nil {
		corpus.Missing(t, "no keyboard database to compare with (xkb-data): %v", err)
	}
	layouts, section := map[string][]string{}, ""
	for line := range strings.Lines(string(text)) {
		fields := strings.Fields(line)
		switch {
		case len(fields) < 2:
		case fields[0] == "!":
			section = fields[1]
		case section == "layout":
			layouts[fields[0]] = nil
		case section == "variant":
			layout := strings.TrimSuffix(fields[1], ":")
			layouts[layout] = append(layouts[layout], fields[0])
		}
	}
	return layouts
}

// What systemd's table answers otherwise, and why ours is right.
var notAsSystemd = map[string]string{
	"bg_pho-utf8":    "its variant is the second layout's, and us has no variant of that name",
	"ge":             "two alphabets without a key that changes between them",
	"khmer":          "likewise",
	"ro-cedilla":     "the variant is gone from XKB",
	"ro-std-cedilla": "likewise",
	"es-dvorak":      "its model microsoftpro is no property of the keymap",
	"sk-qwerty":      "it has the variant among the options, where XKB does not look",
	"us":             "pc105+inet is no model of XKB's",
}

// mended are those newer ones of systemd (257) have as we do.
var mended = []string{"sk-qwerty"}

// The table of console keymaps agrees with systemd's, but for the keys that
// end the X server, the model everybody has, and what is listed.
func TestConsoleKeymapsAgreeWithSystemd(t *testing.T) {
	text, err := os.ReadFile("/usr/share/systemd/kbd-model-map")
	if err != nil {
		corpus.Missing(t, "no table to compare with (systemd): %v", err)
	}
	rows, differ := 0, 0
	seen := map[string]bool{}
	for line := range strings.Lines(string(text)) {
		f := strings.Fields(line)
		if len(f) < 5 || f[0][0] == '#' || seen[f[0]] {
			continue // the first row of a name is the one that counts
		}
		seen[f[0]] = true
		for i := range f {
			f[i] = strings.Trim(f[i], "-")
		}
		options := slices.DeleteFunc(strings.Split(f[4], ","), func(o string) bool { return o == "terminate:ctrl_alt_bksp" })
		want := xconfig.Keyboard{Layout: f[1], Variant: f[3], Model: strings.TrimSuffix(f[2], "pc105"), Options: strings.Join(options, ",")}
		got, ok := consoleKeymaps()[strings.Fields(line)[0]]
		_, listed := notAsSystemd[f[0]]
		if listed == (got == want) && !slices.Contains(mended, f[0]) {
			t.Errorf("%s: %+v (%v), systemd has %+v; listed as different: %v", f[0], got, ok, want, listed)
		}
		if got != want {
			differ++
		}
		rows++
	}
	if rows < 60 {
		t.Errorf("only %d rows", rows)
	}
	t.Logf("%d rows, %d differ", rows, differ)
}
