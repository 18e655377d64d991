package edid

import (
	"slices"
	"testing"
)

// Test displays are built here block by block, so that a test shows the bytes
// it is about and nothing else.

// base is a plain 1.4 display with one timing, a serial number and a name.
func base(change ...func(b []byte)) []byte {
	b := make([]byte, blockSize)
	copy(b, "\x00\xff\xff\xff\xff\xff\xff\x00")
	copy(b[8:], []byte{0x10, 0xac, 0xb1, 0xa0, 0x4c, 0x30, 0x30, 0x31}) // DEL a0b1, serial 0x3130304c
	copy(b[16:], []byte{12, 30, 1, 4, 0xa5, 60, 34, 120, 0x3a})
	for i := 38; i < 54; i++ {
		b[i] = 1
	}
	copy(b[54:], fullHD)
	copy(b[72:], "\x00\x00\x00\xff\x007MT0178K2FPL\n")
	copy(b[90:], "\x00\x00\x00\xfc\x00DELL U2720Q\n ")
	copy(b[108:], []byte{0, 0, 0, 0xfd, 0, 24, 75, 30, 83, 17, 0, '\n', ' ', ' ', ' ', ' ', ' ', ' '})
	for _, f := range change {
		f(b)
	}
	return seal(b)
}

// fullHD is 1920x1080 at 60 Hz, 597 by 336 mm.
var fullHD = []byte{0x02, 0x3a, 0x80, 0x18, 0x71, 0x38, 0x2d, 0x40, 0x58, 0x2c, 0x45, 0x00, 0x55, 0x50, 0x21, 0x00, 0x00, 0x1e}

// seal makes the checksum right.
func seal(b []byte) []byte {
	b[127] -= sum(b[:128])
	return b
}

// set puts bytes at an offset.
func set(offset int, v ...byte) func([]byte) {
	return func(b []byte) { copy(b[offset:], v) }
}

// with puts extension blocks behind a base block and counts them.
func with(b []byte, extensions ...[]byte) []byte {
	b = slices.Clone(b)
	b[126] = byte(len(extensions))
	seal(b)
	return slices.Concat(append([][]byte{b}, extensions...)...)
}

// ctaExt is a CTA-861 revision 3 block of data blocks and, behind them, timings.
func ctaExt(blocks [][]byte, dtds ...[]byte) []byte {
	b := make([]byte, blockSize)
	at := 4 + copy(b[4:], slices.Concat(blocks...))
	copy(b, []byte{2, 3, byte(at), 0xf1})
	copy(b[at:], slices.Concat(dtds...))
	return seal(b)
}

// block is a CTA data block; an extended one has tag 7 and its tag first.
func block(tag byte, x ...byte) []byte { return append([]byte{tag<<5 | byte(len(x))}, x...) }

// displayIDExt is a DisplayID section of data blocks in an EDID block.
func displayIDExt(version, kind byte, blocks ...[]byte) []byte {
	b := make([]byte, blockSize)
	n := copy(b[6-1:], slices.Concat(blocks...))
	copy(b, []byte{0x70, version, byte(n), kind, 0})
	b[5+n] -= sum(b[1 : 6+n])
	return seal(b)
}

// did is a DisplayID data block.
func did(tag, flags byte, x ...byte) []byte { return append([]byte{tag, flags, byte(len(x))}, x...) }

func parse(t *testing.T, b []byte) *EDID {
	t.Helper()
	e, err := Parse(b)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// sound parses what should have nothing wrong.
func sound(t *testing.T, b []byte) *EDID {
	t.Helper()
	e := parse(t, b)
	if len(e.Problems) != 0 {
		t.Errorf("problems: %v", e.Problems)
	}
	return e
}
