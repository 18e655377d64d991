package display

import (
	"attune/detect"
	"attune/detect/edid"
	"attune/detect/edid/timing"
	"attune/xconfig"
	"attune/xconfig/gpu"
)

// A head is one connector while its output is being decided.
type head struct {
	card *detect.Card
	conn *detect.Connector
	edid *edid.EDID // nil when the display told nothing that can be read

	earlier   []byte        // the EDID an earlier boot saw here
	modes     []timing.Mode // what it can show, best first
	listed    bool          // the modes are those of the kernel's list
	prefers   bool          // the display marks its first mode as the preferred one
	wholeMode bool          // out.Mode is that of all tiles together
	tile      tile          // of the larger display this is a part of
	leader    *head         // whose picture this shows
	sizeWhy   string        // why there is no believable size

	// What rules say.
	ruledOff    bool
	rotateRuled bool
	wantMode    wish
	placing     wish
	wantScale   float64
	scaleWhy    string
	wantPrimary bool
	primaryWhy  string
	primaryRule int // which rule wants it, the lower counts more

	out xconfig.Output
}

// add reads one connector. Whatever a display sends, it costs no more than
// that display.
func (d *displays) add(card *detect.Card, conn *detect.Connector, remembered map[string][]byte) {
	if len(d.heads) == maxConnectors {
		d.note(card.ID, "has more than %d connectors; the rest is left out", maxConnectors)
	}
	if len(d.heads) >= maxConnectors {
		return
	}
	h := &head{card: card, conn: conn, earlier: remembered[card.ID+"/"+conn.Name]}
	h.out = xconfig.Output{
		Card: card.ID, Connector: conn.Name,
		Internal: conn.Internal, NonDesktop: conn.NonDesktop, Rotate: "normal", Scale: 1,
	}
	d.heads = append(d.heads, h)
	raw := conn.EDID
	if len(raw) == 0 && conn.Status == "connected" {
		raw, h.out.Remembered = h.earlier, len(h.earlier) > 0
	}
	d.read(h, raw)
}

// read takes what an EDID says, and what it means for the modes.
func (d *displays) read(h *head, raw []byte) {
	defer func() {
		if r := recover(); r != nil {
			d.recovered(h, r)
		}
	}()
	d.readEDID(h, raw)
	h.modes = h.offers()
	h.prefers = h.prefers || h.edid == nil && h.marksOne()
	h.believeSize()
}

// recovered leaves a display whose EDID broke the reading as one that told
// nothing.
func (d *displays) recovered(h *head, broke any) {
	h.edid, h.modes, h.listed, h.prefers, h.out.Remembered = nil, nil, false, false, false
	h.out.Display, h.out.Name, h.out.Told = "", "", xconfig.Told{}
	h.believeSize()
	d.note(h.conn.Name, "its EDID could not be used: %v", broke)
}

func (d *displays) readEDID(h *head, raw []byte) {
	if len(raw) == 0 {
		return
	}
	e, err := edid.Parse(raw)
	if err != nil {
		h.out.Remembered = false
		d.note(h.conn.Name, "%v", err)
		return
	}
	h.edid = e
	h.out.Display, h.out.Name = e.ID(), xconfig.Printable(e.Name)
	h.out.Told = xconfig.Told{Vendor: e.Vendor, Product: e.Product, Serial: e.Serial, Name: e.Name, Text: e.SerialString}
}

// decideStates says of every connector whether it can show a picture.
func (d *displays) decideStates() {
	for _, h := range d.heads {
		h.decideState()
		if h.card.ID != d.plan.GPU.Card && h.isGhost() {
			h.out.State, h.out.Why = "disconnected", "a management controller says connected whatever hangs there, and nothing gives an EDID"
		}
		if h.conn.LinkBad && h.out.State == "on" {
			d.note(h.conn.Name, "the kernel could not train the link to the display: a lesser mode or another cable may be needed")
		}
	}
	if len(d.on()) == 0 {
		d.guessConnected()
	}
}

func (h *head) decideState() {
	nonDesktop := h.conn.NonDesktop || h.edid != nil && h.edid.NonDesktop()
	switch {
	case nonDesktop && h.conn.Status != "disconnected":
		h.out.State, h.out.Why = "skipped", "a display for the head, not for a desktop"
	case h.conn.Status == "connected" && h.out.Remembered:
		h.out.State, h.out.Why = "on", "connected; it gives no EDID now, an earlier boot's stands in"
	case h.conn.Status == "connected":
		h.out.State, h.out.Why = "on", "connected"
	case h.conn.Status == "disconnected":
		h.out.State, h.out.Why = "disconnected", "nothing is plugged in"
	default:
		h.out.State, h.out.Why = "disconnected", "the kernel cannot tell whether something is connected"
	}
}

// isGhost is an output which may well have nobody before it.
func (h *head) isGhost() bool {
	return gpu.IsBMC(h.card.Driver) && h.edid == nil && h.conn.Status == "connected"
}

func (h *head) off(why string) {
	h.out.State, h.out.Why = "off", why
}

// noteTwins tells of displays which say they are the same one.
func (d *displays) noteTwins() {
	first := map[string]*head{}
	for _, h := range d.on() {
		if h.out.Display == "" {
			continue
		}
		if twin := first[h.out.Display]; twin != nil {
			d.note(h.conn.Name, "says it is the same display as %s (%s): two of a kind, or one with two cables; only the connector tells them apart",
				twin.conn.Name, h.out.Display)
			continue
		}
		first[h.out.Display] = h
	}
}
