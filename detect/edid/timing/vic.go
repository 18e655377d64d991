package timing

// A VIC is one row of CTA-861's table of video identification codes.
type VIC struct {
	VIC                       uint8
	AspectWidth, AspectHeight uint16 // of the picture: 4:3, 16:9, 64:27, 256:135
	// Doubled says that every pixel is sent twice to reach the least clock HDMI can
	// do: the picture is half as wide as the Mode, which is what goes over the cable.
	Doubled bool
	Mode
}

// ByVIC is the row of a video identification code, nil for the codes that have
// none (0, 128 to 192, 220 and up). Rows are the table's own: not to be written
// to.
func ByVIC(vic uint8) *VIC {
	if int(vic) >= len(VICs) || VICs[vic].VIC == 0 {
		return nil
	}
	return &VICs[vic]
}

// ByHDMIVIC is the row of one of the four codes HDMI 1.4 has of its own, nil
// for others.
func ByHDMIVIC(vic uint8) *VIC {
	if int(vic) >= len(HDMIVICs) || HDMIVICs[vic].VIC == 0 {
		return nil
	}
	return &HDMIVICs[vic]
}
