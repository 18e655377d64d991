package edid

import "strings"

// newModeList finds the blocks the kernel would use: as many as are declared
// and there, without those whose checksum is wrong, but for CTA blocks, where
// it has learnt to expect that.
func newModeList(e *EDID, kernel Kernel) *modeList {
	raw := e.raw
	if short := blockSize - len(raw); short > 0 {
		raw += strings.Repeat("\x00", short)
	}
	l := &modeList{kernel: kernel, blocks: []string{raw[:blockSize]}, quirk: quirkOf(raw)}
	for i := 1; i <= declared(raw) && len(raw) >= (i+1)*blockSize; i++ {
		b := raw[i*blockSize : (i+1)*blockSize]
		if Tag(b[0]) == TagCTA || checksum(b) == 0 {
			l.blocks = append(l.blocks, b)
		}
	}
	return l
}

// declared is how many extension blocks there should be: HDMI Forum's count in
// the first three bytes of the first block's data overrides the base block's.
func declared(raw string) int {
	n := int(raw[126])
	if n == 0 || len(raw) < 2*blockSize {
		return n
	}
	if c := raw[blockSize:]; Tag(c[0]) == TagCTA && c[1] >= 3 && c[2] >= 7 && c[2] <= 127 &&
		c[4]>>5 == 7 && c[4]&0x1f >= 2 && c[5] == 0x78 {
		return max(n, int(c[6]))
	}
	return n
}

func checksum(b string) (s byte) {
	for i := range len(b) {
		s += b[i]
	}
	return s
}

// newer says whether the EDID is of a later version than 1.revision.
func (l *modeList) newer(revision byte) bool {
	b := l.blocks[0]
	return b[18] > 1 || b[18] == 1 && b[19] > revision
}

// descriptors gives all places of 18 bytes: of the base block, then those of
// each CTA and VTB block.
func (l *modeList) descriptors(yield func(string) bool) {
	for i, b := range l.blocks {
		at, n := 54, 4
		if i > 0 {
			at, n = extensionTimings(b)
		}
		for ; n > 0; at, n = at+18, n-1 {
			if !yield(b[at : at+18]) {
				return
			}
		}
	}
}

func extensionTimings(b string) (at, n int) {
	switch d := int(b[2]); {
	case Tag(b[0]) == TagCTA && d >= 4 && d <= 127:
		return d, (127 - d) / 18
	case Tag(b[0]) == TagVTB && b[1] == 1:
		return 5, min(d, 6)
	}
	return 0, 0
}

// tagged says whether a descriptor is one of those which are no timing.
func tagged(d string, tag byte) bool { return d[0] == 0 && d[1] == 0 && d[2] == 0 && d[3] == tag }

// ctaBlocks gives the data blocks of all CTA blocks from revision 3 on, then of
// those within DisplayID. One that overruns ends its collection.
func (l *modeList) ctaBlocks(yield func(tag byte, data string) bool) {
	collections := make([]string, 0, 2)
	for _, b := range l.blocks[1:] {
		if Tag(b[0]) == TagCTA && b[1] >= 3 && b[2] >= 4 && b[2] <= 127 {
			collections = append(collections, b[4:b[2]])
		}
	}
	for tag, data := range l.displayIDBlocks {
		if tag == 0x81 {
			collections = append(collections, data)
		}
	}
	for _, c := range collections {
		for len(c) > 0 && len(c) > int(c[0]&0x1f) {
			n := 1 + int(c[0]&0x1f)
			if !yield(c[0]>>5, c[1:n]) {
				return
			}
			c = c[n:]
		}
	}
}

// displayIDBlocks gives the data blocks of all DisplayID blocks. The first
// section which is broken is the end.
func (l *modeList) displayIDBlocks(yield func(tag byte, data string) bool) {
	for _, b := range l.blocks[1:] {
		if Tag(b[0]) != TagDisplayID {
			continue
		}
		section := b[1:127]
		length := 4 + int(section[1])
		trusted := l.quirk&wrongDisplayID != 0 && l.kernel >= Linux6_12
		if length+1 > len(section) || checksum(section[:length+1]) != 0 && !trusted {
			return
		}
		for d := section[4:length]; len(d) >= 3 && len(d) >= 3+int(d[2]); {
			n := 3 + int(d[2])
			if !yield(d[0], d[3:n]) {
				return
			}
			d = d[n:]
		}
	}
}

func (l *modeList) hasCTA() bool {
	for _, b := range l.blocks[1:] {
		if Tag(b[0]) == TagCTA {
			return true
		}
	}
	for tag := range l.displayIDBlocks {
		if tag == 0x81 {
			return true
		}
	}
	return false
}
