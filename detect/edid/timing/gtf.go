package timing

import (
	"fmt"
	"math"
)

// A GTFInput is what VESA GTF makes a timing of. Exactly one of Rate, LineRate
// and Clock is given, the others are 0.
type GTFInput struct {
	Width, Height int
	Rate          float64 // Hz; of an interlaced mode the fields
	LineRate      float64 // Hz
	Clock         float64 // Hz
	Interlaced    bool
	Margins       bool // a border of 1.8 % on each side

	// Curve is how the horizontal blanking depends on the line rate; nil is
	// the default curve. Secondary marks the timing as made with the display's
	// own curve, which is told to it by the polarity of the sync pulses.
	Curve     *GTFCurve
	Secondary bool
}

// A GTFCurve is the gradient and offset of a blanking curve and how much of
// them counts, named as GTF and the EDID's range limits name them.
type GTFCurve struct{ M, C, K, J float64 }

// gtfDefault is the curve of a display which tells none.
var gtfDefault = GTFCurve{M: 600, C: 40, K: 128, J: 20}

const (
	gtfMinVSyncBP = 550 // µs
	gtfFront      = 1   // lines
	gtfVSync      = 3   // lines
	gtfHSync      = 0.08
	gtfMargin     = 0.018
	gtfCell       = 8
)

// GTF computes a timing as VESA GTF 1.1 does. An error wraps ErrInput. The
// width is rounded to whole cells of 8 pixels, as GTF does. A timing made with
// Secondary counts as Reduced 1.
func GTF(in GTFInput) (Mode, error) {
	g, err := in.start()
	if err != nil {
		return Mode{}, fmt.Errorf("computing GTF: %w", err)
	}
	switch {
	case in.Rate != 0:
		g.byRate(in.Rate)
	case in.LineRate != 0:
		g.byLineRate(in.LineRate)
	default:
		g.byClock(in.Clock)
	}
	m, err := checkMade(g.mode(in))
	if err != nil {
		return m, fmt.Errorf("computing GTF: %w", err)
	}
	return m, nil
}

func (in GTFInput) check() error {
	if err := checkSize(in.Width, in.Height); err != nil {
		return err
	}
	given := 0
	for _, x := range [...]struct {
		what        string
		value, most float64
	}{
		{"rate", in.Rate, 1e6/gtfMinVSyncBP - 1},
		{"line rate", in.LineRate, maxRate * maxSize},
		{"clock", in.Clock, maxRate * maxSize * maxSize},
	} {
		if x.value == 0 {
			continue
		}
		given++
		if err := within(x.what, x.value, 1, x.most); err != nil {
			return err
		}
	}
	if given != 1 {
		return fmt.Errorf("%w: %d of rate, line rate and clock are given", ErrInput, given)
	}
	return nil
}

// A gtf is a computation under way: one field, in pixels, lines and µs.
type gtf struct {
	c, m             float64 // C' and M' of the curve
	width, lines     float64 // with margins
	hMargin, vMargin float64
	half             float64 // of the line two fields share
	hPeriod          float64 // µs of a line
	hBlank           float64
	vSyncBP          float64
}

func (in GTFInput) start() (gtf, error) {
	if err := in.check(); err != nil {
		return gtf{}, err
	}
	curve := gtfDefault
	if in.Curve != nil {
		curve = *in.Curve
	}
	g := gtf{
		c:     (curve.C-curve.J)*curve.K/256 + curve.J,
		m:     curve.K / 256 * curve.M,
		width: roundTo(float64(in.Width), gtfCell),
		lines: float64(in.Height),
	}
	// At 100 % there would be blanking only.
	if err := within("curve's C'", g.c, 0, 99); err != nil {
		return g, err
	}
	if err := within("curve's M'", g.m, 1, 1e6); err != nil {
		return g, err
	}
	if in.Interlaced {
		g.lines = math.Round(g.lines / 2)
		g.half = 0.5
	}
	if in.Margins {
		g.hMargin = roundTo(g.width*gtfMargin, gtfCell)
		g.vMargin = math.Round(g.lines * gtfMargin)
	}
	g.width += 2 * g.hMargin
	g.lines += 2 * g.vMargin
	return g, nil
}

func (g *gtf) total() float64 { return g.lines + g.vSyncBP + g.half + gtfFront }

func (g *gtf) blank(duty float64) {
	g.hBlank = roundTo(g.width*duty/(100-duty), 2*gtfCell)
}

// byRate estimates the time of a line, counts the lines of the blanking with
// it, then corrects it to meet the rate.
func (g *gtf) byRate(rate float64) {
	// In the standard's own steps, in seconds and back: a half is rounded as
	// others round it.
	estimate := (1/rate - gtfMinVSyncBP/1e6) / (g.lines + gtfFront + g.half) * 1e6
	g.vSyncBP = math.Round(gtfMinVSyncBP / estimate)
	g.hPeriod = estimate / (rate / (1 / estimate / g.total() * 1e6))
	g.blank(g.c - g.m*g.hPeriod/1000)
}

func (g *gtf) byLineRate(rate float64) {
	g.hPeriod = 1e6 / rate
	g.vSyncBP = math.Round(gtfMinVSyncBP * (rate / 1000) / 1000)
	g.blank(g.c - g.m*g.hPeriod/1000)
}

func (g *gtf) byClock(clock float64) {
	mhz := clock / 1e6
	// The standard counts the margins twice here, and so does everybody.
	width := g.width + 2*g.hMargin
	ideal := (g.c - 100 + math.Sqrt((100-g.c)*(100-g.c)+0.4*g.m*width/mhz)) / 2 / g.m * 1000
	g.blank(g.c - g.m*ideal/1000)
	g.hPeriod = (g.width + g.hBlank) / mhz
	g.vSyncBP = math.Round(gtfMinVSyncBP * (mhz / (g.width + g.hBlank) * 1000) / 1000)
}

func (g *gtf) mode(in GTFInput) Mode {
	hTotal := g.width + g.hBlank
	m := Mode{
		HActive: int(g.width - 2*g.hMargin), VActive: in.Height,
		HBorder: int(g.hMargin), VBorder: int(g.vMargin),
		HSync: int(roundTo(hTotal*gtfHSync, gtfCell)), HBack: int(g.hBlank / 2),
		VFront: gtfFront, VSync: gtfVSync, VBack: int(g.vSyncBP) - gtfVSync,
		Clock:      int64(math.Round(hTotal/g.hPeriod*1000)) * 1000,
		Interlaced: in.Interlaced,
	}
	m.HFront = m.HBack - m.HSync
	if in.Secondary {
		m.Reduced, m.HSyncPositive = 1, true
	} else {
		m.VSyncPositive = true
	}
	return m
}
