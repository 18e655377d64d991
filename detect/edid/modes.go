package edid

import (
	"slices"

	"attune/detect/edid/timing"
)

// A Mode is one of the modes a display offers.
type Mode struct {
	timing.Mode
	Preferred bool
	Source    Source

	// Aspect ratio of the picture where CTA-861 names one, else 0 and 0: the
	// same timing may be there for two of them.
	AspectWidth  int
	AspectHeight int

	// Only420 says that the display takes it in YCbCr 4:2:0 alone, which many
	// drivers cannot send; those leave the mode out.
	Only420 bool
}

// Source is the part of an EDID a mode comes from.
type Source uint8

// The sources. Default is none: what is assumed of a display that names no
// mode at all.
const (
	FromDetailed Source = iota
	FromCVT
	FromStandard
	FromEstablished
	FromVIC
	FromHDMI
	FromAlternate // a CTA mode at 1000/1001 of its rate, or 1001/1000
	FromDisplayID
	FromRange // made up to fit into the range limits
	FromDefault
)

var sourceNames = [...]string{"detailed", "cvt", "standard", "established", "vic", "hdmi", "alternate", "displayid", "range", "default"}

func (s Source) String() string { return nameOf(sourceNames[:], int(s)) }

// MarshalText gives the name.
func (s Source) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Kernel is a version of Linux whose rules are known; those of the versions
// between are one or the other.
type Kernel uint8

// They differ in what becomes of standard timings no table has, of sync pulses
// that end too late, and of CTA-861 blocks of analog displays.
const (
	Linux6_1 Kernel = iota
	Linux6_12
)

// Modes lists the modes of a display as the newest kernel known here does.
func (e *EDID) Modes() []Mode { return e.ModesOf(Linux6_12) }

// ModesOf lists the modes of a display as Linux does (drm_edid.c), and in its
// order: preferred ones first, then by area, rate and clock. Stereo ones
// are left out. It is what a driver begins with; which of them a card can do
// (interlaced, 4:2:0, clock, memory) is for the driver to say.
//
// There are none where a display names impossible ones only. The kernel refuses
// an EDID with a broken base block altogether; here it has the modes that can
// be read.
func (e *EDID) ModesOf(kernel Kernel) []Mode {
	l := newModeList(e, kernel)
	l.addDetailed()
	l.addCVT()
	l.addStandard()
	l.addEstablished()
	l.addCTA()
	l.addAlternates()
	l.addDisplayID()
	l.addInRange()
	l.fixPreferred()
	if len(l.modes) == 0 {
		l.addDefaults()
	}
	return l.finish()
}

// Preferred is the mode to show on the display, false when there is none: the
// first of Modes that any card can do. Interlaced modes are not for desktops
// even where a display prefers one, and those in 4:2:0 alone are not for every
// driver.
func (e *EDID) Preferred() (Mode, bool) { return e.PreferredOf(Linux6_12) }

// PreferredOf is Preferred by the modes of a kernel.
func (e *EDID) PreferredOf(kernel Kernel) (Mode, bool) {
	modes := e.ModesOf(kernel)
	i := slices.IndexFunc(modes, func(m Mode) bool { return !m.Interlaced && !m.Only420 })
	if i < 0 {
		return Mode{}, false
	}
	return modes[i], true
}
