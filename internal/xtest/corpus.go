package xtest

import (
	"encoding/binary"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/ulikunitz/xz"

	"attune/internal/corpus"
)

// EDIDs are all EDIDs of the corpus: a length in two bytes before each.
func EDIDs(t testing.TB) (all [][]byte) {
	f, err := os.Open(filepath.Join(corpus.Dir(t), "edid/linuxhw.bin.xz"))
	if err != nil {
		corpus.Missing(t, "no EDIDs: %v", err)
	}
	defer f.Close()
	r, err := xz.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	for len(data) >= 2 {
		n := int(binary.LittleEndian.Uint16(data))
		all, data = append(all, data[2:2+n]), data[2+n:]
	}
	return all
}
