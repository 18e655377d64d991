package edid

import (
	"encoding/json"
	"testing"
)

// FuzzParse: any bytes; nothing panics, everything can be asked for, what is
// kept stays within the EDID's bytes, and twice is the same.
func FuzzParse(f *testing.F) {
	for _, b := range fuzzSeeds() {
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		e, err := Parse(b)
		if err != nil {
			return
		}
		useAll(t, 0, e)
		for _, p := range e.Problems {
			if p.Block > len(b)/blockSize || p.Offset > blockSize || p.Text == "" || p.Code == "" {
				t.Errorf("a problem out of the EDID: %+v", p)
			}
		}
		again, err := Parse(e.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		one, _ := json.Marshal(e)
		two, _ := json.Marshal(again)
		if string(one) != string(two) {
			t.Errorf("twice is not the same:\n%s\n%s", one, two)
		}
	})
}

func fuzzSeeds() [][]byte {
	return [][]byte{
		base(),
		base(set(19, 3, 0x0e, 79, 0)),
		base()[:80],
		with(base(), base()),
		with(base(), ctaExt([][]byte{block(2, 16|0x80, 4), block(7, 15), block(1, 0x0f, 0x7f, 7), block(4, 1, 0, 0)}, fullHD)),
		with(base(), ctaExt([][]byte{block(3, 0x03, 0x0c, 0, 0x21, 0x30, 0xb8, 60, 0xe8, 11, 21, 31, 41, 0xd0, 0x47, 1, 3, 1, 0x41, 0, 3, 0x28, 0x10, 0x16)})),
		with(base(), ctaExt([][]byte{block(3, 0xd8, 0x5d, 0xc4, 1, 120, 0xc9, 0x67, 0x12, 0x30, 0xf0, 0x83, 0x33, 0x0b), block(7, 120, 9)})),
		with(base(), ctaExt([][]byte{block(7, 20, 0x41, 1, 0, 0, 0), block(7, 7, 3, 1, 0, 1), block(7, 42, 0x10, 0x13, 0x7f, 7, 0x37, 4, 59, 4)})),
		with(base(), displayIDExt(0x12, 3, did(0x12, 0, tileBytes...), did(0x03, 0, type1Bytes...), did(0x05, 0, 0x9f, 239, 59))),
		with(base(), displayIDExt(0x20, 7, did(0x2a, 0x20, 3, 0xff, 14, 0x6f, 8, 239, 0x20, 1), did(0x81, 0, block(2, 16)...))),
	}
}
