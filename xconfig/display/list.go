package display

import (
	"cmp"
	"slices"

	"attune/detect/edid"
	"attune/detect/edid/timing"
)

// maxModes is more than an honest display offers.
const maxModes = 512

// offers are the modes of a connector, best first: what the kernel lists, each
// with its timing where the EDID tells it, or, while nobody probed, what the
// EDID says.
func (h *head) offers() []timing.Mode {
	var told []edid.Mode
	if h.edid != nil {
		told = h.edid.Modes()
		told = slices.DeleteFunc(told[:min(len(told), maxModes)], func(m edid.Mode) bool { return !possible(m.Mode) })
	}
	if h.listed = len(h.conn.Modes) > 0 && !(h.out.Remembered && h.listsNoEDID()); h.listed {
		return h.nameTimings(told, h.conn.Modes[:min(len(h.conn.Modes), maxModes)])
	}
	// Not every driver can send YCbCr 4:2:0.
	told = slices.DeleteFunc(told, func(m edid.Mode) bool { return m.Only420 })
	h.prefers = len(told) > 0 && told[0].Preferred
	return distinct(told)
}

// nameTimings gives the kernel's names their timings. The list has one name for each
// mode, the preferred ones first, then the larger and faster ones; those the card
// or the cable cannot do are missing.
func (h *head) nameTimings(told []edid.Mode, names []string) []timing.Mode {
	count, left := map[modeWish]int{}, map[modeWish][]edid.Mode{}
	for _, name := range names {
		if want, err := parseMode(name); err == nil {
			count[want]++
		}
	}
	for want, n := range count {
		left[want] = slowest(told, want, n)
	}
	var modes []edid.Mode
	for _, name := range names {
		want, err := parseMode(name)
		switch {
		case err != nil:
		case len(left[want]) > 0:
			modes, left[want] = append(modes, left[want][0]), left[want][1:]
		case !slices.ContainsFunc(modes, func(m edid.Mode) bool { return want.sizeOf(m.Mode) }):
			modes = append(modes, edid.Mode{Mode: want.Mode()}) // only the kernel knows its timing
		}
	}
	h.prefers = len(modes) > 0 && modes[0].Preferred
	return distinct(modes)
}

// slowest are n of the told modes of a size, in the kernel's order. Where there
// are more, the missing ones are those with the highest clock.
func slowest(told []edid.Mode, want modeWish, n int) (alike []edid.Mode) {
	var clocks []int64
	for _, m := range told {
		if want.sizeOf(m.Mode) {
			alike = append(alike, m)
			clocks = append(clocks, m.Clock)
		}
	}
	if len(alike) <= n {
		return alike
	}
	slices.SortFunc(clocks, cmp.Compare)
	return slices.DeleteFunc(alike, func(m edid.Mode) bool { return m.Clock > clocks[n-1] })
}

// distinct leaves out what is the same but for the shape of its pixels.
func distinct(list []edid.Mode) (modes []timing.Mode) {
	for _, m := range list {
		if !slices.ContainsFunc(modes, func(o timing.Mode) bool { return same(o, m.Mode) }) {
			modes = append(modes, m.Mode)
		}
	}
	return modes
}
