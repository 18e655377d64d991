package vm

import (
	"bytes"
	"encoding/binary"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"attune/detect/edid"
	"attune/internal/corpus"

	"github.com/ulikunitz/xz"
)

// linuxhw is the corpus' EDIDs.
func linuxhw(t *testing.T) [][]byte {
	t.Helper()
	file, err := os.ReadFile(filepath.Join(corpus.Dir(t), "edid", "linuxhw.bin.xz"))
	if err != nil {
		t.Skipf("no corpus: %v", err)
	}
	r, err := xz.NewReader(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	var all [][]byte
	for len(data) >= 2 {
		n := int(binary.LittleEndian.Uint16(data))
		e := data[2 : 2+n]
		data = data[2+n:]
		all = append(all, e)
	}
	return all
}

// cut leaves of each EDID as many blocks as it declares, which is the only
// length kernels take. Newer ones go by HDMI Forum's count where there is one.
func cut(all [][]byte, kernel edid.Kernel) (out [][]byte) {
	for _, e := range all {
		if len(e) < 128 {
			continue
		}
		blocks := 1 + int(e[126])
		if kernel >= edid.Linux6_12 && blocks > 1 && len(e) >= 256 && e[128] == 2 && e[132]>>5 == 7 && e[133] == 0x78 {
			blocks = max(blocks, 1+int(e[134]))
		}
		if len(e) >= blocks*128 {
			out = append(out, e[:blocks*128:blocks*128])
		}
	}
	return out
}

// odd says why an EDID is more likely than others to show a difference.
func odd(e []byte) string {
	dtd := e[54:72]
	switch {
	case dtd[0] == 0 && dtd[1] == 0:
		return "no timing first"
	case dtd[17]&0x80 != 0:
		return "interlaced first"
	case e[19] < 3:
		return "older than 1.3"
	case e[19] == 3 && e[24]&2 == 0:
		return "prefers none"
	}
	for i := 54; i < 126; i += 18 {
		switch d := e[i : i+18]; {
		case d[0] != 0 || d[1] != 0:
		case d[3] == 0xf7, d[3] == 0xf8, d[3] == 0xfa:
			return "standard timings in a descriptor"
		case d[3] == 0xfd && d[10] == 2:
			return "secondary GTF"
		}
	}
	for b := e[128:]; len(b) > 0; b = b[128:] {
		if b[0] != 2 {
			return "extension other than CTA"
		}
		if bytes.Contains(b[4:127], []byte{0x0e}) && bytes.Contains(b[4:], []byte{0xd8, 0x5d, 0xc4}) {
			return "4:2:0"
		}
	}
	return ""
}

// edidSample is every 30th, and up to 75 of each odd kind; with
// ATTUNE_EDIDS=all it is all of them, which takes a few minutes.
func edidSample(all [][]byte) (sample [][]byte) {
	if os.Getenv("ATTUNE_EDIDS") == "all" {
		return all
	}
	kinds := map[string]int{}
	for i, e := range all {
		why := odd(e)
		kinds[why]++
		if i%30 == 0 || why != "" && kinds[why] <= 75 {
			sample = append(sample, e)
		}
	}
	return sample
}

// mutated gives EDIDs as no display has them, whose checksums are right all the
// same: n of them, always the same ones.
func mutated(all [][]byte, n int) [][]byte {
	r := rand.New(rand.NewPCG(1, 2))
	out := make([][]byte, n)
	for i := range out {
		e := slices.Clone(all[r.IntN(len(all))])
		for range 1 + r.IntN(12) {
			at := 8 + r.IntN(len(e)-8)
			if at%128 == 0 || at == 18 || at == 126 { // the kind of block, version, count
				continue
			}
			e[at] = byte(r.Uint32())
		}
		for b := e; len(b) > 0; b = b[128:] {
			if n := int(b[2]) + 5; b[0] == 0x70 && n < 127 {
				b[n] -= sum(b[1 : n+1])
			}
			b[127] -= sum(b[:128])
		}
		out[i] = e
	}
	return out
}

func sum(b []byte) (s byte) {
	for _, v := range b {
		s += v
	}
	return s
}
