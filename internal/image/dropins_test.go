package image

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"
)

func TestDropIns(t *testing.T) {
	const etc, lib = "etc/attune/xorg.conf.d/", "usr/lib/attune/xorg.conf.d/"
	var many []string
	for i := range 40 {
		many = append(many, fmt.Sprintf("%s%d.conf", etc, i+10), "x")
	}
	for _, row := range []struct {
		name  string
		files []string
		want  map[string][]byte
		wrong []string // a part of each error
		n     int      // of files, where want is nil
	}{
		{name: "none"},
		{"of both directories, by name", []string{lib + "10-a.conf", "lib", etc + "10-a.conf", "etc", lib + "20-b.conf", "b"}, map[string][]byte{"10-a.conf": []byte("etc"), "20-b.conf": []byte("b")}, nil, 0},
		{"a link in the tree", []string{etc + "10-a.conf -> /opt/x", "opt/x", "there"}, map[string][]byte{"10-a.conf": []byte("there")}, nil, 0},
		{"switched off", []string{etc + "10-a.conf -> /dev/null", lib + "10-a.conf", "lib"}, map[string][]byte{}, nil, 0},
		{"a link to nothing", []string{etc + "10-a.conf -> /gone", lib + "10-a.conf", "lib"}, map[string][]byte{}, []string{"10-a.conf: not a file"}, 0},
		{"not X's", []string{etc + "README", "x", etc + ".a.conf", "x", etc + "a.conf~", "x"}, map[string][]byte{}, nil, 0},
		{"odd names", []string{etc + "a b.conf", "x", etc + "a\nb.conf", "x"}, map[string][]byte{}, []string{`a b.conf`, `a\nb.conf`}, 0},
		{"too long", []string{etc + "a.conf", strings.Repeat("#", maxDropIn+1)}, map[string][]byte{}, []string{"longer than"}, 0},
		{"too many", many, nil, []string{"the last of 40 files"}, 32},
	} {
		t.Run(row.name, func(t *testing.T) {
			root := files(append(row.files, "usr/bin/X", "")...)
			got, errs := DropIns(root)
			if d := cmp.Diff(row.want, got); row.n == 0 && row.want != nil && d != "" || row.n != 0 && len(got) != row.n {
				t.Errorf("%d files: %s", len(got), d)
			}
			for i, err := range errs {
				if i >= len(row.wrong) || !strings.Contains(err.Error(), row.wrong[i]) {
					t.Errorf("said %v, want %q", err, row.wrong)
				}
			}
			if len(errs) != len(row.wrong) {
				t.Errorf("%d errors, want %q", len(errs), row.wrong)
			}
			sameRecorded(t, row.name, root)
		})
	}
}

// With the link, what X reads by it are copies: the files are named once, where
// they can be changed.
func TestDropInsNamedOnce(t *testing.T) {
	im := Read(files("usr/bin/X", "", "etc/X11/xorg.conf.d -> /run/attune/xorg.conf.d", "etc/attune/xorg.conf.d/50-a.conf", "", "run/attune/xorg.conf.d/50-a.conf", "", "run/attune/xorg.conf.d/60-b.conf", ""))
	if d := cmp.Diff([]string{"/etc/X11/xorg.conf.d/60-b.conf", "/etc/attune/xorg.conf.d/50-a.conf"}, im.ConfFiles); d != "" {
		t.Error(d)
	}
}

func TestDropInFIFO(t *testing.T) {
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "etc/attune/xorg.conf.d"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := unix.Mkfifo(filepath.Join(dir, "etc/attune/xorg.conf.d/a.conf"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got, errs := DropIns(os.DirFS(dir)); len(got) != 0 || len(errs) != 1 {
		t.Errorf("%v %v", got, errs)
	}
}
