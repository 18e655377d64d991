package edid

import "strings"

// InterfaceInfo is the display interface block of DisplayID 1.x, or the
// interface features of 2.x.
type InterfaceInfo struct {
	Type     uint8  `json:"type,omitempty"`    // 1.x table 4.34: 0 analog, 1 LVDS, 2 TMDS, 3 RSDS, 4 DVI-D, 5 and 6 DVI-I, 7 and 8 HDMI, 9 MDDI, 10 DisplayPort, 11 proprietary
	Links    uint8  `json:"links,omitempty"`   // 1.x
	Version  uint8  `json:"version,omitempty"` // 1.x, of the interface's standard: 4 bits each
	RGB      Depths `json:"rgb_depths,omitempty"`
	YCbCr444 Depths `json:"ycbcr444_depths,omitempty"`
	YCbCr422 Depths `json:"ycbcr422_depths,omitempty"`
	YCbCr420 Depths `json:"ycbcr420_depths,omitempty"` // 2.x
}

// Depths are bits per colour, from bit 0 on: 6, 8, 10, 12, 14, 16.
type Depths uint8

var depthNames = [...]string{"6", "8", "10", "12", "14", "16"}

// MarshalJSON gives the numbers.
func (d Depths) MarshalJSON() ([]byte, error) {
	return []byte("[" + strings.Join(bitNames(depthNames[:], uint(d)&0x3f), ",") + "]"), nil
}

// The subsampled encodings have their bits from 8 on.
func depths(rgb, ycc444, ycc422, ycc420 byte) InterfaceInfo {
	return InterfaceInfo{RGB: Depths(rgb), YCbCr444: Depths(ycc444), YCbCr422: Depths(ycc422 << 1), YCbCr420: Depths(ycc420 << 1)}
}

// parseInterface1 is DisplayID 1.3 §4.11.
func (d *DisplayID) parseInterface1(x []byte) bool {
	if len(x) < 10 {
		return false
	}
	i := depths(x[2], x[3], x[4], 0)
	i.Type, i.Links, i.Version = x[0]>>4, x[0]&0xf, x[1]
	d.Interface = &i
	return true
}

// parseInterface2 is DisplayID 2.1a §4.7.
func (d *DisplayID) parseInterface2(x []byte) bool {
	if len(x) < 4 {
		return false
	}
	i := depths(x[0], x[1], x[2], x[3])
	d.Interface = &i
	return true
}
