package edid

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// A known exception is a difference between a display's facts and what Parse
// finds which is explained, with the number of displays that have it.
var factExceptions = []struct {
	fact, reason string
	explains     func(e *EDID, got, want string) bool
	count        int
}{
	{"vendor", "letters out of A to Z: the facts have them as they are, we have none", func(e *EDID, got, want string) bool {
		v := e.VendorID
		return got == "" && want == string([]byte{letter(v >> 10), letter(v >> 5), letter(v)})
	}, 22},
	{"timing", "the base block stands twice in the file, and the facts' tool gave up on timings", func(e *EDID, got, want string) bool {
		return want == "" && slices.ContainsFunc(e.Problems, func(p Problem) bool { return p.Code == RepeatedBase })
	}, 254},
	{"timing", "a timing without columns, which we leave out", func(e *EDID, got, want string) bool {
		return strings.HasPrefix(want, "0x")
	}, 1},
	{"timing", "an interlaced timing of noise: the tool does not count the borders of its frame", func(e *EDID, got, want string) bool {
		return len(e.Detailed) > 0 && e.Detailed[0].Interlaced && e.Detailed[0].VBorder != 0
	}, 1},
	{"name", "NULs before the name: the facts' tool stops at the first", func(e *EDID, got, want string) bool {
		return want == "" && strings.Contains(e.raw, "\x00\x00\x00\xfc\x00\x00")
	}, 1},
	{"name", "an empty name before the name: the facts have the first", func(e *EDID, got, want string) bool {
		return want == "" && (strings.Contains(e.raw, "\x00\x00\x00\xfc\x00\n") || strings.Contains(e.raw, "\x00\x00\x00\xfc\x00  "))
	}, 6},
	{"name", "bytes beyond ASCII: the facts' tool stops at the first", func(e *EDID, got, want string) bool {
		i := strings.IndexFunc(got, func(r rune) bool { return r >= 0x80 })
		return i >= 0 && strings.TrimSpace(got[:i]) == want
	}, 3},
}

// TestFacts compares every EDID of the corpus with what its source's decoder
// said of it.
func TestFacts(t *testing.T) {
	seen := make([]int, len(factExceptions))
	for _, s := range linuxhw(t) {
		if len(s.edid) == 0 {
			continue
		}
		e, err := Parse(s.edid)
		if err != nil {
			t.Errorf("%s: %v", s.path, err)
			continue
		}
		for i, got := range factsOf(e) {
			if want := strings.TrimSpace(s.facts[i]); got != want && !explained(e, factNames[i], got, want, seen) {
				t.Errorf("%s: %s is %q, want %q", s.path, factNames[i], got, want)
			}
		}
	}
	for i, x := range factExceptions {
		if seen[i] != x.count {
			t.Errorf("%d exceptions in %s for %s, want %d", seen[i], x.fact, x.reason, x.count)
		}
	}
}

var factNames = []string{"version", "vendor", "product", "size", "timing", "name"}

func factsOf(e *EDID) []string {
	size := ""
	if e.WidthMM != 0 {
		size = fmt.Sprintf("%d cm x %d cm", e.WidthMM/10, e.HeightMM/10)
	}
	return []string{fmt.Sprintf("%d.%d", e.Version, e.Revision), e.Vendor, fmt.Sprint(e.Product), size,
		firstTiming(e), strings.TrimSpace(e.Name)}
}

// firstTiming is the first detailed timing of all blocks.
func firstTiming(e *EDID) string {
	all := e.Detailed
	if e.CTA != nil {
		all = slices.Concat(all, e.CTA.Detailed)
	}
	if len(all) == 0 {
		return ""
	}
	i := ""
	if all[0].Interlaced {
		i = "i"
	}
	return fmt.Sprintf("%dx%d%s|%f|%f", all[0].HActive, all[0].VActive, i, all[0].Refresh(), float64(all[0].Clock)/1e6)
}

func explained(e *EDID, fact, got, want string, seen []int) bool {
	for i, x := range factExceptions {
		if x.fact == fact && x.explains(e, got, want) {
			seen[i]++
			return true
		}
	}
	return false
}
