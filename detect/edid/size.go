package edid

// SizeMM is the size of the picture in millimetres and where it was taken from:
// "displayid", "timing" (the first detailed timing) or "base". It is 0, 0 where
// the display does not know it (""), or says what is an aspect ratio ("ratio"):
// 16x9 cm, or the 1600x900 mm of so many televisions that are much smaller.
//
// A timing is exact to the millimetre, but televisions carry the timing, with
// its size, of the reference design they came from; so the two must agree, and
// where they do not, the base block is right more often. A size must have the
// shape of the pixels, upright or lying: a panel built in the other way round
// is turned to them.
func (e *EDID) SizeMM() (w, h int, source string) {
	source = ""
	for _, c := range e.sizes() {
		switch {
		case c.w == 0 || c.h == 0:
		case ratio(c.w, c.h):
			source = "ratio"
		default:
			if w, h := e.turned(c.w, c.h); w != 0 {
				return w, h, c.source
			}
		}
	}
	return 0, 0, source
}

type size struct {
	w, h   int
	source string
}

// sizes are what the display says, in the order in which to believe it.
func (e *EDID) sizes() [3]size {
	base := size{e.WidthMM, e.HeightMM, "base"}
	if e.CTA != nil && e.CTA.HDMI != nil && e.CTA.HDMI.ImageSize == 3 { // HDMI 1.4b §8.3.2: in units of 5 cm
		base.w, base.h = base.w*5, base.h*5
	}
	var first, displayID size
	if len(e.Detailed) > 0 {
		first = size{e.Detailed[0].WidthMM, e.Detailed[0].HeightMM, "timing"}
	}
	if e.DisplayID != nil && e.DisplayID.Display != nil {
		displayID = size{(e.DisplayID.Display.WidthUM + 500) / 1000, (e.DisplayID.Display.HeightUM + 500) / 1000, "displayid"}
	}
	if near(first.w, base.w, 20) && near(first.h, base.h, 20) {
		return [3]size{displayID, first, base}
	}
	return [3]size{displayID, base, first}
}

func near(a, b, by int) bool { return a-b <= by && b-a <= by }

// turned is a size with the long side where the picture has it, 0 and 0 for
// one of the wrong shape or which no screen has.
func (e *EDID) turned(w, h int) (int, int) {
	const least, most = 30, 6000
	if w < least || h < least || w > most || h > most {
		return 0, 0
	}
	if len(e.Detailed) == 0 {
		return w, h
	}
	pw, ph := e.Detailed[0].HActive, e.Detailed[0].VActive
	switch {
	case w == pw && h == ph: // pixels in place of millimetres
		return 0, 0
	case alike(w*ph, h*pw):
		return w, h
	case alike(h*ph, w*pw):
		return h, w
	}
	return 0, 0
}

// alike: within a third, as pixels need not be square: a wide television may
// have 1024x768 of them.
func alike(a, b int) bool { return 4*a >= 3*b && 4*b >= 3*a }

// ratio recognises an aspect ratio in place of a size: in millimetres, in
// centimetres, or blown up by ten once more. 4:3 and 5:4 are sizes of real
// screens then (400x300 mm).
func ratio(w, h int) bool {
	for _, r := range [...][2]int{{16, 9}, {16, 10}, {15, 9}, {21, 9}, {4, 3}, {5, 4}} {
		if w*r[1] != h*r[0] {
			continue
		}
		if w == r[0] || w == 10*r[0] || w == 100*r[0] && r[0] >= 15 {
			return true
		}
	}
	return false
}
