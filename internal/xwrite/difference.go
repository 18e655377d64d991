package xwrite

import (
	"bytes"
	"maps"
	"slices"
)

// difference names the files of a set that are new or other than before, and
// those of before that are no more. odd are names of before without a content.
func difference(want, have files, odd []string) (changed, removed []string) {
	for _, name := range slices.Sorted(maps.Keys(want)) {
		if before, ok := have[name]; !ok || !bytes.Equal(before, want[name]) {
			changed = append(changed, name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(have)) {
		if _, ok := want[name]; !ok {
			removed = append(removed, name)
		}
	}
	for _, name := range odd {
		if _, ok := want[name]; !ok {
			removed = append(removed, name)
		}
	}
	return changed, removed
}
