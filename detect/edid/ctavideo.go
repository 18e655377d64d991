package edid

import "fmt"

// A SVD is a short video descriptor: a row of CTA-861's table of formats.
// CTA-861-H §7.5.1.
type SVD struct {
	VIC     uint8 `json:"vic"`
	Native  bool  `json:"native,omitempty"`
	Also420 bool  `json:"also_420,omitempty"` // 4:2:0 capability map: in 4:2:0 as well
}

// addSVDs keeps a place for the reserved 0 and 128, as the maps of other blocks
// count them too; their VIC is 0.
func addSVDs(list []SVD, x []byte) []SVD {
	for _, v := range x {
		if v >= 129 && v <= 192 { // 1 to 64 with the native bit; codes from 65 on have all eight bits
			list = append(list, SVD{VIC: v & 0x7f, Native: true})
		} else if v == 128 || v >= 254 {
			list = append(list, SVD{})
		} else {
			list = append(list, SVD{VIC: v})
		}
	}
	return list
}

// A SVR is a short video reference: a VIC, or a place in a list. CTA-861-H §7.5.12.
type SVR uint8

func (c *CTA) addPreferred(x []byte) {
	for _, v := range x {
		c.Preferred = append(c.Preferred, SVR(v))
	}
}

// VIC is the format meant, 0 when it is not one.
func (r SVR) VIC() uint8 {
	if r >= 1 && r <= 127 || r >= 193 && r <= 253 {
		return uint8(r)
	}
	return 0
}

// DTD is which 18-byte detailed timing is meant, counted from 1 through the
// base block and then the CTA blocks; 0 when it is not one.
func (r SVR) DTD() int {
	if r >= 129 && r <= 144 {
		return int(r) - 128
	}
	return 0
}

// VTDB is which of the timings of type 7 and 10 blocks is meant, counted from
// 1; 0 when it is not one.
func (r SVR) VTDB() int {
	if r >= 145 && r <= 160 {
		return int(r) - 144
	}
	return 0
}

func (r SVR) String() string {
	switch {
	case r.VIC() != 0:
		return fmt.Sprintf("VIC %d", r.VIC())
	case r.DTD() != 0:
		return fmt.Sprintf("DTD %d", r.DTD())
	case r.VTDB() != 0:
		return fmt.Sprintf("VTDB %d", r.VTDB())
	case r.FirstType8():
		return "T8VTDB"
	}
	return fmt.Sprintf("reserved %d", uint8(r))
}

// MarshalText gives the list's name and the place.
func (r SVR) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// FirstType8 says that the first timing of the type 8 block is meant.
func (r SVR) FirstType8() bool { return r == 254 }

// NativeRes is the native video resource data block: the format which shows
// every pixel as it is. CTA-861.6.
type NativeRes struct {
	SVR      SVR `json:"svr"`
	WidthUM  int `json:"width_um,omitempty"` // image size in micrometres, 0 when not given
	HeightUM int `json:"height_um,omitempty"`
}

func (c *CTA) parseNativeRes(x []byte) bool {
	if len(x) < 1 {
		return false
	}
	c.Native = &NativeRes{SVR: SVR(x[0])}
	if len(x) < 2 || x[1]&1 == 0 {
		return true
	}
	if len(x) < 6 {
		return false
	}
	unit := 100
	if x[1]&0x80 != 0 {
		unit = 1000
	}
	c.Native.WidthUM, c.Native.HeightUM = le16(x[2:])*unit, le16(x[4:])*unit
	return true
}

// VideoCapability is the video capability data block. CTA-861-H §7.5.6.
type VideoCapability struct {
	SelectableYCC bool `json:"selectable_ycc,omitempty"` // the quantisation range can be told
	SelectableRGB bool `json:"selectable_rgb,omitempty"`
	PT            Scan `json:"pt"` // of the preferred timing
	IT            Scan `json:"it"` // of computer formats
	CE            Scan `json:"ce"` // of television formats
}

// Scan is how a display shows a picture's edges.
type Scan uint8

// What a display does with the edges. ScanUnknown is, for PT, as the other two
// say, and for those that such formats are not supported.
const (
	ScanUnknown Scan = iota
	ScanOver
	ScanUnder
	ScanBoth
)

var scanNames = [...]string{"unknown", "overscan", "underscan", "both"}

func (s Scan) String() string { return nameOf(scanNames[:], int(s)) }

// MarshalText gives the name.
func (s Scan) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

func (c *ctaArena) parseVideoCapability(x []byte) bool {
	if len(x) < 1 {
		return false
	}
	c.videoCap = VideoCapability{
		SelectableYCC: x[0]&0x80 != 0, SelectableRGB: x[0]&0x40 != 0,
		PT: Scan(x[0] >> 4 & 3), IT: Scan(x[0] >> 2 & 3), CE: Scan(x[0] & 3),
	}
	c.VideoCap = &c.videoCap
	return true
}
