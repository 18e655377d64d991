// Package initramfs holds what an initramfs takes of attune: scripts. Its tests
// run them.
package initramfs

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"attune/internal/corpus"
	"attune/internal/modtree"
)

// What an initramfs lacks of an image: a module's firmware when the image has
// more of it than the initramfs, or when nobody has any.
func TestLists(t *testing.T) {
	tree, release, err := modtree.Find("bookworm")
	if err != nil {
		corpus.Missing(t, "%v", err)
	}
	if _, err := exec.LookPath("modinfo"); err != nil {
		corpus.Missing(t, "modinfo: apt-get install kmod")
	}
	e100 := "kernel/drivers/net/ethernet/intel/e100.ko"
	bnx2 := "kernel/drivers/net/ethernet/broadcom/bnx2.ko"
	dummy := "kernel/drivers/net/dummy.ko"
	for _, c := range []struct {
		name        string
		here, image []string // firmware files
		lacks       []string // modules
	}{
		{"nobody has any", nil, nil, []string{bnx2, e100}},
		{"the image has, the initramfs has not", nil, []string{"e100/d101m_ucode.bin"}, []string{bnx2, e100}},
		{"the initramfs has all the image has", []string{"e100/d101m_ucode.bin"}, []string{"e100/d101m_ucode.bin"}, []string{bnx2}},
		{"the initramfs has a part", []string{"e100/d101m_ucode.bin"}, []string{"e100/d101m_ucode.bin", "e100/d101s_ucode.bin"}, []string{bnx2, e100}},
		{"packed", []string{"e100/d101m_ucode.bin.xz"}, []string{"updates/e100/d101m_ucode.bin.zst"}, []string{bnx2}},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir, image := t.TempDir(), t.TempDir()
			modules := filepath.Join("lib/modules", release)
			for _, m := range []string{e100, bnx2, dummy} {
				copyTo(t, filepath.Join(dir, modules, m), tree, modules, m)
			}
			for _, m := range []string{e100, bnx2, dummy, "kernel/drivers/net/ethernet/realtek/r8169.ko"} {
				copyTo(t, filepath.Join(image, modules, m), tree, modules, m)
			}
			for root, files := range map[string][]string{dir: c.here, image: c.image} {
				for _, f := range files {
					write(t, filepath.Join(root, "lib/firmware", f), []byte("firmware"))
				}
			}
			if said, err := exec.Command("./lists", dir, release, image).CombinedOutput(); err != nil || len(said) > 0 {
				t.Fatalf("lists: %v: %s", err, said)
			}
			if got := lines(t, dir, "elsewhere"); !slices.Equal(got, []string{"r8169"}) {
				t.Errorf("elsewhere: %q, want r8169", got)
			}
			var lacks []string
			for _, line := range lines(t, dir, "firmware") {
				module, firmware, ok := strings.Cut(line, " ")
				if !ok || firmware == "" {
					t.Errorf("no firmware in %q", line)
				}
				lacks = append(lacks, strings.TrimSuffix(module, ".xz"))
			}
			slices.Sort(lacks)
			if lacks = slices.Compact(lacks); !slices.Equal(lacks, c.lacks) {
				t.Errorf("lacking firmware: %q, want %q", lacks, c.lacks)
			}
		})
	}
}

// copyTo takes a module out of a tree, packed or not.
func copyTo(t *testing.T, to string, tree, modules, module string) {
	t.Helper()
	for _, suffix := range []string{"", ".xz"} {
		if data, err := os.ReadFile(filepath.Join(tree, modules, module+suffix)); err == nil {
			write(t, to+suffix, data)
			return
		}
	}
	t.Fatalf("no %s in the tree", module)
}

func write(t *testing.T, file string, data []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, data, 0o644); err != nil {
		t.Fatal(err)
	}
}

func lines(t *testing.T, dir, list string) []string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, "usr/lib/attune/initramfs", list))
	if err != nil {
		t.Fatal(err)
	}
	return strings.FieldsFunc(string(data), func(r rune) bool { return r == '\n' })
}
