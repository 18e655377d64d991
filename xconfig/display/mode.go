package display

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"attune/detect/edid/timing"
)

// The widest and highest mode planned for; more is damage, or a promise no
// driver keeps.
const maxSide = 16384

func possible(m timing.Mode) bool {
	return m.HActive > 0 && m.VActive > 0 && m.HActive <= maxSide && m.VActive <= maxSide
}

// A modeWish is a mode as people and the kernel's lists write it.
type modeWish struct {
	width, height int
	hz            float64 // 0 any
	interlaced    bool
}

// parseMode reads "1920x1080", "1920x1080@60", "1920x1080i".
func parseMode(s string) (w modeWish, err error) {
	size, rate, rated := strings.Cut(strings.TrimSpace(s), "@")
	if rated {
		w.hz, err = strconv.ParseFloat(strings.TrimSuffix(rate, "Hz"), 64)
		if err != nil || !(w.hz > 0 && w.hz <= 1000) {
			return modeWish{}, fmt.Errorf("reading mode %q: no rate", s)
		}
	}
	size, w.interlaced = strings.CutSuffix(size, "i")
	width, height, _ := strings.Cut(size, "x")
	w.width, err = strconv.Atoi(width)
	if err == nil {
		w.height, err = strconv.Atoi(height)
	}
	if err != nil || !possible(w.Mode()) {
		return modeWish{}, fmt.Errorf("reading mode %q: want WIDTHxHEIGHT or WIDTHxHEIGHT@HZ", s)
	}
	return w, nil
}

// Mode is the wish as far as it goes: a size without a timing.
func (w modeWish) Mode() timing.Mode {
	return timing.Mode{HActive: w.width, VActive: w.height, Interlaced: w.interlaced}
}

func (w modeWish) sizeOf(m timing.Mode) bool {
	return m.HActive == w.width && m.VActive == w.height && m.Interlaced == w.interlaced
}

// rateOf allows for 59.94 where 60 was said; a mode of unknown rate is any.
func (w modeWish) rateOf(m timing.Mode) bool {
	return w.hz == 0 || m.Clock == 0 || math.Abs(m.Refresh()-w.hz) < 0.6
}

// make computes the timing of a display that told none: the standard's, or by
// CVT's formula.
func (w modeWish) make() (timing.Mode, error) {
	hz := w.hz
	if hz == 0 {
		hz = 60
	}
	if !w.interlaced {
		for _, reduced := range []bool{false, true} {
			if row := timing.DMTBySize(w.width, w.height, int(hz+0.5), reduced); row != nil {
				return row.Mode, nil
			}
		}
	}
	return timing.CVT(timing.CVTInput{Width: w.width, Height: w.height, Rate: hz, Interlaced: w.interlaced})
}

// modeText leaves out a rate that is not known.
func modeText(m timing.Mode) string {
	if m.Clock == 0 {
		return modeWish{width: m.HActive, height: m.VActive, interlaced: m.Interlaced}.String()
	}
	return m.String()
}

// marksOne says whether the kernel marks its first mode as the preferred one,
// where there is no EDID to tell: drivers of virtual cards and of panels do,
// and any list does which would else have a larger mode first.
func (h *head) marksOne() bool {
	if len(h.modes) == 0 {
		return false
	}
	for _, m := range h.modes[1:] {
		if m.HActive*m.VActive > h.modes[0].HActive*h.modes[0].VActive {
			return true
		}
	}
	return !isSocket(h.conn.Type)
}
