package gpu_test

import (
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"testing"

	"attune/detect"
	"attune/internal/corpus"
	"attune/internal/rootfs"
	"attune/internal/xtest"
	"attune/xconfig"
	"attune/xconfig/gpu"
)

// On every machine of the corpus a GPU is chosen that is there, X is told
// nothing it does not need, and a machine with one card is told nothing at all.
func TestGPUCorpus(t *testing.T) {
	kinds := map[string]int{}
	for _, file := range corpus.Machines(t) {
		root, err := rootfs.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		f := xconfig.Facts{Image: xtest.Debian12}
		sys, err := fs.Sub(root.FS, "sys")
		if err != nil {
			t.Fatal(err)
		}
		f.Machine = detect.Scan(sys)
		f.Graphics = detect.ScanGraphics(root.FS, f.Machine, nil)
		plan, notes := gpu.Plan(f, xconfig.Preferences{})
		sane(t, filepath.Base(file), f, plan)
		kinds[plan.Kind]++
		if plan.Primary || plan.Driver != "" || len(notes) > 0 {
			t.Logf("%s: %+v %v", filepath.Base(file), plan, notes)
		}
		if len(f.Graphics.Cards) == 1 && (plan.Primary || plan.Driver != "") {
			t.Errorf("%s: one card, and X is told: %+v", filepath.Base(file), plan)
		}
		root.Close()
	}
	for _, k := range slices.Sorted(maps.Keys(kinds)) {
		t.Logf("%d %s", kinds[k], k)
	}
}
