package edid

// addInRange adds what fits into the range limits of a display that takes any
// rate within them: from DMT, and wide modes by the formula it follows.
func (l *modeList) addInRange() {
	if l.blocks[0][24]&1 == 0 || !l.newer(0) {
		return
	}
	for d := range l.descriptors {
		if !tagged(d, 0xfd) {
			continue
		}
		for _, k := range kernelDMT() {
			l.addIfInRange(k, d)
		}
		if l.newer(1) {
			l.addWide(d)
		}
	}
}

// addWide adds sizes that DMT does not have, or not at 60 Hz, by the formula of
// the limits.
func (l *modeList) addWide(d string) {
	for _, s := range extraSizes {
		k, ok := kmode{}, false
		switch {
		case d[10] == 2 && l.kernel >= Linux6_12:
			k, ok = l.secondGTF(s[0], s[1], 60)
		case d[10] == 0 || d[10] == 2:
			k, ok = kernelGTF(s[0], s[1], 60, defaultCurve, FromRange)
		case d[10] == 4 && l.newer(3):
			k, ok = kernelCVT(s[0], s[1], 60, l.takesReduced(), FromRange)
		}
		if ok {
			l.addIfInRange(k.narrowed(), d)
		}
	}
}

var extraSizes = [...][2]int{{1024, 576}, {1366, 768}, {1600, 900}, {1680, 945}, {1920, 1080}, {2048, 1152}, {2048, 1536}}

// narrowed makes 1366 of 1368, which is all that GTF can do; CVT makes 1360 of
// it, and so it stays.
func (k kmode) narrowed() kmode {
	if k.h.active == 1368 && k.v.active == 768 {
		k.h.active = 1366
		k.h.syncStart--
		k.h.syncEnd--
	}
	return k
}

// addIfInRange adds a mode within the limits unless there is one of its size
// and rate, or none that is as large.
func (l *modeList) addIfInRange(k kmode, limits string) {
	if !l.inRange(&k, limits) {
		return
	}
	smaller := false
	for i := range l.modes {
		m := &l.modes[i]
		if k.h.active == m.h.active && k.v.active == m.v.active && k.hz() == m.hz() {
			return
		}
		smaller = smaller || k.h.active <= m.h.active && k.v.active <= m.v.active
	}
	if smaller {
		k.source = FromRange
		l.add(k)
	}
}

func (l *modeList) inRange(k *kmode, d string) bool {
	since14 := l.blocks[0][19] >= 4
	limit := func(at int, bit byte) int {
		if since14 && d[4]&bit != 0 {
			return int(d[at]) + 255
		}
		return int(d[at])
	}
	if khz := k.lineKHz(); khz < limit(7, 4) || khz > limit(8, 8) {
		return false
	}
	if hz := k.hz(); hz < limit(5, 1) || hz > limit(6, 2) {
		return false
	}
	cvt := since14 && d[10] == 4
	if d[9] != 0 && d[9] != 255 {
		clock := int(d[9])*10_000 + 5001 // the step is coarse: benefit of the doubt
		if cvt {
			clock = int(d[9])*10_000 - int(d[12]>>2)*250
		}
		if k.clock > clock {
			return false
		}
	}
	if cvt && d[13] != 0 && k.h.active > 8*(int(d[13])+256*int(d[12]&3)) {
		return false
	}
	return !k.reduced() || l.takesReduced()
}

// addDefaults adds what the kernel assumes of a display that says nothing of
// use: up to 1024x768 at about 60 Hz.
func (l *modeList) addDefaults() {
	for _, k := range kernelDMT() {
		if k.h.active <= 1024 && k.v.active <= 768 && k.hz() <= 61 {
			k.source = FromDefault
			l.add(k)
		}
	}
}
