package xconfig

import (
	"fmt"
	"strings"
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
