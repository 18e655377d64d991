package edid

import "math"

// DisplayParams is the display parameters data block.
type DisplayParams struct {
	WidthUM  int `json:"width_um,omitempty"` // image size in micrometres, 0 unknown
	HeightUM int `json:"height_um,omitempty"`
	Width    int `json:"width,omitempty"` // native format in pixels, 0 unknown
	Height   int `json:"height,omitempty"`

	Aspect          float64 `json:"aspect,omitempty"`           // 1.x: long side by short
	Gamma           float64 `json:"gamma,omitempty"`            // 0 not given
	BitDepth        int     `json:"bit_depth,omitempty"`        // native, per colour; 0 not given
	Features        uint8   `json:"features"`                   // as it stands
	ScanOrientation uint8   `json:"scan_orientation,omitempty"` // 2.x: 0 left to right, top to bottom

	MaxFull float64 `json:"max_full_cdm2,omitempty"` // 2.x luminances, 0 not given
	Max10   float64 `json:"max_10_percent_cdm2,omitempty"`
	Min     float64 `json:"min_cdm2,omitempty"`
}

// parseDisplay1 is DisplayID 1.3 §4.2.
func (d *DisplayID) parseDisplay1(x []byte) bool {
	if len(x) < 12 {
		return false
	}
	d.Display = &DisplayParams{
		WidthUM: le16(x) * 100, HeightUM: le16(x[2:]) * 100,
		Width: le16(x[4:]), Height: le16(x[6:]),
		Features: x[8], Gamma: gamma(x[9]), Aspect: float64(int(x[10])+100) / 100,
		BitDepth: int(x[11]&0xf) + 1,
	}
	return true
}

// parseDisplay2 is DisplayID 2.1a §4.2.
func (d *DisplayID) parseDisplay2(flags byte, x []byte) bool {
	if len(x) < 29 {
		return false
	}
	unit := 100
	if flags&0x80 != 0 {
		unit = 1000
	}
	d.Display = &DisplayParams{
		WidthUM: le16(x) * unit, HeightUM: le16(x[2:]) * unit,
		Width: le16(x[4:]), Height: le16(x[6:]),
		Features: x[8], ScanOrientation: x[8] & 7,
		MaxFull: halfFloat(le16(x[21:])), Max10: halfFloat(le16(x[23:])), Min: halfFloat(le16(x[25:])),
		Gamma: gamma(x[28]),
	}
	if depth := int(x[27] & 7); depth < 6 {
		d.Display.BitDepth = 6 + 2*depth
	}
	return true
}

// halfFloat is IEEE 754's with 16 bits; a negative one means not given.
func halfFloat(v int) float64 {
	if v&0x8000 != 0 {
		return 0
	}
	exp, frac := v>>10&0x1f, float64(v&0x3ff)
	switch exp {
	case 0:
		return math.Ldexp(frac, -24)
	case 31: // infinity and not a number: neither is a luminance
		return 0
	}
	return math.Ldexp(frac+1024, exp-25)
}
