package display

import (
	"slices"

	"attune/detect"
	"attune/xconfig"
)

// assignRoles finds the largest display and those with a touchscreen, which
// rules may name.
func (d *displays) assignRoles() {
	on := d.on()
	if h := largest(on); h != nil {
		h.out.Largest = true
	}
	for _, in := range d.inputs {
		if in.Is(detect.KindTouchscreen) && in.Ignored == "" {
			if h := touched(in, on); h != nil {
				h.out.Touch = true
			}
		}
	}
}

// largest goes by size where all displays tell theirs, else by pixels. The
// first of equals wins.
func largest(heads []*head) (most *head) {
	sized := true
	for _, h := range heads {
		sized = sized && h.out.WidthMM > 0
	}
	area := func(h *head) int {
		if sized {
			return h.out.WidthMM * h.out.HeightMM
		}
		w, ht := h.native()
		return w * ht
	}
	for _, h := range heads {
		if most == nil || area(h) > area(most) {
			most = h
		}
	}
	return most
}

// touched is the display a touchscreen lies on: the only one, the one of its
// size, or, when it is built in, the panel. nil when nothing tells.
func touched(in detect.Input, heads []*head) *head {
	if len(heads) == 1 {
		return heads[0]
	}
	var same []*head
	for _, h := range heads {
		if h.out.AsLargeAs(in) {
			same = append(same, h)
		}
	}
	if len(same) == 1 {
		return same[0]
	}
	for _, h := range heads {
		if in.Internal && h.out.Internal {
			return h
		}
	}
	return nil
}

// choosePrimary picks the one display that panels and log-in windows go to: of
// those on the card that shows the picture, while there are any.
func (d *displays) choosePrimary() {
	on := d.on()
	if own := d.ownHeads(on); len(own) > 0 {
		on = own
	}
	if len(on) == 0 {
		return
	}
	for _, h := range d.on() {
		if h.wantPrimary && !slices.Contains(on, h) {
			d.elsewhere(h.primaryWhy, h)
		}
	}
	h, why := d.primary(on)
	h.out.Primary, h.out.PrimaryWhy = true, why
}

func (d *displays) primary(on []*head) (*head, string) {
	if h := ruledPrimary(on); h != nil {
		return h, h.primaryWhy
	}
	if h := d.preferredPrimary(on); h != nil {
		return h, "display.primary" + from(d.prefs, "display.primary")
	}
	for _, h := range on {
		if h.out.Internal {
			return h, "the machine's own panel"
		}
	}
	for _, h := range on {
		if h.out.Touch && len(on) > 1 {
			return h, "has a touchscreen"
		}
	}
	if len(on) == 1 {
		return on[0], "the only one"
	}
	return largest(on), "the largest"
}

// ruledPrimary is the one the first rule wants that wants any.
func ruledPrimary(on []*head) (first *head) {
	for _, h := range on {
		if h.wantPrimary && (first == nil || h.primaryRule < first.primaryRule) {
			first = h
		}
	}
	return first
}

func (d *displays) preferredPrimary(on []*head) *head {
	if d.prefs.Primary == "" {
		return nil
	}
	m, err := xconfig.ParseMatch(d.prefs.Primary)
	if err != nil {
		d.note("display.primary", "%v", err)
		return nil
	}
	for _, h := range on {
		if h.matches(m) {
			return h
		}
	}
	d.noPrimary(m)
	return nil
}

// noPrimary says why none that is asked for can be the primary one.
func (d *displays) noPrimary(m xconfig.Match) {
	for _, h := range d.heads {
		switch {
		case !h.matches(m):
			continue
		case h.out.State == "on":
			d.elsewhere("display.primary", h)
			return
		case h.out.State == "off":
			d.note("display.primary", "%s is off (%s)", h.conn.Name, h.out.Why)
			return
		}
	}
	d.note("display.primary", "no display here matches %s", m)
}

func (d *displays) elsewhere(subject string, h *head) {
	d.note(subject, "%s is on a further card, and X begins on %s: the setting display.gpu = %q would let it be the primary one",
		h.conn.Name, d.plan.GPU.Card, h.card.ID)
}
