package timing

// A DMT is one row of VESA's Display Monitor Timing standard.
type DMT struct {
	ID  uint8  // 0x01 to 0x58
	Std uint16 // as an EDID's standard timing writes it, first byte high; 0 where it has no such code
	CVT uint32 // as a CVT descriptor writes it, 3 bytes, first byte high; 0 where it has none
	// The aspect ratio it is meant for, which three rows meet only nearly.
	AspectWidth, AspectHeight uint16
	Mode
}

// DMTByID is the row with an ID, nil when there is none. Rows are the table's
// own: not to be written to.
func DMTByID(id uint8) *DMT {
	if id == 0 || int(id) > len(DMTs) {
		return nil
	}
	return &DMTs[id-1]
}

// DMTByStd is the row a standard timing's two bytes stand for, nil when DMT
// gives them no meaning and the timing is to be computed.
func DMTByStd(b1, b2 byte) *DMT {
	code := uint16(b1)<<8 | uint16(b2)
	return firstDMT(func(d *DMT) bool { return d.Std == code && code != 0 })
}

// DMTByCVT is the row the three bytes of a CVT descriptor stand for, one bit
// set in the last; nil when there is none.
func DMTByCVT(b1, b2, b3 byte) *DMT {
	code := uint32(b1)<<16 | uint32(b2)<<8 | uint32(b3)
	return firstDMT(func(d *DMT) bool { return d.CVT == code && code != 0 })
}

// DMTBySize is the row of a size and a rate in whole Hz, nil when there is
// none. Some rates exist with reduced blanking and without. Interlaced rows
// are not found so.
func DMTBySize(width, height, hz int, reduced bool) *DMT {
	return firstDMT(func(d *DMT) bool {
		return d.HActive == width && d.VActive == height && !d.Interlaced &&
			(d.Reduced != 0) == reduced && int(d.Refresh()+0.5) == hz
	})
}

func firstDMT(is func(*DMT) bool) *DMT {
	for i := range DMTs {
		if is(&DMTs[i]) {
			return &DMTs[i]
		}
	}
	return nil
}
