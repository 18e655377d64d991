package detect

import (
	"strconv"
	"strings"
)

// ids are the numbers in a modalias. Which are set depends on the bus.
type ids struct {
	vendor, product       uint32
	subvendor, subproduct uint32
	revision              uint32
	class                 uint32 // 24 bits: class, subclass, interface or protocol
}

// A field is one part of a modalias: a tag, then hex digits.
type field struct {
	tag    string
	digits int // 0: as many as there are
	into   func(*ids) *uint32
	shift  uint // for classes given in three parts
}

var (
	vendor     = func(i *ids) *uint32 { return &i.vendor }
	product    = func(i *ids) *uint32 { return &i.product }
	subvendor  = func(i *ids) *uint32 { return &i.subvendor }
	subproduct = func(i *ids) *uint32 { return &i.subproduct }
	revision   = func(i *ids) *uint32 { return &i.revision }
	class      = func(i *ids) *uint32 { return &i.class }
	nothing    = func(*ids) *uint32 { return new(uint32) }
)

// layouts is how the kernel writes the aliases that carry numbers, by the word
// before the colon. Source: the sprintf formats in scripts/mod/file2alias.c and
// the buses' own modalias_show.
var layouts = map[string][]field{
	"pci": {{"v", 8, vendor, 0}, {"d", 8, product, 0}, {"sv", 8, subvendor, 0}, {"sd", 8, subproduct, 0},
		{"bc", 2, class, 16}, {"sc", 2, class, 8}, {"i", 2, class, 0}},
	// dc, dsc, dp is the device's class, 0 or ef when its interfaces say; ic, isc, ip is the interface's.
	"usb": {{"v", 4, vendor, 0}, {"p", 4, product, 0}, {"d", 4, revision, 0}, {"dc", 2, nothing, 0},
		{"dsc", 2, nothing, 0}, {"dp", 2, nothing, 0}, {"ic", 2, class, 16}, {"isc", 2, class, 8}, {"ip", 2, class, 0}},
	"hid":     {{"b", 4, nothing, 0}, {"g", 4, nothing, 0}, {"v", 8, vendor, 0}, {"p", 8, product, 0}},
	"input":   {{"b", 4, nothing, 0}, {"v", 4, vendor, 0}, {"p", 4, product, 0}, {"e", 4, revision, 0}},
	"virtio":  {{"d", 8, product, 0}, {"v", 8, vendor, 0}},
	"sdio":    {{"c", 2, class, 0}, {"v", 4, vendor, 0}, {"d", 4, product, 0}},
	"hdaudio": {{"v", 8, vendor, 0}, {"r", 8, revision, 0}, {"a", 0, class, 0}},
	"scsi":    {{"t-0x", 2, class, 0}},
	"bcma":    {{"m", 4, vendor, 0}, {"id", 4, product, 0}, {"rev", 2, revision, 0}, {"cl", 2, class, 0}},
	"ssb":     {{"v", 4, vendor, 0}, {"id", 4, product, 0}, {"rev", 2, revision, 0}},
	"pcmcia":  {{"m", 4, vendor, 0}, {"c", 4, product, 0}, {"f", 2, class, 0}},
	"serio":   {{"ty", 2, class, 0}, {"pr", 2, nothing, 0}},
}

// parseModalias takes the numbers out of an alias, as far as it keeps to its
// bus' layout.
func parseModalias(alias string) (bus string, out ids) {
	bus, rest, ok := strings.Cut(alias, ":")
	if !ok {
		return "", out
	}
	for _, f := range layouts[bus] {
		if rest, ok = strings.CutPrefix(rest, f.tag); !ok {
			return bus, out
		}
		n := hexLen(rest)
		if f.digits > 0 {
			n = min(n, f.digits)
		}
		v, err := strconv.ParseUint(rest[:n], 16, 32)
		if err != nil || n < f.digits {
			return bus, out
		}
		*f.into(&out) |= uint32(v) << f.shift
		rest = strings.TrimPrefix(rest[n:], "-") // input writes "e0111-e0,1,..."
	}
	return bus, out
}

func hexLen(s string) int {
	for i := range len(s) {
		if c := s[i]; !('0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F') {
			return i
		}
	}
	return len(s)
}
