package display

import (
	"slices"
	"strconv"
	"strings"

	"attune/xconfig"
)

// arrange gives every output its place: one after the other, the machine's own
// panel first, and where rules say otherwise, there. Those of further cards come
// last, as X has them only later.
func (d *displays) arrange() {
	heads := d.inOrder(leaders(d.on()))
	var placed []*head
	for _, h := range heads {
		if h.placing.text == "" {
			d.append(h, placed)
			placed = append(placed, h)
		}
	}
	placed = d.placeByRules(heads, placed)
	d.closeUp(placed)
	d.fitScreen(placed)
	d.followLeaders()
	d.measureDesktop()
}

// leaders are the heads with a place of their own; those that mirror another
// have that one's.
func leaders(on []*head) (out []*head) {
	for _, h := range on {
		if h.out.Mirrors == "" {
			out = append(out, h)
		}
	}
	return out
}

func (d *displays) inOrder(heads []*head) []*head {
	heads = slices.Clone(heads)
	turn := func(h *head) int {
		switch {
		case h.card.ID != d.plan.GPU.Card:
			return 2
		case h.out.Internal:
			return 0
		}
		return 1
	}
	slices.SortStableFunc(heads, func(a, b *head) int { return turn(a) - turn(b) })
	return heads
}

// append puts a head after those placed, on the side asked for.
func (d *displays) append(h *head, placed []*head) {
	if len(placed) == 0 {
		h.out.PlaceWhy = "here the row of outputs begins"
		return
	}
	side := d.prefs.Arrange
	if !isSide(side) {
		side = "right-of"
	}
	h.out.PlaceWhy = strings.Replace(side, "-", " ", 1) + " those before it"
	h.beside(side, bounds(placed))
}

func isSide(s string) bool {
	return s == "right-of" || s == "left-of" || s == "above" || s == "below"
}

func (h *head) rect() xconfig.Rect {
	w, ht := h.out.Extent()
	return xconfig.Rect{X: h.out.X, Y: h.out.Y, W: w, H: ht}
}

// bounds is the least that holds all heads.
func bounds(heads []*head) (b xconfig.Rect) {
	for i, h := range heads {
		if i == 0 {
			b = h.rect()
		}
		b = b.With(h.rect())
	}
	return b
}

func (h *head) beside(side string, r xconfig.Rect) {
	own := h.rect()
	h.out.X, h.out.Y = r.X, r.Y
	switch side {
	case "right-of":
		h.out.X = r.X + r.W
	case "left-of":
		h.out.X = r.X - own.W
	case "above":
		h.out.Y = r.Y - own.H
	case "below":
		h.out.Y = r.Y + r.H
	}
}

// placeByRules puts those heads in place that rules speak of: points first,
// then those beside another once that one has its place.
func (d *displays) placeByRules(heads, placed []*head) []*head {
	var waiting []*head
	for _, h := range heads {
		if h.placing.text == "" {
			continue
		}
		if x, y, ok := parsePoint(h.placing.text); ok {
			h.out.X, h.out.Y, h.out.PlaceWhy = x, y, h.placing.why
			placed = append(placed, h)
			continue
		}
		waiting = append(waiting, h)
	}
	for progress := true; progress; {
		progress = false
		for i, h := range waiting {
			side, other := d.reference(h)
			if other == nil || !slices.Contains(placed, other) {
				continue
			}
			h.beside(side, other.rect())
			h.out.PlaceWhy = h.placing.text + ", by " + h.placing.why
			placed = append(placed, h)
			waiting = slices.Delete(waiting, i, i+1)
			progress = true
			break
		}
	}
	for _, h := range waiting {
		d.note(h.conn.Name, "cannot be placed %q (%s): no such display is on, or each waits for the other", h.placing.text, h.placing.why)
		d.append(h, placed)
		placed = append(placed, h)
	}
	return placed
}

// parsePoint reads "1920,0". Places off the screen X can have are none.
func parsePoint(s string) (x, y int, ok bool) {
	xs, ys, _ := strings.Cut(s, ",")
	x, errX := strconv.Atoi(strings.TrimSpace(xs))
	y, errY := strconv.Atoi(strings.TrimSpace(ys))
	return x, y, errX == nil && errY == nil && max(x, -x, y, -y) <= maxScreen
}

// reference reads "left-of HDMI-A-1"; other is nil when that display is not on.
// One that mirrors stands where its leader does.
func (d *displays) reference(h *head) (side string, other *head) {
	side, name, _ := strings.Cut(h.placing.text, " ")
	if !isSide(side) {
		return "", nil
	}
	other = d.named(strings.TrimSpace(name), h)
	if other != nil && other.out.Mirrors != "" {
		other = d.named(other.out.Mirrors, h)
	}
	if other == h {
		return "", nil
	}
	return side, other
}

// named is the head with a connector's name, of the kernel or of X, one on the
// same card first.
func (d *displays) named(name string, near *head) (found *head) {
	for _, h := range d.on() {
		if !strings.EqualFold(h.conn.Name, name) && !(h.out.XName != "" && strings.EqualFold(h.out.XName, name)) {
			continue
		}
		if h.card == near.card {
			return h
		}
		if found == nil {
			found = h
		}
	}
	return found
}

// followLeaders gives heads that mirror their leader's place.
func (d *displays) followLeaders() {
	for _, h := range d.on() {
		if h.leader != nil {
			h.out.X, h.out.Y = h.leader.out.X, h.leader.out.Y
		}
	}
}

// measureDesktop moves the upper left corner to 0,0 and takes the size.
func (d *displays) measureDesktop() {
	on := d.on()
	b := bounds(on)
	for _, h := range on {
		h.out.X -= b.X
		h.out.Y -= b.Y
	}
	d.plan.Width, d.plan.Height = b.W, b.H
}
