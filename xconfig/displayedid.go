package xconfig

import (
	"slices"

	"attune/detect/edid"
	"attune/detect/edid/timing"
)

// maxModes is more than an honest display offers.
const maxModes = 512

// readModes takes the display's own modes, best first. Those in YCbCr 4:2:0
// alone are for drivers that can send it: where the kernel lists modes it
// knows, else they are left out.
func (h *head) readModes(e *edid.EDID) (modes []timing.Mode) {
	all := e.Modes()
	h.prefers = len(all) > 0 && all[0].Preferred
	for _, m := range all[:min(len(all), maxModes)] {
		if m.Only420 && len(h.conn.Modes) == 0 || !possible(m.Mode) {
			continue
		}
		if !slices.ContainsFunc(modes, func(o timing.Mode) bool { return same(o, m.Mode) }) {
			modes = append(modes, m.Mode)
		}
	}
	return modes
}
