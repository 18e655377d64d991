package edid

import "encoding/json"

// A Standard is one two-byte standard timing: a size and a rate, to be looked
// up in DMT or computed. EDID 1.4 §3.9.
type Standard struct {
	Width  int    `json:"width"`
	Height int    `json:"height"`
	Hz     int    `json:"hz"`
	Code   uint16 `json:"code"` // the two bytes, first one high: the standard code of DMT
}

// addStandard reads pairs of bytes; 01 01 is an unused place, and 00 00 and
// 20 20 are met in place of it.
func (e *EDID) addStandard(list []Standard, b []byte) []Standard {
	for ; len(b) >= 2; b = b[2:] {
		if b[0] == b[1] && (b[0] == 0 || b[0] == 1 || b[0] == 0x20) {
			continue
		}
		list = append(list, e.standard(b[0], b[1]))
	}
	return list
}

func (e *EDID) standard(x, y byte) Standard {
	width := (int(x) + 31) * 8
	s := Standard{Width: width, Hz: int(y&0x3f) + 60, Code: uint16(x)<<8 | uint16(y)}
	switch y >> 6 {
	case 0:
		s.Height = width * 10 / 16
		if e.Version == 1 && e.Revision < 3 { // EDID 1.3 appendix: 1:1 before it
			s.Height = width
		}
	case 1:
		s.Height = width * 3 / 4
	case 2:
		s.Height = width * 4 / 5
	case 3:
		s.Height = width * 9 / 16
	}
	return s
}

// A CVTCode is one three-byte timing of descriptor F8. EDID 1.4 §3.10.3.8.
type CVTCode struct {
	Width       int      `json:"width"`
	Height      int      `json:"height"`
	PreferredHz int      `json:"preferred_hz"`
	Mask        CVTRates `json:"rates"`
}

// CVTRates are bits, from 4 on down: 50, 60, 75 and 85 Hz, and 60 Hz with
// reduced blanking.
type CVTRates uint8

var cvtRates = [...]string{"60rb", "85", "75", "60", "50"}

// MarshalJSON gives the rates in Hz as strings.
func (r CVTRates) MarshalJSON() ([]byte, error) { return json.Marshal(bitNames(cvtRates[:], uint(r))) }

func addCVT(list []CVTCode, b []byte) []CVTCode {
	for ; len(b) >= 3; b = b[3:] {
		if b[0] == 0 && b[1] == 0 && b[2] == 0 {
			continue
		}
		c := CVTCode{Height: (int(b[0])|int(b[1]&0xf0)<<4)*2 + 2, Mask: CVTRates(b[2] & 0x1f)}
		aspect := [4][2]int{{4, 3}, {16, 9}, {16, 10}, {15, 9}}[b[1]>>2&3]
		c.Width = c.Height * aspect[0] / aspect[1] / 8 * 8
		c.PreferredHz = [4]int{50, 60, 75, 85}[b[2]>>5&3]
		list = append(list, c)
	}
	return list
}
