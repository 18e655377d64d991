package edid

// SizeMM is the image size in millimetres with where it was taken from:
// "displayid", "timing" (the first detailed timing), "base", or 0, 0, "" when
// the display does not know it or says what cannot be.
func (e *EDID) SizeMM() (w, h int, source string) {
	if d := e.DisplayID; d != nil && d.Display != nil && plausible(d.Display.WidthUM/1000, d.Display.HeightUM/1000) {
		return d.Display.WidthUM / 1000, d.Display.HeightUM / 1000, "displayid"
	}
	if len(e.Detailed) > 0 && plausible(e.Detailed[0].WidthMM, e.Detailed[0].HeightMM) {
		return e.Detailed[0].WidthMM, e.Detailed[0].HeightMM, "timing"
	}
	if plausible(e.WidthMM, e.HeightMM) {
		return e.WidthMM, e.HeightMM, "base"
	}
	return 0, 0, ""
}

func plausible(w, h int) bool { return w > 0 && h > 0 && w < 10*h && h < 10*w && !ratio(w, h) }

// ratio recognises an aspect ratio in place of a size.
func ratio(w, h int) bool {
	for _, r := range [][2]int{{16, 9}, {16, 10}, {4, 3}, {5, 4}, {15, 9}, {21, 9}} {
		if w*r[1] == h*r[0] && (w == r[0] || w == 10*r[0] || w == 100*r[0]) {
			return true
		}
	}
	return false
}
