package timing

import "math"

// reduced is the blanking of a flat panel, which needs less time between lines
// and frames.
func (in CVTInput) reduced() Mode {
	cell := float64(cvtCell)
	if in.Reduced == 2 {
		cell = 1
	}
	f := in.frame(cell)
	m := in.mode(f)
	m.HSyncPositive = true
	hBlank := in.reducedH(&m)
	vBlank := in.reducedV(&m, f)

	hertz := in.Rate * (f.lines + float64(vBlank) + f.half) * (f.width + float64(hBlank))
	m.Clock = int64(math.Round(in.reducedClock(hertz) * 1e6))
	return m
}

func (in CVTInput) reducedH(m *Mode) (blank int) {
	m.HSync = cvtRBHSync
	switch in.Reduced {
	case 1:
		blank, m.HFront = 160, 48
	case 2:
		blank, m.HFront = 80, 8
	default:
		blank, m.HFront = max(in.HBlank, 80)/cvtCell*cvtCell, 8
	}
	m.HBack = blank - m.HSync - m.HFront
	return blank
}

func (in CVTInput) reducedV(m *Mode, f cvtFrame) (blank int) {
	hPeriod := (1e6/in.Rate - in.vBlank()) / f.lines // µs
	blank = int(in.vBlank()/hPeriod) + 1
	if in.Reduced == 1 {
		m.VFront, m.VSync = cvtMinVPorch, in.vSync()
		m.VBack = max(blank-m.VFront-m.VSync, cvtMinVBPorch)
		return m.VFront + m.VSync + m.VBack
	}
	m.VSync, m.VBack = cvtRB2VSync, cvtRB2VBPorch
	if in.Reduced == 3 && in.EarlyVSync {
		m.VBack = blank / 2
	}
	blank = max(blank, 1+cvtRB2VSync+cvtRB2VBPorch)
	m.VFront = blank - m.VSync - m.VBack
	return blank
}

// reducedClock brings the ideal clock to one that can be made, in MHz. It
// divides as the standard's spreadsheet does: where the ideal one is a whole
// kHz already, others lose that kHz to the division, and so it has to be here.
func (in CVTInput) reducedClock(hertz float64) float64 {
	switch in.Reduced {
	case 1:
		return floorTo(hertz/1e6, 0.25)
	case 2:
		if in.VideoOptimized {
			hertz *= 1000.0 / 1001
		}
		return floorTo(hertz/1e6, 0.001)
	default:
		return ceilTo(hertz/1e6, 0.25)
	}
}
