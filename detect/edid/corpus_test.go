package edid

import (
	"bytes"
	"encoding/binary"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"attune/internal/corpus"

	"github.com/ulikunitz/xz"
)

// A sample is one EDID of the corpus with what its own source says of it.
type sample struct {
	path  string
	facts []string // version, vendor, product, size, first timing, name
	edid  []byte
}

// unpack reads one of the corpus' files.
func unpack(t testing.TB, name string) []byte {
	t.Helper()
	file, err := os.ReadFile(filepath.Join(corpus.Dir(t), "edid", name))
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
	return data
}

var corpusOnce struct {
	sync.Once
	samples []sample
}

// linuxhw is the 29,209 EDIDs of linuxhw/EDID, with their facts.
func linuxhw(t testing.TB) []sample {
	t.Helper()
	bin, tsv := unpack(t, "linuxhw.bin.xz"), string(unpack(t, "linuxhw.tsv.xz"))
	corpusOnce.Do(func() {
		var all []sample
		for line := range strings.Lines(tsv) {
			n := int(binary.LittleEndian.Uint16(bin))
			f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
			all = append(all, sample{f[0], f[1:], bin[2 : 2+n : 2+n]})
			bin = bin[2+n:]
		}
		corpusOnce.samples = all
	})
	return corpusOnce.samples
}

// TestUsable: 3 of the files are empty, all others have something to say.
func TestUsable(t *testing.T) {
	all := linuxhw(t)
	usable := 0
	for _, s := range all {
		if _, err := Parse(s.edid); err == nil {
			usable++
		} else if len(s.edid) != 0 {
			t.Errorf("%s: %v", s.path, err)
		}
	}
	if len(all) != 29209 || usable != 29206 {
		t.Errorf("%d of %d are usable, want 29206 of 29209", usable, len(all))
	}
}
