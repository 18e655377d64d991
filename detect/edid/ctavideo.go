package edid

// A SVD is a short video descriptor: a row of CTA-861's table of formats.
// CTA-861-H §7.5.1.
type SVD struct {
	VIC     uint8 `json:"vic"`
	Native  bool  `json:"native,omitempty"`
	Also420 bool  `json:"also_420,omitempty"` // 4:2:0 capability map: in 4:2:0 as well
}

// A SVR is a short video reference: a VIC, or a place in a list. CTA-861-H §7.5.12.
type SVR uint8

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

// FirstType8 says that the first timing of the type 8 block is meant.
func (r SVR) FirstType8() bool { return r == 254 }

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

// What a display does with the edges.
const (
	ScanUnknown Scan = iota // or as PT says
	ScanOver
	ScanUnder
	ScanBoth
)

var scanNames = [...]string{"unknown", "overscan", "underscan", "both"}

func (s Scan) String() string { return nameOf(scanNames[:], int(s)) }

// MarshalText gives the name.
func (s Scan) MarshalText() ([]byte, error) { return []byte(s.String()), nil }
