package kmod

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
)

func TestOpenErrors(t *testing.T) {
	file := &fstest.MapFile{}
	for _, c := range []struct {
		name    string
		root    fstest.MapFS
		release string
		want    error
		say     string
	}{
		{"nothing at all", fstest.MapFS{}, "6.1.0", ErrNoModules,
			"kernel 6.1.0: no modules for this kernel: there is no lib/modules with anything in it"},
		{"another kernel's", fstest.MapFS{"lib/modules/6.12/modules.dep": file, "usr/lib/modules/5.1/x": file}, "6.1.0", ErrNoModules,
			"kernel 6.1.0: no modules for this kernel: mismatched kernel and tree, lib/modules has 5.1, 6.12"},
		{"no index", fstest.MapFS{"lib/modules/6.1.0/kernel/x.ko": file}, "6.1.0", ErrNoIndex,
			"opening the module index in lib/modules/6.1.0: modules without an index: run depmod 6.1.0"},
		{"no release", fstest.MapFS{"lib/modules/x": file}, "", nil, `opening the module index: "" is no kernel release`},
		{"a path for a release", fstest.MapFS{"lib/modules/x": file}, "../etc", nil, `opening the module index: "../etc" is no kernel release`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Open(c.root, c.release)
			if err == nil || c.want != nil && !errors.Is(err, c.want) || err.Error() != c.say {
				t.Errorf("got %v\nwant %s", err, c.say)
			}
		})
	}
}

func TestOpenUsrMerge(t *testing.T) {
	ix, err := Open(fstest.MapFS{"usr/lib/modules/6.1.0/modules.dep": {Data: []byte("kernel/a-b.ko.xz: kernel/c.ko\n")}}, "6.1.0")
	if err != nil {
		t.Fatal(err)
	}
	f, ok, err := ix.Find("a-b")
	if err != nil || !ok || f.Name != "a_b" || f.Path != "kernel/a-b.ko.xz" || !slices.Equal(f.Deps, []string{"c"}) {
		t.Errorf("got %+v, %v, %v", f, ok, err)
	}
}

// diskIndex writes an index where it can be mapped.
func diskIndex(t *testing.T, files map[string][]byte) (root string, ix *Index) {
	t.Helper()
	root = t.TempDir()
	dir := filepath.Join(root, "lib/modules/1")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, data := range files {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	ix, err := Open(os.DirFS(root), "1")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ix.Close() })
	return root, ix
}

func bigTrie() []byte {
	var b trieBuilder
	for i := range 5000 {
		b.add(fmt.Sprintf("pci:v%08dd*", i), value{0, "m"})
	}
	return b.bytes()
}

// TestShrinkingFile cuts the file off while it is mapped. Reading it then
// raises SIGBUS, which must come out as an error.
func TestShrinkingFile(t *testing.T) {
	root, ix := diskIndex(t, map[string][]byte{"modules.alias.bin": bigTrie()})
	r := NewResolver(ix, nil)
	if a, err := r.Lookup("pci:v00000001d5"); err != nil || !slices.Equal(a.Modules, []string{"m"}) {
		t.Fatal(a, err)
	}
	if err := os.Truncate(filepath.Join(root, "lib/modules/1/modules.alias.bin"), 0); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Lookup("pci:v00000001d5"); !errors.Is(err, ErrCorrupt) {
		t.Errorf("got %v, want %v", err, ErrCorrupt)
	}
	if len(ix.Problems()) != 1 {
		t.Errorf("problems: %v", ix.Problems())
	}
}

func TestDamagedBinary(t *testing.T) {
	deep := deepTrie(maxDepth + 100)
	for _, c := range []struct {
		name string
		data []byte
	}{
		{"empty", nil},
		{"cut off", bigTrie()[:70000]},
		{"not one", []byte("alias pci:* m\nalias pci:* n\n")},
		{"too deep", deep},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, ix := diskIndex(t, map[string][]byte{"modules.alias.bin": c.data})
			if a, err := NewResolver(ix, nil).Lookup("pci:v00000001d5"); !errors.Is(err, ErrCorrupt) {
				t.Errorf("got %v, %v, want %v", a, err, ErrCorrupt)
			} else if !strings.Contains(err.Error(), "lib/modules/1/modules.alias.bin") {
				t.Errorf("%v does not name the file", err)
			}
			_, ix = diskIndex(t, map[string][]byte{"modules.alias.bin": c.data, "modules.alias": []byte("alias pci:v*d5 text\n")})
			a, err := NewResolver(ix, nil).Lookup("pci:v00000001d5")
			if err != nil || !slices.Equal(a.Modules, []string{"text"}) {
				t.Errorf("with the text file beside it: got %v, %v", a, err)
			}
			if problems := ix.Problems(); len(problems) != 1 || !errors.Is(problems[0], ErrCorrupt) {
				t.Errorf("problems: %v", problems)
			}
		})
	}
}

// deepTrie is n stars in a row, a node each.
func deepTrie(n int) []byte {
	data := binary.BigEndian.AppendUint32(nil, trieMagic)
	data = binary.BigEndian.AppendUint32(data, trieVersion)
	data = binary.BigEndian.AppendUint32(data, nodeChilds|trieHeader)
	for i := 1; i <= n; i++ {
		data = append(data, '*', '*')
		data = binary.BigEndian.AppendUint32(data, nodeChilds|uint32(trieHeader+6*i))
	}
	return append(data, '*', '*', 0, 0, 0, 0)
}

func TestClosed(t *testing.T) {
	_, ix := diskIndex(t, map[string][]byte{"modules.alias.bin": bigTrie()})
	ix.Close()
	if _, err := NewResolver(ix, nil).Lookup("pci:x"); !errors.Is(err, errClosed) {
		t.Errorf("got %v", err)
	}
}

// TestTogether asks from many goroutines, the first question included, which
// opens the files, and one that changes over to the text file.
func TestTogether(t *testing.T) {
	_, ix := diskIndex(t, map[string][]byte{
		"modules.dep.bin": bigTrie()[:1000], "modules.dep": []byte("kernel/m.ko:\n"), "modules.alias.bin": bigTrie(),
		"modules.softdep": []byte("softdep m pre: n\n"),
	})
	r := NewResolver(ix, nil)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for i := range 200 {
				a, err := r.Lookup(fmt.Sprintf("pci:v%08dd5", i))
				if err != nil || len(a.Modules) != 1 {
					t.Errorf("got %v, %v", a, err)
				}
				if _, ok, err := ix.Find("m"); !ok || err != nil {
					t.Errorf("m: %v, %v", ok, err)
				}
				if len(r.Softdeps("m")) != 1 {
					t.Error("no softdep")
				}
			}
		})
	}
	all.Wait()
}

func TestLongAlias(t *testing.T) {
	_, ix := diskIndex(t, map[string][]byte{"modules.alias": []byte("alias a* module\n")})
	r := NewResolver(ix, nil)
	for _, c := range []struct {
		length int
		want   int
	}{{10, 1}, {maxAlias - len("module") - 1, 1}, {maxAlias - len("module"), 0}, {10000, 0}} {
		a, err := r.Lookup(strings.Repeat("a", c.length))
		if err != nil || len(a.Modules) != c.want {
			t.Errorf("%d bytes: got %v, %v", c.length, a, err)
		}
	}
}
