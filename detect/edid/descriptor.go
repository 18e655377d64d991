package edid

import "strings"

// descriptor reads an 18-byte place where the pixel clock would be 0: something
// told by a tag. EDID 1.4 §3.10.3.
func (e *EDID) descriptor(a *arena, b []byte, block, offset int) {
	b = b[:18]
	switch b[3] {
	case 0xff:
		if e.SerialString == "" {
			e.SerialString = e.text(block, offset+5)
		}
	case 0xfe:
		if s := e.text(block, offset+5); s != "" {
			e.Texts = append(e.Texts, s)
		}
	case 0xfc:
		e.addName(e.text(block, offset+5))
	case 0xfd:
		e.parseRange(a, b, block, offset)
	case 0xfb:
		e.addWhitePoint(b[5:10])
		e.addWhitePoint(b[10:15])
	case 0xfa:
		e.Standard = e.addStandard(e.Standard, b[5:17])
	case 0xf9:
		e.DCM = readDCM(b)
	case 0xf8:
		e.CVT = addCVT(e.CVT, b[6:18])
	case 0xf7:
		e.addEstablished(EstablishedIII, b[6:12])
	}
}

// addDetailed reads a timing into a list, or says why not.
func (e *EDID) addDetailed(list *[]Detailed, b []byte, block, offset int) {
	n := len(*list)
	if n < cap(*list) { // nothing has been there before
		*list = (*list)[:n+1]
	} else {
		*list = append(*list, Detailed{})
	}
	d := &(*list)[n]
	if !readDTD(d, b) {
		*d = Detailed{}
		*list = (*list)[:n]
		e.problem(block, offset, BadTiming, "no detailed timing: hardly a visible or no blank part")
		return
	}
	d.Block, d.Offset = uint8(block), uint8(offset)
	if d.HBack < 0 || d.VBack < 0 {
		e.problem(block, offset, BadTiming, "a detailed timing whose sync pulse ends after the blank part")
	}
}

// text is the string of a descriptor. EDID 1.4 §3.10.3.1.
func (e *EDID) text(block, offset int) string {
	return trim(e.at(block, offset, 13))
}

// trim cuts a string at its first line feed, and the padding off.
func trim(s string) string {
	if i := strings.IndexByte(s, '\n'); i >= 0 {
		s = s[:i]
	}
	for len(s) > 0 && padding(s[len(s)-1]) {
		s = s[:len(s)-1]
	}
	for len(s) > 0 && padding(s[0]) {
		s = s[1:]
	}
	return s
}

// at is what stands at an offset of a block, cut off where the EDID ends.
func (e *EDID) at(block, offset, length int) string {
	from := min(block*blockSize+offset, len(e.raw))
	return e.raw[from:min(from+length, len(e.raw))]
}

// padding is what displays fill strings with: spaces, NULs, erased memory, and
// carriage returns and tabs of those who thought of a text file.
func padding(c byte) bool { return c == ' ' || c == 0 || c == 0xff || c == '\r' || c == '\t' }

// addName: a second name is the rest of the first, or something else.
func (e *EDID) addName(s string) {
	if e.Name == "" {
		e.Name = s
	} else if s != "" && s != e.Name {
		e.Names = append(e.Names, s)
	}
}

func (e *EDID) addWhitePoint(b []byte) {
	if b[0] == 0 {
		return
	}
	e.WhitePoints = append(e.WhitePoints, WhitePoint{
		Index: int(b[0]),
		X:     float64(int(b[2])<<2|int(b[1]>>2&3)) / 1024,
		Y:     float64(int(b[3])<<2|int(b[1]&3)) / 1024,
		Gamma: gamma(b[4]),
	})
}

func readDCM(b []byte) *ColorManaging {
	le := func(i int) int16 { return int16(uint16(b[i]) | uint16(b[i+1])<<8) }
	return &ColorManaging{le(6), le(8), le(10), le(12), le(14), le(16)}
}
