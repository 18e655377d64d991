package kmod

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"attune/internal/corpus"
)

// A modtree is what scripts/modtree built: a Debian kernel's modules with
// indexes, and the release's own modprobe.
type modtree struct {
	dir     string
	release string
}

// suites are the Debian releases whose kernels the tests resolve against.
var suites = []string{"bookworm", "trixie"}

// findModtree skips the test when there is none.
func findModtree(t testing.TB, suite string) modtree {
	t.Helper()
	root, release := corpus.ModTree(t, suite)
	return modtree{root, release}
}

func (m modtree) moduleDir() string { return filepath.Join(m.dir, "lib/modules", m.release) }

func (m modtree) open(t testing.TB) *Index {
	t.Helper()
	ix, err := Open(os.DirFS(m.dir), m.release)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ix.Close() })
	return ix
}

// resolve asks the tree's own modprobe -R about many aliases in few
// processes. A marker between any two, which the configuration resolves, tells
// whose answer a line belongs to.
func (m modtree) resolve(t testing.TB, conf string, aliases []string) [][]string {
	t.Helper()
	const batch = 1000
	var answers [][]string
	for len(aliases) > 0 {
		n := min(batch, len(aliases))
		args := []string{"-q", "-a", "-R", "-d", m.dir, "-S", m.release, "-C", conf, "--"}
		for _, a := range aliases[:n] {
			args = append(args, a, marker)
		}
		// It exits with 1 as soon as one alias is unknown.
		out, _ := exec.Command(filepath.Join(m.dir, "kmod/modprobe"), args...).Output()
		parts := strings.Split(string(out), marker+"_seen\n")
		if len(parts) != n+1 {
			t.Fatalf("modprobe -R answered %d of %d aliases from %q on", len(parts)-1, n, aliases[0])
		}
		for _, part := range parts[:n] {
			answers = append(answers, strings.Fields(part))
		}
		aliases = aliases[n:]
	}
	return answers
}

const marker = "attune_marker"

// confDir makes a root with the tree's own modprobe.d and one more file, and
// gives that root and its modprobe.d.
func (m modtree) confDir(t testing.TB, extra string) (root, dir string) {
	t.Helper()
	root = t.TempDir()
	dir = filepath.Join(root, "etc/modprobe.d")
	if err := os.CopyFS(dir, os.DirFS(filepath.Join(m.dir, "lib/modprobe.d"))); err != nil {
		t.Fatal(err)
	}
	extra = "alias " + marker + " " + marker + "_seen\n" + extra
	if err := os.WriteFile(filepath.Join(dir, "test.conf"), []byte(extra), 0o644); err != nil {
		t.Fatal(err)
	}
	return root, dir
}
