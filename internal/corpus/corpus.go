// Package corpus finds the machines tests run on: captures not made by this
// project, and the module trees built by scripts/modtree. A test whose data is
// absent is skipped with the word that brings it.
//
// It is for tests alone; nothing of it is in the attune program.
package corpus

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"attune/internal/missing"
	"attune/internal/modtree"
)

// Dir is the corpus' folder: ATTUNE_CORPUS, else shared/corpus beside the
// project.
func Dir(t testing.TB) string {
	t.Helper()
	dir := os.Getenv("ATTUNE_CORPUS")
	if dir == "" {
		_, here, _, _ := runtime.Caller(0)
		dir = filepath.Join(filepath.Dir(here), "../../../shared/corpus")
	}
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("no corpus: %v (ATTUNE_CORPUS says where it is)", err)
	}
	return dir
}

// Missing ends a test whose tool or data is absent, see missing.Skip.
func Missing(t testing.TB, format string, args ...any) {
	t.Helper()
	missing.Skip(t, format, args...)
}

// Machines lists captures of whole machines: udevadm exports, and the ghw
// snapshots that ghw's own module carries.
func Machines(t testing.TB) []string {
	t.Helper()
	files, _ := filepath.Glob(filepath.Join(Dir(t), "udevadm", "*.txt.xz"))
	if len(files) == 0 {
		t.Skipf("no captures in %s/udevadm", Dir(t))
	}
	return append(files, snapshots(t)...)
}

func snapshots(t testing.TB) []string {
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/jaypipes/ghw").Output()
	if err != nil {
		t.Errorf("finding ghw's snapshots: %v", err)
	}
	files, _ := filepath.Glob(filepath.Join(strings.TrimSpace(string(dir)), "testdata/snapshots/*.tar.gz"))
	if len(files) == 0 {
		t.Errorf("ghw's module has no snapshots")
	}
	return files
}

// ModTree is a root with a Debian kernel's modules: suite is "bookworm" or
// "trixie".
func ModTree(t testing.TB, suite string) (root, release string) {
	t.Helper()
	root, release, err := modtree.Find(suite)
	if err != nil {
		Missing(t, "%v", err)
	}
	return root, release
}
