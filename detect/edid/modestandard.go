package edid

import (
	"slices"
	"sync"

	"attune/detect/edid/timing"
)

// kernelDMT is the table of DMT as the kernel has it.
var kernelDMT = sync.OnceValue(func() []kmode {
	table := make([]kmode, len(timing.DMTs))
	for i := range timing.DMTs {
		d := &timing.DMTs[i]
		table[i] = kmodeOf(&d.Mode, FromStandard)
		k := &table[i]
		switch d.ID {
		// Where the kernel has other numbers than the standard.
		case 0x43:
			k.v.total++
		case 0x4b:
			k.v.syncStart++
			k.v.syncEnd += 2
			k.v.total += 2
		case 0x52:
			k.hPositive, k.vPositive = false, false
		}
	}
	return table
})

// dmt finds a row by size, rate and kind of blanking.
func dmt(width, height, hz int, reduced bool) (kmode, bool) {
	table := kernelDMT()
	for i := range table {
		k := &table[i]
		if k.h.active == width && k.v.active == height && k.hz() == hz && k.reduced() == reduced {
			return *k, true
		}
	}
	return kmode{}, false
}

// reduced tells the reduced blanking of CVT, version 1, by its porches.
func (k *kmode) reduced() bool {
	_, front, sync, _ := k.h.parts()
	return k.h.total-k.h.active == 160 && front == 48 && sync == 32 && k.v.syncStart-k.v.active == 3
}

// addStandard adds the timings of two bytes each.
func (l *modeList) addStandard() {
	l.addStandards(l.blocks[0][38:54])
	if !l.newer(0) {
		return
	}
	for d := range l.descriptors {
		if tagged(d, 0xfa) {
			l.addStandards(d[5:17])
		}
	}
}

func (l *modeList) addStandards(b string) {
	for ; len(b) >= 2; b = b[2:] {
		if b[0] == b[1] && (b[0] == 0 || b[0] == 1 || b[0] == 0x20) {
			continue
		}
		if k, ok := l.standard(b[0], b[1]); ok {
			k.source = FromStandard
			l.add(k)
		}
	}
}

// standard finds what the two bytes stand for, unless there is such a size and
// rate already, told in more detail.
func (l *modeList) standard(x, y byte) (kmode, bool) {
	width, height, hz := l.standardSize(x, y)
	if slices.ContainsFunc(l.modes, func(k kmode) bool {
		return k.h.active == width && k.v.active == height && k.hz() == hz
	}) {
		return kmode{}, false
	}
	if width == 1366 && height == 768 && hz == 60 {
		k, ok := kernelCVT(width, height, hz, false, FromStandard)
		k.h.active = width
		k.h.syncStart--
		k.h.syncEnd--
		return k, ok
	}
	if l.takesReduced() {
		if k, ok := dmt(width, height, hz, true); ok {
			return k, true
		}
	}
	if k, ok := dmt(width, height, hz, false); ok {
		return k, true
	}
	return l.computed(width, height, hz)
}

func (l *modeList) standardSize(x, y byte) (width, height, hz int) {
	width, hz = (int(x)+31)*8, int(y&0x3f)+60
	switch y >> 6 {
	case 0:
		height = width * 10 / 16
		if l.blocks[0][19] < 3 {
			height = width
		}
	case 1:
		height = width * 3 / 4
	case 2:
		height = width * 4 / 5
	default:
		height = width * 9 / 16
	}
	// The size of many panels, which is no multiple of 8.
	if hz == 60 && (width == 1360 && height == 765 || width == 1368 && height == 769) {
		width, height = 1366, 768
	}
	return width, height, hz
}

// A level is the formula for timings which no table has.
type level uint8

const (
	onlyDMT level = iota
	byGTF
	bySecondGTF
	byCVT
)

func (l *modeList) level() level {
	if l.kernel < Linux6_12 {
		return l.oldLevel()
	}
	revision := l.blocks[0][19]
	switch {
	case revision >= 4:
		return l.rangeLevel()
	case revision >= 3 && l.breakKHz() != 0:
		return bySecondGTF
	case revision >= 2:
		return byGTF
	}
	return onlyDMT
}

