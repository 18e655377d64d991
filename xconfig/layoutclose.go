package xconfig

import "fmt"

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
	best, found := rect{}, false
	for _, o := range others {
		if o.leader != nil {
			continue
		}
		for _, r := range besides(own, o.rect()) {
			h.out.X, h.out.Y = r.x, r.y
			if h.fits(others) && (!found || distance(own, r) < distance(own, best)) {
				best, found = r, true
			}
		}
	}
	if !found { // cannot be: beyond the outermost head there is always room
		h.out.X, h.out.Y = own.x, own.y
		h.beside("right-of", bounds(others))
		return
	}
	h.out.X, h.out.Y = best.x, best.y
}

// besides are the places of own at each side of o: moved along the side no
// further than it takes to touch, and in line with its corner.
func besides(own, o rect) []rect {
	alongX := min(max(own.x, o.x-own.w+1), o.x+o.w-1)
	alongY := min(max(own.y, o.y-own.h+1), o.y+o.h-1)
	var out []rect
	for _, y := range []int{alongY, o.y} {
		out = append(out, rect{o.x + o.w, y, own.w, own.h}, rect{o.x - own.w, y, own.w, own.h})
	}
	for _, x := range []int{alongX, o.x} {
		out = append(out, rect{x, o.y + o.h, own.w, own.h}, rect{x, o.y - own.h, own.w, own.h})
	}
	return out
}

func overlap(a, b rect) bool {
	return a.x < b.x+b.w && b.x < a.x+a.w && a.y < b.y+b.h && b.y < a.y+a.h
}

// adjoin is true for two that share a piece of edge.
func adjoin(a, b rect) bool {
	besideX := a.x == b.x+b.w || b.x == a.x+a.w
	besideY := a.y == b.y+b.h || b.y == a.y+a.h
	crossX := a.x < b.x+b.w && b.x < a.x+a.w
	crossY := a.y < b.y+b.h && b.y < a.y+a.h
	return besideX && crossY || besideY && crossX
}

func distance(a, b rect) int {
	dx, dy := a.x-b.x, a.y-b.y
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
	return b.w <= maxScreen && b.h <= maxScreen
}

func onlyOn(heads []*head) (on []*head) {
	for _, h := range heads {
		if h.out.State == "on" {
			on = append(on, h)
		}
	}
	return on
}
