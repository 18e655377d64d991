package kmod

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"testing/fstest"

	"golang.org/x/sys/unix"
)

// A shortLived file is cut off the moment nobody holds it open any more.
type shortLived struct{ *os.File }

func (f shortLived) Close() error {
	if err := os.Truncate(f.Name(), 0); err != nil {
		return err
	}
	return f.File.Close()
}

// shortLivedFS has every .bin file cut off as soon as it is mapped.
type shortLivedFS string

func (dir shortLivedFS) Open(name string) (fs.File, error) {
	f, err := os.Open(filepath.Join(string(dir), name))
	if err != nil {
		return nil, err
	}
	if filepath.Ext(name) == ".bin" {
		return shortLived{f}, nil
	}
	return f, nil
}

// Stat leaves the file as it is.
func (dir shortLivedFS) Stat(name string) (fs.FileInfo, error) {
	return os.Stat(filepath.Join(string(dir), name))
}

// The header is read from mapped memory too: a file that shrinks right after
// it was mapped must not end the program.
func TestShrinkingHeader(t *testing.T) {
	root, _ := diskIndex(t, map[string][]byte{"modules.alias.bin": bigTrie(), "modules.alias": []byte("alias a* text\n")})
	ix, err := Open(shortLivedFS(root), "1")
	if err != nil {
		t.Fatal(err)
	}
	defer ix.Close()
	a, err := NewResolver(ix, nil).Lookup("a1:")
	if err != nil || !slices.Equal(a.Modules, []string{"text"}) {
		t.Errorf("got %v, %v", a, err)
	}
	if problems := ix.Problems(); len(problems) != 1 || !errors.Is(problems[0], ErrCorrupt) {
		t.Errorf("problems: %v", problems)
	}
}

// A sickFS cannot read some files.
type sickFS struct {
	fs.FS
	sick []string // base names
}

func (s sickFS) Open(name string) (fs.File, error) {
	if slices.Contains(s.sick, filepath.Base(name)) {
		return nil, &fs.PathError{Op: "read", Path: name, Err: unix.EIO}
	}
	return s.FS.Open(name)
}

func TestUnreadable(t *testing.T) {
	tree := fstest.MapFS{
		"lib/modules/1/modules.dep":       {Data: []byte("kernel/m.ko:\n")},
		"lib/modules/1/modules.alias.bin": {Data: bigTrie()},
		"lib/modules/1/modules.alias":     {Data: []byte("alias pci:v*d5 text\n")},
	}
	binary, text := "modules.alias.bin", "modules.alias"
	noBinary := fstest.MapFS{"lib/modules/1/modules.dep": tree["lib/modules/1/modules.dep"], "lib/modules/1/modules.alias": tree["lib/modules/1/modules.alias"]}
	for _, tt := range []struct {
		name     string
		tree     fs.FS
		sick     []string
		want     string // the module, "" for an error
		problems int
	}{
		{"the binary file", tree, []string{binary}, "text", 1},
		{"the text file, which nobody needs", tree, []string{text}, "m", 0},
		{"both", tree, []string{binary, text}, "", 1},
		{"the text file, and there is no other", noBinary, []string{text}, "", 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			ix, err := Open(sickFS{tt.tree, tt.sick}, "1")
			if err != nil {
				t.Fatal(err)
			}
			defer ix.Close()
			a, err := NewResolver(ix, nil).Lookup("pci:v00000001d5")
			if tt.want == "" && !errors.Is(err, unix.EIO) {
				t.Errorf("got %v, %v, want an error", a, err)
			} else if tt.want != "" && (err != nil || !slices.Equal(a.Modules, []string{tt.want})) {
				t.Errorf("got %v, %v, want %s", a, err, tt.want)
			}
			if got := ix.Problems(); len(got) != tt.problems {
				t.Errorf("problems: %v", got)
			}
		})
	}
}

// Aliases of built-in code only say that no module is needed: an index of
// them that is damaged anywhere is as good as none.
func TestDamagedOptional(t *testing.T) {
	for name, data := range map[string][]byte{"at its head": []byte("no index"), "deep down": deepTrie(maxDepth + 100)} {
		t.Run(name, func(t *testing.T) {
			_, ix := diskIndex(t, map[string][]byte{"modules.alias": []byte("alias a b\n"), "modules.builtin.alias.bin": data})
			for range 2 {
				if a, err := NewResolver(ix, nil).Lookup("pci:v00000001d5"); err != nil || a.Modules != nil {
					t.Errorf("got %v, %v, want nothing", a, err)
				}
			}
			if got := ix.Problems(); len(got) != 1 {
				t.Errorf("problems: %v", got)
			}
		})
	}
}
