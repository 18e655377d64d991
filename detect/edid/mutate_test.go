package edid

import (
	"encoding/json"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
)

// TestMutations breaks the corpus' EDIDs in every way seen in displays, docks
// and cables, and worse. Nothing may panic, and what is left is usable as long
// as there is a header. ATTUNE_EDID_MUTATIONS says how many, make soak asks for
// a million.
func TestMutations(t *testing.T) {
	n := 100_000
	if s := os.Getenv("ATTUNE_EDID_MUTATIONS"); s != "" {
		var err error
		if n, err = strconv.Atoi(s); err != nil {
			t.Fatal(err)
		}
	}
	all := linuxhw(t)
	usable, headless := 0, 0
	kinds := make([]int, len(mutations))
	for seed := range n {
		r := rand.New(rand.NewPCG(uint64(seed), 0xed1d))
		b, kind := mutate(r, all)
		e, err := Parse(b)
		if err != nil {
			headless++
			if headerErrors(b) <= 1 {
				t.Errorf("seed %d: refused: %v", seed, err)
			}
			continue
		}
		usable++
		kinds[kind]++
		useAll(t, seed, e)
	}
	t.Logf("%d of %d mutations usable (%.4f %%), %d without a header", usable, n, 100*float64(usable)/float64(n), headless)
	for i, m := range mutations {
		t.Logf("%8d usable of %s", kinds[i], m.name)
	}
	if share := float64(usable) / float64(n); share < 0.9998 {
		t.Errorf("only %.5f of the mutations are usable", share)
	}
}

// useAll asks for everything an EDID can tell.
func useAll(t *testing.T, seed int, e *EDID) {
	e.SizeMM()
	e.NonDesktop()
	e.Tile()
	for _, c := range e.ID() {
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '.' || c == '_' || c == '-') {
			t.Errorf("seed %d: the identity %q has a character that is not safe", seed, e.ID())
		}
	}
	if seed%16 == 0 { // slower than all the rest
		if _, err := json.Marshal(e); err != nil {
			t.Errorf("seed %d: %v", seed, err)
		}
	}
}

// mutate breaks one EDID in one to three ways, and half of the time makes the
// checksums right again.
func mutate(r *rand.Rand, all []sample) (b []byte, kind int) {
	for len(b) == 0 {
		b = append([]byte(nil), all[r.IntN(len(all))].edid...)
	}
	for range 1 + r.IntN(3) {
		kind = r.IntN(len(mutations))
		b = mutations[kind].apply(r, b, all)
	}
	if r.IntN(2) == 0 {
		for i := 0; i+blockSize <= len(b); i += blockSize {
			b[i+127] -= sum(b[i : i+blockSize])
		}
	}
	return b, kind
}

