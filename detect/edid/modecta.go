package edid

import (
	"sync"

	"attune/detect/edid/timing"
)

// kernelVICs and kernelHDMI are the tables as the kernel has them; where there
// is no code the clock is 0.
var (
	kernelVICs = sync.OnceValue(func() []kmode { return kmodesOf(timing.VICs[:], FromVIC) })
	kernelHDMI = sync.OnceValue(func() []kmode { return kmodesOf(timing.HDMIVICs[:], FromHDMI) })
)

func kmodesOf(vics []timing.VIC, s Source) []kmode {
	table := make([]kmode, len(vics))
	for i := range vics {
		if v := &vics[i]; v.VIC != 0 {
			table[i] = kmodeOfVIC(v, s)
		}
	}
	return table
}

// coded gives the mode a table has for a code, false for one that has none.
func coded(table []kmode, code byte) (kmode, bool) {
	if int(code) >= len(table) || table[code].clock == 0 {
		return kmode{}, false
	}
	return table[code], true
}

// shortCode takes the mark of a native mode off a short video descriptor.
func shortCode(svd byte) byte {
	if svd >= 129 && svd <= 192 {
		return svd & 127
	}
	return svd
}

// addCTA adds the modes of video data blocks, then those of HDMI's block.
func (l *modeList) addCTA() {
	hdmi := ""
	for tag, data := range l.ctaBlocks {
		switch {
		case tag == 2 && l.readsVideo():
			l.addVICs(data, false)
		case tag == 3 && len(data) >= 5 && data[:3] == "\x03\x0c\x00":
			hdmi = data
		case tag == 7 && len(data) > 0 && data[0] == 14:
			l.addVICs(data[1:], true)
		}
	}
	for _, code := range []byte(hdmiCodes(hdmi)) {
		if k, ok := coded(kernelHDMI(), code); ok {
			l.add(k)
		}
	}
}

// readsVideo says whether video data blocks count: not on analog displays and
// old ones, as newer kernels have it, though 4:2:0 and HDMI's codes then do.
func (l *modeList) readsVideo() bool {
	return l.kernel < Linux6_12 || l.blocks[0][19] >= 3 && l.blocks[0][20]&0x80 != 0
}

func (l *modeList) addVICs(svds string, only420 bool) {
	for _, svd := range []byte(svds) {
		code := shortCode(svd)
		if k, ok := coded(kernelVICs(), code); ok {
			l.add(k)
			l.only420[code] = l.only420[code] || only420 && l.readsVideo()
		}
	}
}

// hdmiCodes finds HDMI's own codes in its block, behind latencies that may be
// there or not.
func hdmiCodes(data string) string {
	const video, latency, interlacedLatency = 0x20, 0x80, 0x40
	if len(data) < 8 || data[7]&video == 0 {
		return ""
	}
	at := 9 // of the byte with the number of codes
	if data[7]&latency != 0 {
		at += 2
	}
	if data[7]&interlacedLatency != 0 {
		at += 2
	}
	if len(data) <= at {
		return ""
	}
	return data[at+1 : min(len(data), at+1+int(data[at]>>5))]
}

// alternateClock is the clock of a CTA mode at its other rate: 59.94 Hz for 60
// Hz and so on, the same when it has no other.
func (k *kmode) alternateClock() int {
	switch {
	case k.hz()%6 != 0:
		return k.clock
	case k.v.active == 240 || k.v.active == 480: // the table has these at 59.94 Hz
		return (k.clock*1001 + 500) / 1000
	}
	// In 32 bits, which are too few for 8K and 10K at 120 Hz.
	return int((uint32(k.clock)*1000 + 500) / 1001)
}

// find gives the first code of a table whose timing a mode has at one of the
// clocks close to its own, 0 for none.
func find(table []kmode, k *kmode, near func(a, b int) bool) int {
	for code := range table {
		t := &table[code]
		if t.h != k.h || t.clock == 0 || k.clock == 0 || k.aspect != 0 && k.aspect != t.aspect ||
			!near(k.clock, t.clock) && !near(k.clock, t.alternateClock()) {
			continue
		}
		same := *t
		for longest := same.v.total + longer(code, len(table)); same.v.total <= longest; same.lengthen() {
			if k.sameTiming(&same) {
				return code
			}
		}
	}
	return 0
}

// longer is by how many lines the front porch of a code may be longer.
func longer(code, table int) int {
	if table != len(timing.VICs) {
		return 0
	}
	switch code {
	case 8, 9, 12, 13:
		return 1
	case 23, 24, 27, 28:
		return 2
	}
	return 0
}

func (k *kmode) lengthen() {
	k.v.syncStart++
	k.v.syncEnd++
	k.v.total++
}

func matchVIC(k *kmode) int { return find(kernelVICs(), k, sameClock) }

// match is the table's row for a mode, nil when it is none of CTA's or HDMI's.
func match(k *kmode, near func(a, b int) bool) *kmode {
	for _, table := range [...][]kmode{kernelVICs(), kernelHDMI()} {
		if code := find(table, k, near); code != 0 {
			return &table[code]
		}
	}
	return nil
}

// fixClock gives a detailed timing which is one of CTA's the clock of that:
// detailed ones are in steps of 10 kHz.
func fixClock(k *kmode) {
	t := match(k, func(a, b int) bool { return max(a-b, b-a) <= 5 })
	if t == nil {
		return
	}
	other := t.alternateClock()
	if max(k.clock-t.clock, t.clock-k.clock) < max(k.clock-other, other-k.clock) {
		k.clock = t.clock
	} else {
		k.clock = other
	}
}

// addAlternates adds, to each mode that is one of CTA's, the same at its other
// rate.
func (l *modeList) addAlternates() {
	if !l.hasCTA() {
		return
	}
	for _, k := range l.modes {
		t := match(&k, sameClock)
		if t == nil {
			continue
		}
		other := *t
		other.source = FromAlternate
		alternate := t.alternateClock()
		if alternate == t.clock || k.clock != t.clock && k.clock != alternate {
			continue
		}
		if k.clock == t.clock {
			other.clock = alternate
		}
		l.add(other)
	}
}
