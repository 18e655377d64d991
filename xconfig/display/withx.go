package display

import (
	"math"

	"attune/detect/edid/timing"
)

// compareWithX marks what X would not do by itself. How it begins is Xorg
// 21.1's xf86InitialConfiguration in hw/xfree86/modes/xf86Crtc.c.
func (d *displays) compareWithX() {
	own := d.ownHeads(d.on())
	for _, h := range d.on() {
		if h.card.ID != d.plan.GPU.Card {
			d.note(h.conn.Name, "is on a further card: X shows it once a desktop turns it on")
		}
	}
	if len(own) == 1 {
		h := own[0]
		m, knows := h.xAlone()
		h.out.Forced = !knows || !same(m, h.out.Mode)
		return
	}
	if !xSpans(own) {
		for _, h := range own {
			h.out.Forced, h.out.Placed = !h.wholeMode, true
		}
		return
	}
	x := 0
	for _, h := range xOrder(own) {
		h.out.Forced = !h.wholeMode && !same(h.modes[0], h.out.Mode)
		h.out.Placed = h.out.X != x || h.out.Y != 0
		x += h.nativeWidth()
	}
}

// ownHeads are those on the card that shows the picture; X itself turns on no
// others (xf86CollectEnabledOutputs).
func (d *displays) ownHeads(heads []*head) (own []*head) {
	for _, h := range heads {
		if h.card.ID == d.plan.GPU.Card {
			own = append(own, h)
		}
	}
	return own
}

// xSpans: X puts outputs beside each other only while each has a mode its
// display prefers, and they fit (xf86TargetRightOf). Else all show the same.
func xSpans(heads []*head) bool {
	width := 0
	for _, h := range heads {
		if !h.wholeMode && (!h.prefers || len(h.modes) == 0 || h.out.Remembered) {
			return false
		}
		width += h.nativeWidth()
	}
	return width <= maxScreen
}

// xOrder is the order in which X puts outputs beside each other: the driver's,
// tiled displays last.
func xOrder(heads []*head) []*head {
	var plain, tiled []*head
	for _, h := range heads {
		if h.wholeMode {
			tiled = append(tiled, h)
		} else {
			plain = append(plain, h)
		}
	}
	return append(plain, tiled...)
}

// nativeWidth is the width X gives a display in its row.
func (h *head) nativeWidth() int {
	if h.wholeMode || len(h.modes) == 0 {
		return h.out.Mode.HActive
	}
	return h.modes[0].HActive
}

// xAlone is the mode X shows on the only display: the one this prefers, or else
// the widest with the shape of the display or of 4:3 (xf86TargetPreferred). It
// says false where X knows less than we do.
func (h *head) xAlone() (timing.Mode, bool) {
	switch {
	case h.wholeMode:
		return h.out.Mode, true
	case h.out.Remembered:
		return timing.Mode{}, false
	case len(h.modes) == 0:
		return lastResort, true
	case h.prefers:
		return h.modes[0], true
	}
	best, found := h.widest(4.0 / 3)
	if w, ht := h.xSize(); w > 0 && ht > 0 {
		m, ok := h.widest(float64(w) / float64(ht))
		if ok && (!found || m.HActive*m.VActive >= best.HActive*best.VActive) {
			best, found = m, true
		}
	}
	return best, found
}

// xSize is the size X believes, whatever it is: the first detailed timing's, or
// the base block's (xf86OutputSetEDID).
func (h *head) xSize() (w, ht int) {
	if h.edid == nil {
		return 0, 0
	}
	for _, t := range h.edid.Detailed {
		if t.WidthMM > 0 && t.HeightMM > 0 {
			return t.WidthMM, t.HeightMM
		}
	}
	return h.edid.WidthMM, h.edid.HeightMM
}

// widest is the first of the widest modes of a shape, within 5 %.
func (h *head) widest(aspect float64) (best timing.Mode, found bool) {
	for _, m := range h.modes {
		shape := float64(m.HActive) / float64(m.VActive)
		if math.Abs(1-aspect/shape) < 0.05 && m.HActive > best.HActive {
			best, found = m, true
		}
	}
	return best, found
}
