package edid

import (
	"fmt"
	"math/bits"
)

// Established is one bit of the established timings I, II and the maker's
// (bytes 35 to 37) or of the established timings III (descriptor F7), numbered
// from the most significant bit of the first byte on.
type Established uint8

// EstablishedIII is the number of the first bit of descriptor F7.
const EstablishedIII Established = 24

type nominal struct {
	width, height, hz int
	how               string // "i" interlaced, "rb" reduced blanking
}

// EDID 1.4 tables 3.18 and 3.30.
var establishedTimings = [...]nominal{
	{720, 400, 70, ""}, {720, 400, 88, ""}, {640, 480, 60, ""}, {640, 480, 67, ""},
	{640, 480, 72, ""}, {640, 480, 75, ""}, {800, 600, 56, ""}, {800, 600, 60, ""},
	{800, 600, 72, ""}, {800, 600, 75, ""}, {832, 624, 75, ""}, {1024, 768, 87, "i"},
	{1024, 768, 60, ""}, {1024, 768, 70, ""}, {1024, 768, 75, ""}, {1280, 1024, 75, ""},
	{1152, 870, 75, ""}, {}, {}, {}, {}, {}, {}, {},

	{640, 350, 85, ""}, {640, 400, 85, ""}, {720, 400, 85, ""}, {640, 480, 85, ""},
	{848, 480, 60, ""}, {800, 600, 85, ""}, {1024, 768, 85, ""}, {1152, 864, 75, ""},
	{1280, 768, 60, "rb"}, {1280, 768, 60, ""}, {1280, 768, 75, ""}, {1280, 768, 85, ""},
	{1280, 960, 60, ""}, {1280, 960, 85, ""}, {1280, 1024, 60, ""}, {1280, 1024, 85, ""},
	{1360, 768, 60, ""}, {1440, 900, 60, "rb"}, {1440, 900, 60, ""}, {1440, 900, 75, ""},
	{1440, 900, 85, ""}, {1400, 1050, 60, "rb"}, {1400, 1050, 60, ""}, {1400, 1050, 75, ""},
	{1400, 1050, 85, ""}, {1680, 1050, 60, "rb"}, {1680, 1050, 60, ""}, {1680, 1050, 75, ""},
	{1680, 1050, 85, ""}, {1600, 1200, 60, ""}, {1600, 1200, 65, ""}, {1600, 1200, 70, ""},
	{1600, 1200, 75, ""}, {1600, 1200, 85, ""}, {1792, 1344, 60, ""}, {1792, 1344, 75, ""},
	{1856, 1392, 60, ""}, {1856, 1392, 75, ""}, {1920, 1200, 60, "rb"}, {1920, 1200, 60, ""},
	{1920, 1200, 75, ""}, {1920, 1200, 85, ""}, {1920, 1440, 60, ""}, {1920, 1440, 75, ""},
}

func (t Established) nominal() nominal {
	if int(t) < len(establishedTimings) {
		return establishedTimings[t]
	}
	return nominal{}
}

// Size is the picture's width and height, 0 and 0 for a bit without a meaning.
func (t Established) Size() (width, height int) { n := t.nominal(); return n.width, n.height }

// Hz is the nominal rate.
func (t Established) Hz() int { return t.nominal().hz }

// Interlaced says whether it is the one interlaced timing.
func (t Established) Interlaced() bool { return t.nominal().how == "i" }

// Reduced says whether the timing has reduced blanking.
func (t Established) Reduced() bool { return t.nominal().how == "rb" }

func (t Established) String() string {
	n := t.nominal()
	return fmt.Sprintf("%dx%d%s %d Hz", n.width, n.height, n.how, n.hz)
}

// MarshalText gives the name.
func (t Established) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// addEstablished adds the bits which have a meaning, each from the most
// significant one on.
func (e *EDID) addEstablished(first Established, b []byte) {
	for i, v := range b {
		for v != 0 {
			bit := bits.LeadingZeros8(v)
			v &^= 0x80 >> bit
			t := first + Established(8*i+bit)
			if int(t) < len(establishedTimings) && establishedTimings[t].width != 0 {
				e.Established = append(e.Established, t)
			}
		}
	}
}
