package display

import "slices"

// guessConnected is for machines where nothing is known to be connected: then X
// tries connectors of which the kernel cannot tell, too. Taken are those which
// most speaks for. A display in standby may look as if it were not there; what an
// earlier boot saw speaks for it, less than a panel speaks for itself.
func (d *displays) guessConnected() {
	unknown := func(h *head) bool { return h.conn.Status != "disconnected" && h.conn.Status != "connected" }
	for _, sign := range []struct {
		why  string
		sure func(*head) bool
	}{
		{"it has an EDID", func(h *head) bool { return unknown(h) && h.edid != nil }},
		{"it is built in", func(h *head) bool { return unknown(h) && h.conn.Internal }},
		{"a display was seen there at an earlier boot", d.wasThere},
		{"it shows a picture now", func(h *head) bool { return unknown(h) && h.conn.Enabled }},
		{"it has modes", func(h *head) bool { return unknown(h) && len(h.conn.Modes) > 0 }},
		{"nothing else is, and it is the first", func(h *head) bool { return unknown(h) && len(d.on()) == 0 }},
	} {
		for _, h := range d.heads {
			if h.out.State == "disconnected" && sign.sure(h) {
				d.takeFor(h, sign.why)
			}
		}
		if len(d.on()) > 0 {
			return
		}
	}
}

// takeFor turns a display on which is not known to be there. One that gives no
// EDID is taken for what it was at an earlier boot.
func (d *displays) takeFor(h *head, why string) {
	if h.edid == nil && len(h.earlier) > 0 {
		d.recall(h)
	}
	h.out.State, h.out.Why = "on", "the kernel cannot tell whether something is connected; "+why
	if h.conn.Status == "disconnected" {
		h.out.Why = "nothing is connected anywhere, so the display may be asleep"
	}
	if h.out.Remembered {
		h.out.Why += "; its EDID of an earlier boot stands in"
	}
}

// wasThere says whether an earlier boot saw a display here, on the card that
// shows the picture, and nothing at all is connected now.
func (d *displays) wasThere(h *head) bool {
	if h.card.ID != d.plan.GPU.Card || len(h.earlier) == 0 || d.plan.GPU.Headless {
		return false
	}
	if slices.ContainsFunc(d.heads, func(h *head) bool { return h.conn.Status == "connected" && !h.isGhost() }) {
		return false
	}
	if h.edid == nil {
		d.recall(h)
	}
	return h.edid != nil && !h.edid.NonDesktop()
}

// recall gives a display the EDID of an earlier boot.
func (d *displays) recall(h *head) {
	h.out.Remembered = true
	d.read(h, h.earlier)
}
