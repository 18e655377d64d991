package edid

import "testing"

// A VTB is filled to its last byte before the checksum, by whatever mixture.
func TestVTBFull(t *testing.T) {
	for _, c := range []struct {
		name                      string
		dtds, cvts, standards     byte
		detailed, codes, standard int
		overrun                   bool
	}{
		{"as many CVT codes as there is room for", 0, 40, 1, 0, 40, 1, false},
		{"as many standard timings", 0, 0, 61, 0, 0, 61, false},
		{"as many of all as fit together", 6, 4, 1, 6, 4, 1, false},
		{"a detailed timing too many", 7, 0, 0, 6, 0, 0, true},
		{"a CVT code too many", 0, 41, 0, 0, 40, 0, true},
		{"a standard timing too many", 0, 0, 62, 0, 0, 61, true},
		{"a standard timing too many behind all", 6, 4, 2, 6, 4, 1, true},
		{"nothing", 0, 0, 0, 0, 0, 0, false},
	} {
		b := make([]byte, blockSize)
		copy(b, []byte{0x10, 1, c.dtds, c.cvts, c.standards})
		at := 5
		for n := c.dtds; n > 0 && at+18 < blockSize; n-- {
			at += copy(b[at:], fullHD)
		}
		for n := c.cvts; n > 0 && at+3 < blockSize; n-- {
			at += copy(b[at:], []byte{0x1b, 0x24, 0x28})
		}
		for n := c.standards; n > 0 && at+2 < blockSize; n-- {
			at += copy(b[at:], []byte{0xd1, 0xc0})
		}
		e := parse(t, with(base(), seal(b)))
		v := e.VTB
		if len(v.Detailed) != c.detailed || len(v.CVT) != c.codes || len(v.Standard) != c.standard {
			t.Errorf("%s: %d detailed, %d codes, %d standard", c.name, len(v.Detailed), len(v.CVT), len(v.Standard))
		}
		for _, x := range v.CVT {
			if x.Width != 1920 || x.Height != 1080 {
				t.Errorf("%s: %+v", c.name, x)
			}
		}
		for _, x := range v.Standard {
			if x.Width != 1920 || x.Height != 1080 {
				t.Errorf("%s: %+v", c.name, x)
			}
		}
		if got := len(e.Problems) == 1 && e.Problems[0].Code == Overrun; got != c.overrun {
			t.Errorf("%s: problems %v", c.name, e.Problems)
		}
	}
}
