package xconfig

import (
	"fmt"
	"regexp"
	"strings"
	"sync"
)

// String is a keyboard on one line: "de(nodeadkeys)", "us,ru model pc104 options grp:alt_shift_toggle".
func (k Keyboard) String() string {
	text := k.Layout
	if k.Variant != "" {
		text = layoutsText(k.Layout, k.Variant)
	}
	if k.Model != "" {
		text += " model " + k.Model
	}
	if k.Options != "" {
		text += " options " + k.Options
	}
	return strings.TrimSpace(text)
}

func layoutsText(layout, variant string) string {
	layouts, variants := strings.Split(layout, ","), strings.Split(variant, ",")
	for i := range layouts {
		if i < len(variants) && variants[i] != "" {
			layouts[i] = fmt.Sprintf("%s(%s)", layouts[i], variants[i])
		}
	}
	return strings.Join(layouts, ",")
}

// XKBName says whether s may be a name, or a list of names, of the keyboard
// database: "us,ru", "grp:alt_shift_toggle", "us(intl)". All names of
// xkeyboard-config are so, and nothing that is leads out of the database or is
// more than a word to a shell, an ini file or X.
func XKBName(s string) bool { return len(s) <= 200 && xkbName().MatchString(s) }

var xkbName = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[A-Za-z0-9_,:()-]+$`) })
