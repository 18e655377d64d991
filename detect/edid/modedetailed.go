package edid

// addDetailed adds the timings written out in full. The first is preferred:
// since 1.4 always, before that when the display says so.
func (l *modeList) addDetailed() {
	preferred := l.newer(3) || l.blocks[0][24]&2 != 0
	for d := range l.descriptors {
		if d[0] == 0 && d[1] == 0 {
			continue
		}
		k, ok := l.detailed(d)
		if !ok {
			continue
		}
		k.preferred = preferred
		preferred = false
		fixClock(&k)
		l.add(k)
	}
}

// detailed reads 18 bytes. It lets pass what a display might still show, with
// totals made to fit.
func (l *modeList) detailed(d string) (kmode, bool) {
	k := kmode{clock: (int(d[0]) | int(d[1])<<8) * 10, source: FromDetailed}
	k.h.active = int(d[4]&0xf0)<<4 | int(d[2])
	k.v.active = int(d[7]&0xf0)<<4 | int(d[5])
	k.h.syncStart = k.h.active + (int(d[11]&0xc0)<<2 | int(d[8]))
	k.v.syncStart = k.v.active + (int(d[11]&0x0c)<<2 | int(d[10]>>4))
	hSync := int(d[11]&0x30)<<4 | int(d[9])
	vSync := int(d[11]&0x03)<<4 | int(d[10]&15)
	const stereo = 0x20 // it has no other kind of stereo in view
	if k.h.active < 64 || k.v.active < 64 || hSync == 0 || vSync == 0 || d[17]&stereo != 0 {
		return k, false
	}
	if l.quirk&reducedTimings != 0 {
		return kernelCVT(k.h.active, k.v.active, 60, true, FromDetailed)
	}
	if l.quirk&clockTooHigh != 0 {
		k.clock = 10880
	}
	k.h.syncEnd = k.h.syncStart + hSync
	k.v.syncEnd = k.v.syncStart + vSync
	k.h.total = k.h.active + (int(d[4]&15)<<8 | int(d[3]))
	k.v.total = k.v.active + (int(d[7]&15)<<8 | int(d[6]))
	for _, a := range []*axis{&k.h, &k.v} {
		switch {
		case a.syncEnd <= a.total:
		case l.kernel >= Linux6_12:
			a.syncEnd = a.total
		default:
			a.total = a.syncEnd + 1
		}
	}
	if d[17]&0x80 != 0 {
		k.interlace()
	}
	k.hPositive, k.vPositive = d[17]&2 != 0, d[17]&4 != 0
	if l.quirk&syncPositive != 0 {
		k.hPositive, k.vPositive = true, true
	}
	return k, true
}

// interlace makes frames of fields where the size is one of television's; other
// displays are taken to have given the frame.
func (k *kmode) interlace() {
	k.interlaced = true
	for _, s := range [...][2]int{{1920, 1080}, {720, 480}, {1440, 480}, {2880, 480}, {720, 576}, {1440, 576}, {2880, 576}} {
		if k.h.active == s[0] && k.v.active == s[1]/2 {
			k.v = axis{2 * k.v.active, 2 * k.v.syncStart, 2 * k.v.syncEnd, 2*k.v.total | 1}
			return
		}
	}
}

// addDisplayID adds timings of type I and VII, which have room for larger
// sizes.
func (l *modeList) addDisplayID() {
	for tag, data := range l.displayIDBlocks {
		if tag != 0x03 && tag != 0x22 || len(data)%20 != 0 {
			continue
		}
		unit := 10 // kHz
		if tag == 0x22 {
			unit = 1
		}
		for ; len(data) > 0; data = data[20:] {
			l.add(displayIDTiming(data, unit))
		}
	}
}

// displayIDTiming reads 20 bytes, in which all numbers are one less.
func displayIDTiming(d string, unit int) kmode {
	number := func(at int) int { return int(d[at]) | int(d[at+1])<<8 }
	read := func(at int) axis {
		a := axis{active: number(at) + 1}
		a.total = a.active + number(at+2) + 1
		a.syncStart = a.active + number(at+4)&0x7fff + 1
		a.syncEnd = a.syncStart + number(at+6) + 1
		return a.wrapped()
	}
	return kmode{
		clock: (number(0) | int(d[2])<<16 + 1) * unit,
		h:     read(4), v: read(12),
		hPositive: d[9]&0x80 != 0, vPositive: d[17]&0x80 != 0,
		preferred: d[3]&0x80 != 0, source: FromDisplayID,
	}
}

// wrapped is what 16 bits hold, which is what the kernel has for a place.
func (a axis) wrapped() axis {
	return axis{a.active & 0xffff, a.syncStart & 0xffff, a.syncEnd & 0xffff, a.total & 0xffff}
}
