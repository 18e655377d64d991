package edid

import (
	"cmp"
	"slices"

	"attune/detect/edid/timing"
)

// A modeList puts the modes of an EDID together the way the kernel does. It
// reads the bytes once more, not what Parse made of them: what the kernel
// lets pass and what not is its own, and a mode more or less changes which
// one comes first.
type modeList struct {
	kernel  Kernel
	blocks  []string // those the kernel uses, of 128 bytes; the base block first
	quirk   quirk
	modes   []kmode
	only420 [256]bool // by VIC
}

// A kmode is a mode as the kernel counts it: in places, not in lengths, and of
// an interlaced mode in lines of the frame.
type kmode struct {
	clock                int // kHz
	h, v                 axis
	hPositive, vPositive bool
	interlaced, doubled  bool
	aspect               uint8 // index of aspects
	preferred            bool
	source               Source
}

// An axis is where something begins: sync pulse, back porch, next line.
type axis struct{ active, syncStart, syncEnd, total int }

var aspects = [...][2]uint16{{}, {4, 3}, {16, 9}, {64, 27}, {256, 135}}

// kmodeOf gives a timing as the kernel has it, the borders being part of the
// porches.
func kmodeOf(m *timing.Mode, s Source) kmode {
	k := kmode{
		clock: int(m.Clock / 1000), hPositive: m.HSyncPositive, vPositive: m.VSyncPositive,
		interlaced: m.Interlaced, source: s,
	}
	fields := 1
	if m.Interlaced {
		fields = 2
	}
	k.h = axis{m.HActive, m.HActive + m.HBorder + m.HFront, m.HActive + m.HBorder + m.HFront + m.HSync, m.HTotal()}
	front := fields * (m.VBorder + m.VFront)
	k.v = axis{m.VActive, m.VActive + front, m.VActive + front + fields*m.VSync, m.VTotal()}
	return k
}

// kmodeOfVIC halves a doubled picture's width, as it is shown so.
func kmodeOfVIC(v *timing.VIC, s Source) kmode {
	k := kmodeOf(&v.Mode, s)
	if v.Doubled {
		k.doubled = true
		k.clock /= 2
		k.h = axis{k.h.active / 2, k.h.syncStart / 2, k.h.syncEnd / 2, k.h.total / 2}
	}
	k.aspect = uint8(max(0, slices.Index(aspects[:], [2]uint16{v.AspectWidth, v.AspectHeight})))
	return k
}

// mode is the way back.
func (k *kmode) mode() Mode {
	m := Mode{Preferred: k.preferred, Source: k.source,
		AspectWidth: int(aspects[k.aspect][0]), AspectHeight: int(aspects[k.aspect][1])}
	m.Clock = int64(k.clock) * 1000
	m.HActive, m.HFront, m.HSync, m.HBack = k.h.parts()
	m.VActive, m.VFront, m.VSync, m.VBack = k.v.parts()
	m.HSyncPositive, m.VSyncPositive = k.hPositive, k.vPositive
	if k.interlaced {
		m.Interlaced, m.EvenTotal = true, k.v.total%2 == 0
		m.VFront, m.VSync = m.VFront/2, m.VSync/2
		m.VBack = (k.v.total-m.VActive/2*2)/2 - m.VFront - m.VSync
	}
	return m
}

func (a axis) parts() (active, front, sync, back int) {
	return a.active, a.syncStart - a.active, a.syncEnd - a.syncStart, a.total - a.syncEnd
}

// possible is the kernel's own check, which all drivers share.
func (a axis) possible() bool {
	return a.active > 0 && a.syncStart >= a.active && a.syncEnd >= a.syncStart && a.total >= a.syncEnd
}

// hz is the rate in whole Hz, by which the kernel compares; of an interlaced
// mode that of the fields.
func (k *kmode) hz() int {
	total := k.h.total * k.v.total
	if total <= 0 {
		return 0
	}
	n := k.clock * 1000
	if k.interlaced {
		n *= 2
	}
	return (n + total/2) / total
}

func (k *kmode) area() int { return k.h.active * k.v.active }

// sameTiming compares all but the clock and the aspect ratio.
func (k *kmode) sameTiming(o *kmode) bool {
	return k.h == o.h && k.v == o.v && k.hPositive == o.hPositive && k.vPositive == o.vPositive &&
		k.interlaced == o.interlaced && k.doubled == o.doubled
}

// sameClock goes by picoseconds a pixel, as the kernel does.
func sameClock(a, b int) bool {
	if a == 0 || b == 0 {
		return a == b
	}
	return 1_000_000_000/a == 1_000_000_000/b
}

func (l *modeList) add(k kmode) { l.modes = append(l.modes, k) }

// finish merges equal modes, drops the impossible ones and sorts the rest.
func (l *modeList) finish() []Mode {
	var kept []kmode
	for i := range l.modes {
		kept = merge(kept, &l.modes[i])
	}
	kept = slices.DeleteFunc(kept, func(k kmode) bool { return k.clock == 0 || !k.h.possible() || !k.v.possible() })
	slices.SortStableFunc(kept, func(a, b kmode) int {
		if a.preferred != b.preferred {
			if a.preferred {
				return -1
			}
			return 1
		}
		return cmp.Or(b.area()-a.area(), b.hz()-a.hz(), b.clock-a.clock)
	})
	modes := make([]Mode, len(kept))
	for i := range kept {
		modes[i] = kept[i].mode()
		modes[i].Only420 = l.only420[matchVIC(&kept[i])]
	}
	return modes
}

// merge adds a mode unless it is there; of two equal ones the first stays, but
// for the one preferred.
func merge(kept []kmode, k *kmode) []kmode {
	for i := range kept {
		have := &kept[i]
		if !have.sameTiming(k) || have.aspect != k.aspect || !sameClock(have.clock, k.clock) {
			continue
		}
		if k.preferred && !have.preferred {
			*have = *k
		}
		return kept
	}
	return append(kept, *k)
}
