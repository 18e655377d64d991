package boot

import (
	"context"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
)

type sickFS struct{}

func (sickFS) Open(string) (fs.File, error) { panic("index out of range") }

// A mistake in reading the module index is a problem of the report, though it is
// read beside the scan: the rest of the boot goes on.
func TestMistakeInTheModuleIndex(t *testing.T) {
	root := fstest.MapFS{"sys/devices/x/uevent": {Data: []byte("MODALIAS=of:x\n")}}
	report := New(Env{Root: root, Modules: sickFS{}, Release: "6.1"}, Options{}).Run(context.Background())
	if all := strings.Join(report.Problems, "\n"); !strings.Contains(all, "a mistake in attune: index out of range") {
		t.Errorf("problems %q", all)
	}
}
