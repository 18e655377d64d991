package edid

// Color is where the display's primaries and white are, CIE 1931 x and y with
// ten bits each. EDID 1.4 §3.7.
type Color struct {
	RedX   float64 `json:"red_x"`
	RedY   float64 `json:"red_y"`
	GreenX float64 `json:"green_x"`
	GreenY float64 `json:"green_y"`
	BlueX  float64 `json:"blue_x"`
	BlueY  float64 `json:"blue_y"`
	WhiteX float64 `json:"white_x"`
	WhiteY float64 `json:"white_y"`
}

// A WhitePoint is one entry of descriptor FB. EDID 1.4 §3.10.3.7.
type WhitePoint struct {
	Index int     `json:"index"`
	X     float64 `json:"x"`
	Y     float64 `json:"y"`
	Gamma float64 `json:"gamma,omitempty"`
}

// ColorManaging is descriptor F9: coefficients of the DCM standard.
// EDID 1.4 §3.10.3.5.
type ColorManaging struct {
	RedA3, RedA2     int16
	GreenA3, GreenA2 int16
	BlueA3, BlueA2   int16
}

func (e *EDID) parseColor(b []byte) {
	b = b[:10]
	ten := func(high, low byte, shift uint) float64 {
		return float64(int(high)<<2|int(low>>shift&3)) / 1024
	}
	e.Color = Color{
		RedX: ten(b[2], b[0], 6), RedY: ten(b[3], b[0], 4),
		GreenX: ten(b[4], b[0], 2), GreenY: ten(b[5], b[0], 0),
		BlueX: ten(b[6], b[1], 6), BlueY: ten(b[7], b[1], 4),
		WhiteX: ten(b[8], b[1], 2), WhiteY: ten(b[9], b[1], 0),
	}
}

// gamma is (value + 100) / 100; FFh says it is not given here.
func gamma(v byte) float64 {
	if v == 0xff {
		return 0
	}
	return float64(int(v)+100) / 100
}
