package display

import (
	"fmt"
	"strings"

	"attune/detect/edid/timing"
	"attune/xconfig"
)

// chooseModes gives each display its mode.
func (d *displays) chooseModes() {
	for _, h := range d.on() {
		h.turnPanel()
		if !h.wholeMode {
			d.chooseMode(h)
		}
	}
}

func (d *displays) chooseMode(h *head) {
	if h.wantMode.text != "" && d.wishedMode(h) {
		return
	}
	if h.edid == nil && d.defaultMode(h) {
		return
	}
	if len(h.modes) == 0 {
		h.setMode(lastResort, "the display tells nothing: what X shows then")
		return
	}
	h.setMode(h.preferred())
}

// lastResort is what X makes of a display nothing is known of: 1024x768 at 60 Hz.
var lastResort = timing.DMTBySize(1024, 768, 60, false).Mode

func (h *head) setMode(m timing.Mode, why string) { h.out.Mode, h.out.ModeWhy = m, why }

// preferred is the kernel's first mode, but never an interlaced one while there
// is another.
func (h *head) preferred() (timing.Mode, string) {
	for i, m := range h.modes {
		switch {
		case m.Interlaced:
		case i > 0:
			return m, "the first that is not interlaced"
		case h.listed:
			return m, "the first of the kernel's list"
		case h.out.Remembered:
			return m, "the display's preferred one, as it said at an earlier boot"
		default:
			return m, "the display's preferred one"
		}
	}
	return h.modes[0], "the display has none that is not interlaced"
}

func same(a, b timing.Mode) bool {
	return a.HActive == b.HActive && a.VActive == b.VActive && a.Interlaced == b.Interlaced && a.Clock == b.Clock
}

// native is the size of the best mode, 0, 0 when none is known.
func (h *head) native() (w, ht int) {
	if h.wholeMode {
		return h.out.Mode.HActive, h.out.Mode.VActive
	}
	if len(h.modes) == 0 {
		return 0, 0
	}
	m, _ := h.preferred()
	return m.HActive, m.VActive
}

// wishedMode is the mode a rule asks for, if the display has it.
func (d *displays) wishedMode(h *head) bool {
	wish, why := h.wantMode.text, h.wantMode.why
	switch strings.ToLower(wish) {
	case "preferred":
		return false
	case "highest":
		m, ok := highest(h.modes)
		if ok {
			h.setMode(m, "the highest, by "+why)
		}
		return ok
	}
	want, err := parseMode(wish)
	if err != nil {
		d.note(why, "%v", err)
		return false
	}
	return d.forceMode(h, want, why, h.takesRuledMode())
}

// defaultMode is the mode set for displays that tell nothing.
func (d *displays) defaultMode(h *head) bool {
	if d.prefs.Default == "" || h.out.Internal && len(h.modes) > 0 {
		return false
	}
	want, err := parseMode(d.prefs.Default)
	if err != nil {
		d.note("display.default-mode", "%v", err)
		return false
	}
	return d.forceMode(h, want, "the display tells nothing: the default mode"+from(d.prefs, "display.default-mode"), h.tellsNothing())
}

// forceMode takes the mode of the display's that was asked for, or makes one
// where that may be.
func (d *displays) forceMode(h *head, want modeWish, why string, mayMake bool) bool {
	if m, ok := pickMode(h.modes, want); ok {
		h.setMode(m, why)
		return true
	}
	if !mayMake {
		d.note(h.conn.Name, "has no mode %s (%s)", want, why)
		return false
	}
	m, err := want.make()
	if err != nil {
		d.note(h.conn.Name, "making a mode %s: %v", want, err)
		return false
	}
	h.setMode(m, why)
	return true
}

// takesRuledMode says whether a mode may be made because a rule names it: the
// display gives no EDID now, whatever an earlier boot saw or a list promises. A
// panel's driver knows what the panel takes.
func (h *head) takesRuledMode() bool {
	silent := h.edid == nil || h.out.Remembered
	return silent && !(h.out.Internal && len(h.conn.Modes) > 0)
}

// tellsNothing is a display without an EDID, and with no modes but those the
// kernel lists for want of one.
func (h *head) tellsNothing() bool { return h.edid == nil && h.listsNoEDID() }

// listsNoEDID says whether the kernel lists no more than it does for any socket
// that gives no EDID: DMT's up to 1024x768 (drm_add_modes_noedid).
// A virtual screen has whatever size it is given; qxl's driver lists larger ones
// only once X has asked.
func (h *head) listsNoEDID() bool {
	for _, name := range h.conn.Modes {
		if m, err := parseMode(name); err == nil && (m.width > 1024 || m.height > 768) {
			return false
		}
	}
	return len(h.conn.Modes) == 0 || isSocket(h.conn.Type) || h.conn.Type == "Virtual"
}

// isSocket says whether any display may be plugged in: then its modes are not
// the card's to know.
func isSocket(connectorType string) bool {
	for _, t := range []string{"VGA", "DVI", "HDMI", "DP", "DisplayPort"} {
		if strings.HasPrefix(connectorType, t) && connectorType != "DPI" {
			return true
		}
	}
	return false
}

// pickMode is the mode of a size and rate; without a rate the first of that size,
// which is the display's own where that has it, else the fastest.
func pickMode(modes []timing.Mode, want modeWish) (timing.Mode, bool) {
	for _, m := range modes {
		if want.sizeOf(m) && want.rateOf(m) {
			return m, true
		}
	}
	return timing.Mode{}, false
}

// highest has the most pixels, and of those the highest rate.
func highest(modes []timing.Mode) (best timing.Mode, ok bool) {
	more := func(a, b timing.Mode) bool {
		if x, y := a.HActive*a.VActive, b.HActive*b.VActive; x != y {
			return x > y
		}
		return a.Refresh() > b.Refresh()
	}
	for _, m := range modes {
		if !m.Interlaced && (!ok || more(m, best)) {
			best, ok = m, true
		}
	}
	return best, ok
}

func (w modeWish) String() string {
	s := fmt.Sprintf("%dx%d", w.width, w.height)
	if w.interlaced {
		s += "i"
	}
	if w.hz != 0 {
		s += fmt.Sprintf("@%g", w.hz)
	}
	return s
}

// from is where a preference was set, for people: " (/etc/attune/site.toml:3)".
func from(p xconfig.Preferences, key string) string {
	if s := p.Sources[key]; s != "" {
		return " (" + s + ")"
	}
	return ""
}
