package timing

import (
	"fmt"
	"math"
)

// A CVTInput is what VESA CVT makes a timing of.
type CVTInput struct {
	Width, Height int
	Rate          float64 // Hz; of an interlaced mode the fields
	Reduced       int     // reduced blanking: 0 none, 1, 2, 3
	Interlaced    bool
	Margins       bool // a border of 1.8 % on each side

	// VideoOptimized makes the rate 1000/1001 of that given, with Reduced 2.
	VideoOptimized bool

	// The rest is for Reduced 3. HBlank is in pixels, 80 to 200, 0 means 80.
	// VBlank is the least time of the vertical blanking in µs, 460 to 705,
	// 0 means 460. EarlyVSync puts the sync pulse in its middle.
	HBlank     int
	VBlank     float64
	EarlyVSync bool
}

// The constants of VESA CVT, under its own names: µs, lines, pixels and percent.
const (
	cvtMinVSyncBP  = 550
	cvtMinVPorch   = 3
	cvtMinVBPorch  = 7
	cvtCPrime      = 30
	cvtMPrime      = 300
	cvtMinDuty     = 20
	cvtHSync       = 0.08
	cvtMargin      = 0.018
	cvtCell        = 8
	cvtRBMinVBlank = 460
	cvtRBHSync     = 32
	cvtRB2VSync    = 8
	cvtRB2VBPorch  = 6
)

// CVT computes a timing as VESA CVT 1.2 does, and with Reduced 3 as CVT 2.0.
// An error wraps ErrInput. The active size is that asked for, even where CVT
// computes with it rounded down to whole cells of 8 pixels.
func CVT(in CVTInput) (Mode, error) {
	if err := in.check(); err != nil {
		return Mode{}, fmt.Errorf("computing CVT: %w", err)
	}
	var m Mode
	if in.Reduced == 0 {
		m = in.normal()
	} else {
		m = in.reduced()
	}
	m, err := checkMade(m)
	if err != nil {
		return m, fmt.Errorf("computing CVT: %w", err)
	}
	return m, nil
}

func (in CVTInput) check() error {
	if err := checkSize(in.Width, in.Height); err != nil {
		return err
	}
	if in.Reduced < 0 || in.Reduced > 3 {
		return fmt.Errorf("%w: reduced blanking %d", ErrInput, in.Reduced)
	}
	// The vertical blanking has to fit into a field.
	fastest := 1e6 / cvtMinVSyncBP
	if in.Reduced != 0 {
		fastest = 1e6 / in.vBlank()
	}
	if err := within("rate", in.Rate, 1, fastest-1); err != nil {
		return err
	}
	if in.Reduced != 3 {
		return nil
	}
	if in.HBlank != 0 && (in.HBlank < 80 || in.HBlank > 200) {
		return fmt.Errorf("%w: horizontal blanking of %d pixels", ErrInput, in.HBlank)
	}
	return within("vertical blanking in µs", in.vBlank(), 460, 705)
}

func (in CVTInput) vBlank() float64 {
	if in.Reduced == 3 && in.VBlank != 0 {
		return in.VBlank
	}
	return cvtRBMinVBlank
}

// A cvtFrame is the picture as CVT counts it: one field, whole cells.
type cvtFrame struct {
	width, lines     float64 // with margins
	hMargin, vMargin float64
	half             float64 // of the line two fields share
}

func (in CVTInput) frame(cell float64) cvtFrame {
	f := cvtFrame{width: floorTo(float64(in.Width), cell), lines: float64(in.Height)}
	if in.Interlaced {
		f.lines = math.Floor(f.lines / 2)
		f.half = 0.5
	}
	if in.Margins {
		f.hMargin = floorTo(f.width*cvtMargin, cell)
		f.vMargin = math.Floor(f.lines * cvtMargin)
	}
	f.width += 2 * f.hMargin
	f.lines += 2 * f.vMargin
	return f
}

// mode is what all kinds have in common.
func (in CVTInput) mode(f cvtFrame) Mode {
	return Mode{
		HActive: in.Width, VActive: in.Height,
		HBorder: int(f.hMargin), VBorder: int(f.vMargin),
		Interlaced: in.Interlaced, Reduced: in.Reduced,
	}
}

// vSync tells a display the aspect ratio by the length of the pulse.
func (in CVTInput) vSync() int {
	for _, a := range [...]struct{ w, h, lines int }{{4, 3, 4}, {16, 9, 5}, {16, 10, 6}, {5, 4, 7}, {15, 9, 7}} {
		if in.Height*a.w/a.h == in.Width {
			return a.lines
		}
	}
	return 10
}

// normal is the blanking of a cathode ray tube.
func (in CVTInput) normal() Mode {
	f := in.frame(cvtCell)
	m := in.mode(f)
	hPeriod := (1e6/in.Rate - cvtMinVSyncBP) / (f.lines + cvtMinVPorch + f.half) // µs

	m.VSync = in.vSync()
	m.VFront = cvtMinVPorch
	m.VBack = max(int(cvtMinVSyncBP/hPeriod)+1-m.VSync, cvtMinVBPorch)

	duty := max(cvtCPrime-cvtMPrime*hPeriod/1000, cvtMinDuty)
	hBlank := floorTo(f.width*duty/(100-duty), 2*cvtCell)
	hTotal := f.width + hBlank
	m.HSync = int(floorTo(cvtHSync*hTotal, cvtCell))
	m.HBack = int(hBlank / 2)
	m.HFront = m.HBack - m.HSync
	m.Clock = int64(math.Floor(hTotal/hPeriod*4)) * 250_000
	m.VSyncPositive = true
	return m
}
