package xconfig

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Text is what a rule picks, in words.
func (m InputMatch) Text() string {
	text := "every " + cmp.Or(m.Kind, "device")
	if ids := strings.Split(m.USBID, "|"); len(ids) > 3 {
		text += fmt.Sprintf(" of %d ids", len(ids))
	} else if m.USBID != "" {
		text += " " + strings.Join(ids, ", ")
	}
	if m.Product != "" {
		text += fmt.Sprintf(" with %q in its name", m.Product)
	}
	for _, name := range slices.Sorted(maps.Keys(m.Udev)) {
		text += fmt.Sprintf(" where udev has %s=%s", name, m.Udev[name])
	}
	return text
}
