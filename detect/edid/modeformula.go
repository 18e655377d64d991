package edid

// The kernel computes CVT and GTF in whole numbers, and so makes other timings
// of them than the standards (package timing has those). Its clocks are not
// rounded to steps.

// fits says whether what was computed is a timing; the kernel divides by what
// these bounds keep from being 0.
func fits(width, height, hz int) bool {
	return width >= 8 && height > 0 && width < 1<<14 && height < 1<<14 && hz > 0 && hz < 500
}

// vSyncLines is the length of the pulse, by which CVT tells the aspect ratio.
func vSyncLines(width, height int) int {
	for _, a := range [...]struct{ w, h, multiple, lines int }{
		{4, 3, 3, 4}, {16, 9, 9, 5}, {16, 10, 10, 6}, {5, 4, 4, 7}, {15, 9, 9, 7},
	} {
		if height%a.multiple == 0 && height*a.w/a.h == width {
			return a.lines
		}
	}
	return 10
}

// kernelCVT makes a progressive timing without margins.
func kernelCVT(width, height, hz int, reduced bool, s Source) (kmode, bool) {
	if !fits(width, height, hz) {
		return kmode{}, false
	}
	k := kmode{hPositive: reduced, vPositive: !reduced, source: s}
	k.h.active, k.v.active = width/8*8, height
	k.v.syncStart = height + 3
	k.v.syncEnd = k.v.syncStart + vSyncLines(width, height)
	var period int // of a line, in ns
	if reduced {
		period = k.cvtReduced(hz)
	} else {
		period = k.cvtNormal(hz)
	}
	if period <= 0 {
		return kmode{}, false
	}
	k.clock = k.h.total * 1_000_000 / period
	k.h, k.v = k.h.wrapped(), k.v.wrapped()
	return k, true
}

func (k *kmode) cvtNormal(hz int) (period int) {
	period = 2 * (1_000_000_000 - 550_000*hz) / ((k.v.active + 3) * 2 * hz)
	if period <= 0 {
		return 0
	}
	sync := k.v.syncEnd - k.v.syncStart
	k.v.total = k.v.active + 3 + max(550_000/period+1, sync+3)

	// In unsigned numbers of 32 bits a share below 0 becomes a large one.
	share := uint32(30_000) - uint32(300*period)/1000
	share = max(share, 20_000)
	blank := 0
	if share != 100_000 {
		blank = int(uint32(k.h.active) * share / (100_000 - share))
	}
	blank -= blank % 16
	k.h.total = k.h.active + blank
	k.h.syncEnd = k.h.active + blank/2
	k.h.syncStart = k.h.syncEnd - k.h.total*8/100
	k.h.syncStart += 8 - k.h.syncStart%8
	return period
}

func (k *kmode) cvtReduced(hz int) (period int) {
	period = (1_000_000_000 - 460_000*hz) / (k.v.active * hz)
	if period <= 0 {
		return 0
	}
	sync := k.v.syncEnd - k.v.syncStart
	k.v.total = k.v.active + max(460_000/period+1, 3+sync+6)
	k.h = axis{k.h.active, k.h.active + 48, k.h.active + 80, k.h.active + 160}
	return period
}

// A curve is GTF's in the numbers an EDID gives it in: C and J doubled.
type curve struct{ m, c2, k, j2 int }

var defaultCurve = curve{m: 600, c2: 80, k: 128, j2: 40}

// kernelGTF makes a progressive timing without margins.
func kernelGTF(width, height, hz int, c curve, s Source) (kmode, bool) {
	if !fits(width, height, hz) {
		return kmode{}, false
	}
	// In 32 bits without a sign: for few lines the share of the blanking is below
	// 0, and a huge one comes out.
	active := uint32(width+4) / 8 * 8
	lineHz := uint32((height+1)*2*1000*hz) / uint32((1_000_000-550*hz)/500)
	syncBack := int(550*lineHz/1000+500) / 1000
	share := uint32(((c.c2-c.j2)*c.k/256+c.j2)/2*1000) - uint32(c.k*c.m/256*1_000_000)/lineHz
	if share == 100_000 {
		return kmode{}, false
	}
	blank := (active*share/(100_000-share) + 8) / 16 * 16
	total := active + blank
	sync := (8*total/100 + 4) / 8 * 8

	k := kmode{clock: int(total * lineHz / 1000), hPositive: c != defaultCurve, vPositive: c == defaultCurve, source: s}
	a, front := int(active), int(int32(blank/2-sync))
	k.h = axis{a, a + front, a + front + int(sync), int(total)}.wrapped()
	k.v = axis{height, height + 1, height + 4, height + 1 + syncBack}.wrapped()
	return k, true
}

// addCVT adds the timings of three bytes each as the kernel reads them: from the
// byte on that tells their version, so that other sizes come out than are
// meant. Their last bit, 60 Hz with reduced blanking, it passes over.
func (l *modeList) addCVT() {
	if !l.newer(2) {
		return
	}
	for d := range l.descriptors {
		if !tagged(d, 0xf8) {
			continue
		}
		for b := d[5:17]; len(b) > 0; b = b[3:] {
			l.addCVTCode(b[0], b[1], b[2])
		}
	}
}

func (l *modeList) addCVTCode(x, y, rates byte) {
	if x == 0 && y == 0 && rates == 0 {
		return
	}
	height := (int(x) + int(y&0xf0)<<4 + 1) * 2
	aspect := [4][2]int{{4, 3}, {16, 9}, {16, 10}, {15, 9}}[y>>2&3]
	width := height * aspect[0] / aspect[1]
	for bit, hz := range [...]int{1: 85, 2: 75, 3: 60, 4: 50} {
		if hz == 0 || rates>>bit&1 == 0 {
			continue
		}
		if k, ok := kernelCVT(width, height, hz, false, FromCVT); ok {
			l.add(k)
		}
	}
}
