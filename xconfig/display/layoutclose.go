package display

import (
	"fmt"

	"attune/xconfig"
)

// closeUp mends what rules leave: displays over each other, which hide parts of
// the desktop, and gaps no pointer crosses. Each head, in the order it was
// placed, is moved as little as it takes to touch those before it.
func (d *displays) closeUp(placed []*head) {
	for i, h := range placed {
		if i == 0 {
			continue
		}
		before, was := placed[:i], h.rect()
		if twin := samePlace(h, before); twin != nil && h.placing.text != "" {
			h.mirrorOf(twin)
			continue
		}
		if h.fits(before) {
			continue
		}
		h.moveTo(before)
		h.out.PlaceWhy = "moved to where it touches the others"
		d.note(h.conn.Name, "is at %s instead of %s, which would lie over another display or leave a gap", h.rect(), was)
	}
}

// samePlace is the head with exactly h's place: to ask for that is to ask for
// the same picture.
func samePlace(h *head, before []*head) *head {
	for _, b := range before {
		if b.rect() == h.rect() && b.leader == nil {
			return b
		}
	}
	return nil
}

// fits is true for a place that touches another and covers none.
func (h *head) fits(others []*head) bool {
	touches := false
	for _, o := range others {
		if o.leader != nil {
			continue
		}
		if overlap(h.rect(), o.rect()) {
			return false
		}
		touches = touches || adjoin(h.rect(), o.rect())
	}
	return touches
}

// moveTo takes the nearest place beside one of the others, keeping where it can
// the coordinate that needs no change.
func (h *head) moveTo(others []*head) {
	own := h.rect()
	best, found := xconfig.Rect{}, false
	for _, o := range others {
		if o.leader != nil {
			continue
		}
		for _, r := range besides(own, o.rect()) {
			h.out.X, h.out.Y = r.X, r.Y
			if h.fits(others) && (!found || distance(own, r) < distance(own, best)) {
				best, found = r, true
			}
		}
	}
	if !found { // cannot be: beyond the outermost head there is always room
		h.out.X, h.out.Y = own.X, own.Y
		h.beside("right-of", bounds(others))
		return
	}
	h.out.X, h.out.Y = best.X, best.Y
}

// besides are the places of own at each side of o: moved along the side no
// further than it takes to touch, and in line with its corner.
func besides(own, o xconfig.Rect) []xconfig.Rect {
	alongX := min(max(own.X, o.X-own.W+1), o.X+o.W-1)
	alongY := min(max(own.Y, o.Y-own.H+1), o.Y+o.H-1)
	var out []xconfig.Rect
	for _, y := range []int{alongY, o.Y} {
		out = append(out, xconfig.Rect{X: o.X + o.W, Y: y, W: own.W, H: own.H}, xconfig.Rect{X: o.X - own.W, Y: y, W: own.W, H: own.H})
	}
	for _, x := range []int{alongX, o.X} {
		out = append(out, xconfig.Rect{X: x, Y: o.Y + o.H, W: own.W, H: own.H}, xconfig.Rect{X: x, Y: o.Y - own.H, W: own.W, H: own.H})
	}
	return out
}

func overlap(a, b xconfig.Rect) bool {
	return a.X < b.X+b.W && b.X < a.X+a.W && a.Y < b.Y+b.H && b.Y < a.Y+a.H
}

// adjoin is true for two that share a piece of edge.
func adjoin(a, b xconfig.Rect) bool {
	besideX := a.X == b.X+b.W || b.X == a.X+a.W
	besideY := a.Y == b.Y+b.H || b.Y == a.Y+a.H
	crossX := a.X < b.X+b.W && b.X < a.X+a.W
	crossY := a.Y < b.Y+b.H && b.Y < a.Y+a.H
	return besideX && crossY || besideY && crossX
}

func distance(a, b xconfig.Rect) int {
	dx, dy := a.X-b.X, a.Y-b.Y
	return max(dx, -dx) + max(dy, -dy)
}

// fitScreen starts another row below where the desktop would become wider than X
// can have, and for columns another one beside; what still does not fit is off.
func (d *displays) fitScreen(placed []*head) {
	var last *head // of those moved
	for i, h := range placed {
		before := onlyOn(placed[:i])
		if len(before) == 0 || fitsScreen(before, h) {
			continue
		}
		if !h.wrap(before, last) {
			h.off("the desktop would be larger than X can have")
			d.note(h.conn.Name, "is off: the desktop would be larger than the %d pixels X can have", maxScreen)
			continue
		}
		last = h
		h.out.PlaceWhy = fmt.Sprintf("one row or column of all would be longer than the %d pixels X can have", maxScreen)
	}
}

// wrap goes on beside the last head that was moved, or starts the next row or
// column.
func (h *head) wrap(before []*head, last *head) bool {
	if last != nil {
		for _, side := range []string{"right-of", "below"} {
			h.beside(side, last.rect())
			if h.fits(before) && fitsScreen(before, h) {
				return true
			}
		}
	}
	for _, side := range []string{"below", "right-of"} {
		h.beside(side, bounds(before))
		if h.fits(before) && fitsScreen(before, h) {
			return true
		}
	}
	return false
}

func fitsScreen(before []*head, h *head) bool {
	b := bounds(append(before[:len(before):len(before)], h))
	return b.W <= maxScreen && b.H <= maxScreen
}
