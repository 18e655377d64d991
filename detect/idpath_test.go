package detect

import (
	"io/fs"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"attune/fixtures"
	"attune/internal/corpus"
)

// Our ID_PATH is udev's, for every device that both have one for: graphics
// cards, and input and USB devices, which hang from more kinds of bus.
func TestIDPathIsUdevs(t *testing.T) {
	files, _ := filepath.Glob(filepath.Join(corpus.Dir(t), "udevadm", "*.txt.xz"))
	seen := map[string]int{}
	for _, file := range files {
		tree, _, err := fixtures.LoadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		k := kinOf(tree, Inventory{})
		for _, class := range []string{"sys/class/drm", "sys/class/input", "sys/bus/usb/devices", "sys/bus/platform/devices"} {
			for name, want := range idPaths(t, tree, class) {
				seen[path.Base(path.Dir(class))+" "+path.Base(class)]++
				if got := k.idPath(name); got != want {
					t.Errorf("%s: %s: %q, udev %q", filepath.Base(file), name, got, want)
				}
			}
		}
	}
	t.Log(seen)
	if seen["class drm"] < 50 || seen["class input"] < 500 {
		t.Errorf("too few: %v", seen)
	}
}

// idPaths are the ID_PATHs in udev's database, by Path.
func idPaths(t *testing.T, root fs.FS, class string) map[string]string {
	t.Helper()
	all := map[string]string{}
	entries, _ := fs.ReadDir(root, class)
	for _, e := range entries {
		r := &reader{root: root, sys: sub(t, root)}
		at := resolve(root, strings.TrimPrefix(class, "sys/")+"/"+e.Name())
		record := r.udev(r.line(at + "/dev"))
		if record == nil {
			record = r.udevRecord("+" + kinOf(root, Inventory{}).subsystem(at) + ":" + e.Name())
		}
		if p := record["ID_PATH"]; p != "" {
			all[at] = p
		}
	}
	return all
}

func sub(t *testing.T, root fs.FS) fs.FS {
	t.Helper()
	sys, err := fs.Sub(root, "sys")
	if err != nil {
		t.Fatal(err)
	}
	return sys
}
