package edid

// InterfaceInfo is the display interface block of DisplayID 1.x, or the
// interface features of 2.x.
type InterfaceInfo struct {
	Type     uint8 `json:"type,omitempty"`            // 1.x table 4.34: 0 analog, 1 LVDS, 2 TMDS, 3 RSDS, 4 DVI-D, 5 and 6 DVI-I, 7 and 8 HDMI, 9 MDDI, 10 DisplayPort, 11 proprietary
	Links    uint8 `json:"links,omitempty"`           // 1.x
	Version  uint8 `json:"version,omitempty"`         // 1.x, of the interface's standard: 4 bits each
	RGB      uint8 `json:"rgb_depths,omitempty"`      // bits 0 to 5: 6, 8, 10, 12, 14, 16 bits per colour
	YCbCr444 uint8 `json:"ycbcr444_depths,omitempty"` // the same bits
	YCbCr422 uint8 `json:"ycbcr422_depths,omitempty"` // bits 0 to 4: 8, 10, 12, 14, 16
	YCbCr420 uint8 `json:"ycbcr420_depths,omitempty"` // 2.x, the same bits as 4:2:2
}

// parseInterface1 is DisplayID 1.3 §4.11.
func (d *DisplayID) parseInterface1(x []byte) bool {
	if len(x) < 10 {
		return false
	}
	d.Interface = &InterfaceInfo{
		Type: x[0] >> 4, Links: x[0] & 0xf, Version: x[1],
		RGB: x[2], YCbCr444: x[3], YCbCr422: x[4],
	}
	return true
}

// parseInterface2 is DisplayID 2.1a §4.7.
func (d *DisplayID) parseInterface2(x []byte) bool {
	if len(x) < 4 {
		return false
	}
	d.Interface = &InterfaceInfo{RGB: x[0], YCbCr444: x[1], YCbCr422: x[2], YCbCr420: x[3]}
	return true
}
