package input

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"attune/internal/spell"
)

// likelyLayout: people take the code of a country or language for a layout's
// name; else the nearest spelling.
func (c *xkbCheck) likelyLayout(name string) string {
	if l := mistakenLayouts[strings.ToLower(name)]; l != "" {
		if _, ok := c.layouts[l]; ok {
			return fmt.Sprintf("; did you mean %q?", l)
		}
	}
	return nearest(name, slices.Sorted(maps.Keys(c.layouts)))
}

// mistakenLayouts are names people write for layouts XKB calls otherwise.
var mistakenLayouts = map[string]string{
	"uk": "gb", "en": "us", "usa": "us", "english": "us",
	"ger": "de", "german": "de", "deutsch": "de", "fre": "fr", "french": "fr",
	"sv": "se", "swe": "se", "da": "dk", "cs": "cz", "sl": "si", "el": "gr", "ja": "jp", "ko": "kr", "zh": "cn", "he": "il", "fa": "ir", "sr": "rs", "ka": "ge", "hy": "am",
}

// nearest suggests the name that takes the fewest changes to get to, when
// they are few.
func nearest(name string, names []string) string {
	best, at := 1+len(name)/3, ""
	for _, n := range names {
		if d := spell.Distance(strings.ToLower(name), strings.ToLower(n)); d < best || d == best && at == "" {
			best, at = d, n
		}
	}
	if at == "" {
		return ""
	}
	return fmt.Sprintf("; did you mean %q?", at)
}
