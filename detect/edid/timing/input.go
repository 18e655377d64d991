package timing

import (
	"errors"
	"fmt"
	"math"
)

// ErrInput is what CVT and GTF answer when no timing can be made of what they
// were given.
var ErrInput = errors.New("no such timing")

// What the formulas take: beyond it nothing is made, and the arithmetic would
// leave what a Mode can hold.
const (
	maxSize = 1 << 16 // pixels, lines
	maxRate = 10_000  // Hz
)

func checkSize(width, height int) error {
	if width <= 0 || height <= 0 || width > maxSize || height > maxSize {
		return fmt.Errorf("%w: size %dx%d", ErrInput, width, height)
	}
	return nil
}

// within also refuses what is not a number.
func within(what string, x, least, most float64) error {
	if !(x >= least && x <= most) {
		return fmt.Errorf("%w: %s %v", ErrInput, what, x)
	}
	return nil
}

// checkMade refuses a result that no display could show: the formulas leave a
// part of the blanking empty or negative for small sizes and slow rates.
func checkMade(m Mode) (Mode, error) {
	// A porch of nothing is allowed, DMT has one.
	if m.Clock <= 0 || m.HActive <= 0 || m.VActive <= 0 || m.HSync <= 0 || m.VSync <= 0 ||
		m.HFront < 0 || m.HBack < 0 || m.VFront < 0 || m.VBack < 0 {
		return Mode{}, fmt.Errorf("%w: %dx%d leaves no room for blanking", ErrInput, m.HActive, m.VActive)
	}
	if m.VFront > maxSize || m.VBack > maxSize {
		return Mode{}, fmt.Errorf("%w: %dx%d would be blanked all the time", ErrInput, m.HActive, m.VActive)
	}
	return m, nil
}

// Both standards write their formulas in whole numbers of some unit.
func floorTo(x, unit float64) float64 { return math.Floor(x/unit) * unit }
func ceilTo(x, unit float64) float64  { return math.Ceil(x/unit) * unit }
func roundTo(x, unit float64) float64 { return math.Round(x/unit) * unit }
