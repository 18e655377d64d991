package rootfs

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"golang.org/x/sys/unix"
)

// What old kernels get is a whole file system too, and no less bounded.
func TestPlain(t *testing.T) {
	where := t.TempDir()
	for name, size := range map[string]int64{"small": 3, "hole": 30 << 30} {
		file := filepath.Join(where, name)
		if err := os.WriteFile(file, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Truncate(file, size); err != nil {
			t.Skip("no sparse files here:", err)
		}
	}
	if err := os.Symlink("small", filepath.Join(where, "link")); err != nil {
		t.Fatal(err)
	}
	r, err := os.OpenRoot(where)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	p := plain{r.FS()}
	if b, err := fs.ReadFile(p, "hole"); b != nil || !errors.Is(err, unix.EFBIG) {
		t.Errorf("the hole: %d bytes, %v", len(b), err)
	}
	if link, err := fs.ReadLink(p, "link"); err != nil || link != "small" {
		t.Errorf("the link is %q, %v", link, err)
	}
	if err := os.Remove(filepath.Join(where, "hole")); err != nil {
		t.Fatal(err)
	}
	if err := fstest.TestFS(p, "small", "link"); err != nil {
		t.Error(err)
	}
}
