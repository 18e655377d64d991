package rootfs

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// An index of a megabyte is mapped, not read: the tree's files lend their
// descriptor.
func TestFilesHaveDescriptors(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "index"), []byte("x"), 0o644); err != nil {
		t.Fatal(err)
	}
	root, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	f, err := root.FS.Open("index")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	d, ok := f.(interface{ Fd() uintptr })
	if !ok {
		t.Fatalf("%T has no descriptor", f)
	}
	if link, err := os.Readlink(filepath.Join("/proc/self/fd", fmt.Sprint(d.Fd()))); err != nil || filepath.Base(link) != "index" {
		t.Errorf("the descriptor is %q, %v", link, err)
	}
}
