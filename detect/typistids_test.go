package detect

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// What a rule for later-plugged readers matches is what typist calls a reader.
func TestReaderIDsAreTypists(t *testing.T) {
	ids := ReaderIDs()
	for _, id := range ids {
		if !regexp.MustCompile(`^[0-9a-f]{4}:([0-9a-f]{4}|\*)$`).MatchString(id) {
			t.Errorf("%q is no id", id)
		}
		var in Input
		in.Bus, in.Kinds = busUSB, []InputKind{KindKeyboard}
		if _, err := fmt.Sscanf(strings.ReplaceAll(id, "*", "1"), "%x:%x", &in.Vendor, &in.Product); err != nil {
			t.Fatal(err)
		}
		if len(typist(in)) == 0 {
			t.Errorf("%s: not a reader to typist", id)
		}
	}
	slices.Sort(ids)
	if len(slices.Compact(ids)) != len(typists) {
		t.Error("an id stands twice")
	}
}