var mutations = []struct {
	name  string
	apply func(r *rand.Rand, b []byte, all []sample) []byte
}{
	{"bits flipped", func(r *rand.Rand, b []byte, _ []sample) []byte {
		for range 1 + r.IntN(8) {
			if len(b) > 0 {
				b[r.IntN(len(b))] ^= 1 << r.IntN(8)
			}
		}
		return b
	}},
	{"bytes set, the header spared", func(r *rand.Rand, b []byte, _ []sample) []byte {
		for range 1 + r.IntN(16) {
			if len(b) > 8 {
				b[8+r.IntN(len(b)-8)] = byte(r.Uint32())
			}
		}
		return b
	}},
	{"a run of one byte", func(r *rand.Rand, b []byte, _ []sample) []byte {
		if len(b) > 9 {
			from := 8 + r.IntN(len(b)-8)
			v := []byte{0, 0xff, 0x01, 0x20}[r.IntN(4)]
			for i := from; i < min(from+r.IntN(64), len(b)); i++ {
				b[i] = v
			}
		}
		return b
	}},
	{"cut off, but not before the size", func(r *rand.Rand, b []byte, _ []sample) []byte {
		return b[:len(b)-r.IntN(min(len(b)-minSize, 140)+1)]
	}},
	{"a block left out", func(r *rand.Rand, b []byte, _ []sample) []byte {
		if len(b) < 2*blockSize {
			return b
		}
		at := blockSize * (1 + r.IntN(len(b)/blockSize-1))
		return append(b[:at], b[at+blockSize:]...)
	}},
	{"blocks of another behind", func(r *rand.Rand, b []byte, all []sample) []byte {
		o := all[r.IntN(len(all))].edid
		if len(o) > blockSize {
			o = o[blockSize*r.IntN(len(o)/blockSize):]
		}
		return append(b, o...)
	}},
	{"two spliced", func(r *rand.Rand, b []byte, all []sample) []byte {
		o := all[r.IntN(len(all))].edid
		at := r.IntN(min(len(b), len(o)) + 1)
		if len(o) < minSize {
			return b
		}
		return append(b[:at:at], o[at:]...)
	}},
	{"a wrong count of extensions", func(r *rand.Rand, b []byte, _ []sample) []byte {
		if len(b) > 126 {
			b[126] = byte(r.Uint32())
		}
		return b
	}},
	{"the base block repeated", func(r *rand.Rand, b []byte, _ []sample) []byte {
		return append(b, b[:min(len(b), blockSize)]...)
	}},
	{"a wrong offset of timings, a wrong length of data blocks", func(r *rand.Rand, b []byte, _ []sample) []byte {
		if len(b) >= 2*blockSize {
			b[blockSize+2] = byte(r.Uint32())
			b[blockSize+4+r.IntN(100)] |= byte(r.IntN(32))
		}
		return b
	}},
	{"a CTA block made DisplayID, or another kind", func(r *rand.Rand, b []byte, _ []sample) []byte {
		if len(b) >= 2*blockSize {
			b[blockSize] = []byte{0x02, 0x10, 0x40, 0x70, 0xf0, byte(r.Uint32())}[r.IntN(6)]
		}
		return b
	}},
	{"a DisplayID section of noise", func(r *rand.Rand, b []byte, _ []sample) []byte {
		s := make([]byte, blockSize)
		for i := range s {
			s[i] = byte(r.Uint32())
		}
		s[0], s[1], s[2] = 0x70, []byte{0x12, 0x13, 0x20, 0x21}[r.IntN(4)], 121
		tags := []byte{0, 1, 3, 4, 5, 6, 7, 8, 9, 0x0a, 0x0f, 0x11, 0x12, 0x13, 0x20, 0x21, 0x22, 0x23, 0x24, 0x25, 0x26, 0x28, 0x29, 0x2a, 0x2b, 0x7e, 0x7f, 0x81}
		for i := 5; i < 120; i += 3 + int(s[i+2]) {
			s[i], s[i+2] = tags[r.IntN(len(tags))], byte(r.IntN(40))
		}
		s[126] -= sum(s[1:127])
		return append(b, s...)
	}},
	{"a CTA block of noise", func(r *rand.Rand, b []byte, _ []sample) []byte {
		s := make([]byte, blockSize)
		for i := range s {
			s[i] = byte(r.Uint32())
		}
		s[0], s[1], s[2] = 0x02, 3, byte(4+r.IntN(124))
		exts := []byte{0, 1, 5, 6, 7, 8, 13, 14, 15, 17, 18, 19, 20, 32, 34, 35, 42, 120, 121}
		for i := 4; i < 120; i += 1 + int(s[i]&0x1f) {
			s[i] = byte(1+r.IntN(7))<<5 | byte(r.IntN(32))
			s[i+1] = exts[r.IntN(len(exts))]
			if s[i]>>5 == 3 && r.IntN(2) == 0 {
				copy(s[i+1:], [][]byte{{0x03, 0x0c, 0x00}, {0xd8, 0x5d, 0xc4}, {0x5c, 0x12, 0xca}}[r.IntN(3)])
			}
		}
		return append(b, s...)
	}},
}
