package display

import (
	"fmt"
	"math"
)

// What is known of good scales, from mutter (src/backends/meta-monitor.c,
// calculate_scale): a hand-held or lap display reads well at 135 pixels per
// inch, one on a desk at 110; the desktop keeps at least the area of 600x600.
const (
	nearDPI    = 135.0
	deskDPI    = 110.0
	deskInches = 20.0
	minArea    = 600 * 600
	scaleStep  = 0.25
	leastScale = 1.5 // of those that are not 1, unless someone asks
	maxScale   = 3.0
	baseDPI    = 96 // what X and toolkits call scale 1
	minDPI     = 75
	maxDPI     = 288
)

// believeSize takes the size the EDID gives if it can be the picture's. What is
// known of EDIDs, SizeMM sees to; here it is held against the mode.
func (h *head) believeSize() {
	h.out.WidthMM, h.out.HeightMM, h.sizeWhy = 0, 0, "the display does not tell its size"
	if h.edid == nil {
		return
	}
	w, ht, source := h.edid.SizeMM()
	pw, ph := h.native()
	if h.wholeMode {
		w, ht = h.wholeSize(pw, ph)
	}
	switch {
	case source == "ratio" && w == 0:
		h.sizeWhy = "the display tells an aspect ratio in place of its size"
	case w <= 0 || ht <= 0 || pw <= 0 || ph <= 0:
	default:
		h.holdSize(w, ht, pw, ph)
	}
}

// holdSize turns a size the way the picture is, and takes it if no panel can
// be otherwise: neither of another shape, nor finer or coarser than any.
func (h *head) holdSize(w, ht, pw, ph int) {
	if !similar(w, ht, pw, ph) && similar(ht, w, pw, ph) {
		w, ht = ht, w
	}
	dpi := density(w, ht, pw, ph)
	switch {
	case !similar(w, ht, pw, ph):
		h.sizeWhy = fmt.Sprintf("its size of %dx%d mm is not believed: %dx%d pixels have another shape", w, ht, pw, ph)
	case dpi < 10 || dpi > 800:
		h.sizeWhy = fmt.Sprintf("its size of %dx%d mm is not believed: no panel has %.0f pixels per inch", w, ht, dpi)
	default:
		h.out.WidthMM, h.out.HeightMM, h.sizeWhy = w, ht, ""
	}
}

// wholeSize is a tiled display's: what its EDID says where that has the shape of
// the whole, else so many times the tile's.
func (h *head) wholeSize(pw, ph int) (w, ht int) {
	var sizes [][2]int
	for _, d := range h.edid.Detailed {
		sizes = append(sizes, [2]int{d.WidthMM, d.HeightMM})
	}
	for _, s := range append(sizes, [2]int{h.edid.WidthMM, h.edid.HeightMM}) {
		if s[0] > 0 && s[1] > 0 && similar(s[0], s[1], pw, ph) {
			return s[0], s[1]
		}
	}
	w, ht, _ = h.edid.SizeMM()
	return w * h.tile.columns, ht * h.tile.rows
}

// similar allows for the centimetres of old EDIDs, and pixels not quite square.
func similar(w, ht, pw, ph int) bool {
	r := float64(w) * float64(ph) / (float64(ht) * float64(pw))
	return r > 0.75 && r < 1.33
}

// density is in pixels per inch along the diagonal.
func density(w, ht, pw, ph int) float64 {
	return math.Hypot(float64(pw), float64(ph)) / inches(w, ht)
}

func inches(w, ht int) float64 { return math.Hypot(float64(w), float64(ht)) / 25.4 }

// measure decides how large things are drawn: on each output, and for text on
// the whole desktop by the primary one.
func (d *displays) measure() {
	d.plan.DPI, d.plan.Scale, d.plan.DPIWhy = baseDPI, 1, "no display is on"
	for _, h := range d.on() {
		h.out.ScaleWhy = d.scaleHead(h)
		if h.out.Primary {
			d.plan.Scale = h.out.Scale
			d.plan.DPI, d.plan.DPIWhy = dpiOf(h.out.Scale), h.conn.Name+": "+h.out.ScaleWhy
		}
	}
	if d.prefs.DPI > 0 {
		d.plan.DPI, d.plan.DPIWhy = d.prefs.DPI, "display.dpi"+from(d.prefs, "display.dpi")
	}
}

func dpiOf(scale float64) int {
	return min(max(int(math.Round(baseDPI*scale)), minDPI), maxDPI)
}

func (d *displays) scaleHead(h *head) (why string) {
	switch {
	case validScale(h.wantScale):
		h.out.Scale, why = h.wantScale, h.scaleWhy
	case validScale(d.prefs.Scale):
		h.out.Scale, why = d.prefs.Scale, "display.scale"+from(d.prefs, "display.scale")
	case d.prefs.DPI > 0:
		h.out.Scale, why = toStep(float64(d.prefs.DPI)/baseDPI), "display.dpi"+from(d.prefs, "display.dpi")
	default:
		h.out.Scale, why = h.goodScale()
	}
	return why
}

func validScale(s float64) bool { return s >= 0.5 && s <= 4 }

// toStep is the nearest step from 1 to the largest scale.
func toStep(s float64) float64 {
	return min(max(math.Round(s/scaleStep)*scaleStep, 1), maxScale)
}

// goodScale is the scale for the display's size and pixels, 1 where the size is
// not known. It is 1 also where 1.25 would fit best, as for a laptop's 14 inches
// in full HD: text reads well enough there, every desktop leaves such a display
// at 1, and 96 dpi is what people know from X.
func (h *head) goodScale() (float64, string) {
	w, ht := h.out.WidthMM, h.out.HeightMM
	if w == 0 {
		return 1, h.sizeWhy
	}
	pw, ph := h.out.Mode.HActive, h.out.Mode.VActive
	dpi, target := density(w, ht, pw, ph), deskDPI
	if inches(w, ht) < deskInches {
		target = nearDPI
	}
	s := toStep(dpi / target)
	for s > 1 && float64(pw)*float64(ph)/(s*s) < minArea {
		s -= scaleStep
	}
	why := fmt.Sprintf("%.1f inches with %.0f pixels per inch, %.0f of which read well at that size", inches(w, ht), dpi, target)
	if s > 1 && s < leastScale {
		return 1, why + "; so little is left at 1"
	}
	return s, why
}