// rangeLevel is what the range limits say, CVT when they say nothing.
func (l *modeList) rangeLevel() level {
	found := byCVT
	for d := range l.descriptors {
		if !tagged(d, 0xfd) {
			continue
		}
		switch d[10] {
		case 0:
			found = byGTF
		case 2:
			found = bySecondGTF
		case 4:
			found = byCVT
		}
	}
	return found
}

// oldLevel has its doubts about displays which do not take any rate.
func (l *modeList) oldLevel() level {
	revision, anyRate := l.blocks[0][19], l.blocks[0][24]&1 != 0
	switch {
	case revision < 2:
		return onlyDMT
	case revision >= 4 && anyRate:
		return byCVT
	case l.breakKHz() != 0:
		return bySecondGTF
	case anyRate:
		return byGTF
	}
	return onlyDMT
}

// computed makes a timing with the formula which the display follows.
func (l *modeList) computed(width, height, hz int) (kmode, bool) {
	switch l.level() {
	case byCVT:
		return kernelCVT(width, height, hz, false, FromStandard)
	case bySecondGTF:
		return l.secondGTF(width, height, hz)
	case byGTF:
		return kernelGTF(width, height, hz, defaultCurve, FromStandard)
	}
	return kmode{}, false
}

// secondGTF goes by the second curve above the line rate it begins at.
func (l *modeList) secondGTF(width, height, hz int) (kmode, bool) {
	k, ok := kernelGTF(width, height, hz, defaultCurve, FromStandard)
	if !ok || k.lineKHz() <= l.breakKHz() {
		return k, ok
	}
	d := l.secondCurve()
	if d == "" {
		return kmode{}, false
	}
	return kernelGTF(width, height, hz, curve{
		m: int(d[14]) | int(d[15])<<8, c2: int(d[13]), k: int(d[16]), j2: int(d[17]),
	}, FromStandard)
}

// breakKHz is where the second curve begins, 0 without one.
func (l *modeList) breakKHz() int {
	if d := l.secondCurve(); d != "" {
		return int(d[12]) * 2
	}
	return 0
}

// secondCurve is the range limits' descriptor with a secondary GTF curve, the
// last when there are more; "" without one.
func (l *modeList) secondCurve() (found string) {
	for d := range l.descriptors {
		if tagged(d, 0xfd) && d[10] == 2 {
			found = d
		}
	}
	return found
}

// takesReduced says whether the display takes reduced blanking: 1.4 has a bit
// for it, before that digital ones are taken to.
func (l *modeList) takesReduced() bool {
	if l.blocks[0][19] < 4 {
		return l.blocks[0][20]&0x80 != 0
	}
	for d := range l.descriptors {
		if tagged(d, 0xfd) && d[10] == 4 && d[15]&0x10 != 0 {
			return true
		}
	}
	return false
}

func (k *kmode) lineKHz() int {
	if k.h.total <= 0 {
		return 0
	}
	return (k.clock + k.h.total/2) / k.h.total
}

// addEstablished adds the modes named by a bit each.
func (l *modeList) addEstablished() {
	// Within each byte from the lowest bit on, and of the third byte one bit.
	for at := range 16 {
		if l.blocks[0][35+at/8]>>(at%8)&1 != 0 {
			l.add(kernelEstablished(at/8*8 + 7 - at%8))
		}
	}
	if l.blocks[0][37]&0x80 != 0 {
		l.add(kernelEstablished(16))
	}
	if !l.newer(0) {
		return
	}
	for d := range l.descriptors {
		if !tagged(d, 0xf7) {
			continue
		}
		for bit := range 44 {
			if d[6+bit/8]<<(bit%8)&0x80 != 0 {
				l.add(kernelEstablished(int(EstablishedIII) + bit))
			}
		}
	}
}

// kernelEstablished is an established timing as the kernel has it, which
// differs in three of the oldest.
func kernelEstablished(bit int) kmode {
	k := kmodeOf(timing.Established(bit), FromEstablished)
	switch bit {
	case 0: // 720x400 at 70 Hz
		k.v = axis{400, 412, 414, 449}
	case 1: // 720x400 at 88 Hz
		k.v = axis{400, 421, 423, 449}
		k.vPositive = false
	case 16: // Apple's 1152x870 is taken for DMT's 1152x864
		k = kmodeOf(timing.Established(int(EstablishedIII)+7), FromEstablished)
	}
	return k
}
