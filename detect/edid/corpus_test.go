package edid

import (
	"bufio"
	"encoding/binary"
	"fmt"
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

var corpusOnce struct {
	sync.Once
	samples []sample
	err     error
}

// linuxhw is the 29,209 EDIDs of linuxhw/EDID, with their facts.
func linuxhw(t testing.TB) []sample {
	t.Helper()
	dir := filepath.Join(corpus.Dir(t), "edid")
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("no corpus: %v", err)
	}
	corpusOnce.Do(func() { corpusOnce.samples, corpusOnce.err = readCorpus(dir) })
	if corpusOnce.err != nil {
		t.Fatal(corpusOnce.err)
	}
	return corpusOnce.samples
}

func readCorpus(dir string) ([]sample, error) {
	bin, err := unpack(filepath.Join(dir, "linuxhw.bin.xz"))
	if err != nil {
		return nil, err
	}
	tsv, err := unpack(filepath.Join(dir, "linuxhw.tsv.xz"))
	if err != nil {
		return nil, err
	}
	var all []sample
	for line := range strings.Lines(string(tsv)) {
		n := int(binary.LittleEndian.Uint16(bin))
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		all = append(all, sample{f[0], f[1:], bin[2 : 2+n : 2+n]})
		bin = bin[2+n:]
	}
	return all, nil
}

func unpack(path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	r, err := xz.NewReader(bufio.NewReader(file))
	if err != nil {
		return nil, fmt.Errorf("unpacking %s: %w", path, err)
	}
	return io.ReadAll(r)
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
