package edid

// VTB is the video timing block extension: more timings of the base block's
// kinds. VESA VTB-EXT 1.
type VTB struct {
	Version  int        `json:"version"`
	Detailed []Detailed `json:"detailed,omitempty"`
	CVT      []CVTCode  `json:"cvt,omitempty"`
	Standard []Standard `json:"standard,omitempty"`
}

func (p *parser) parseVTB(n int, b []byte) {
	v := p.VTB
	if v == nil {
		v = &VTB{Version: int(b[1])}
		p.VTB = v
	}
	dtds, cvts, standards := int(b[2]), int(b[3]), int(b[4])
	offset := 5
	if offset+18*dtds+3*cvts+2*standards > 127 {
		p.problem(n, 2, Overrun, "more timings are announced than a VTB has room for")
	}
	for ; dtds > 0 && offset+18 <= 127; dtds, offset = dtds-1, offset+18 {
		p.addDetailed(&v.Detailed, b[offset:offset+18], n, offset)
	}
	for ; cvts > 0 && offset+3 <= 127; cvts, offset = cvts-1, offset+3 {
		v.CVT = addCVT(v.CVT, b[offset:offset+3])
	}
	for ; standards > 0 && offset+2 <= 127; standards, offset = standards-1, offset+2 {
		v.Standard = p.addStandard(v.Standard, b[offset:offset+2])
	}
}
