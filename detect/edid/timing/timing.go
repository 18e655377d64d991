// Package timing knows video timings: the tables of VESA DMT and CTA-861, and
// the formulas CVT and GTF which compute one from a size and a rate.
//
// It knows nothing of EDID. Everything here is data or a pure function.
package timing

import "fmt"

// A Mode is one video timing: what is sent for each line and each frame.
// Widths are in pixels, heights in lines of a whole frame (for an interlaced
// mode both fields together).
type Mode struct {
	Clock int64 // pixel clock in Hz

	HActive, HFront, HSync, HBack int // visible, front porch, sync pulse, back porch
	VActive, VFront, VSync, VBack int // of an interlaced mode VFront, VSync and VBack are those of one field
	HBorder, VBorder              int // on each side, not counted in the porches; VBorder of an interlaced mode in each field

	HSyncPositive, VSyncPositive bool
	Interlaced                   bool
	// EvenTotal is set where both fields of an interlaced mode have the same number of
	// lines, which of all known timings only VIC 39 does.
	EvenTotal bool
	// Reduced says which reduced blanking the timing was made with: 0 none, 1, 2, 3 as
	// CVT numbers them.
	Reduced int
}

// HTotal is the whole line in pixels.
func (m Mode) HTotal() int { return m.HActive + 2*m.HBorder + m.HFront + m.HSync + m.HBack }

// VTotal is the whole frame in lines, or for an interlaced mode both fields,
// which together have one line more than twice the half (but see EvenTotal).
func (m Mode) VTotal() int {
	if m.Interlaced {
		total := m.VActive/2*2 + 2*(2*m.VBorder+m.VFront+m.VSync+m.VBack)
		if !m.EvenTotal {
			total++
		}
		return total
	}
	return m.VActive + 2*m.VBorder + m.VFront + m.VSync + m.VBack
}

// Refresh is how many frames (for an interlaced mode: fields) are shown each
// second, 0 for a timing without a total.
func (m Mode) Refresh() float64 {
	total := int64(m.HTotal()) * int64(m.VTotal())
	if total <= 0 {
		return 0
	}
	hz := float64(m.Clock) / float64(total)
	if m.Interlaced {
		hz *= 2
	}
	return hz
}

// Name is what the kernel calls the mode: 1920x1080, 1920x1080i.
func (m Mode) Name() string {
	i := ""
	if m.Interlaced {
		i = "i"
	}
	return fmt.Sprintf("%dx%d%s", m.HActive, m.VActive, i)
}

// String is the mode's name and its rate: "1920x1080i 59.94 Hz".
func (m Mode) String() string { return fmt.Sprintf("%s %.2f Hz", m.Name(), m.Refresh()) }
