package modtree

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// The tree built last is taken, whatever its version; what was begun and
// never finished is not one. The script must agree.
func TestFindNewest(t *testing.T) {
	cache := filepath.Join(t.TempDir(), "with blank")
	t.Setenv("ATTUNE_CACHE", cache)
	if _, _, err := Find("bookworm"); !errors.Is(err, ErrNone) {
		t.Errorf("in an empty cache: %v", err)
	}
	begin := time.Now()
	for i, name := range []string{"bookworm-6.1.0-9", "bookworm-6.1.0-56", "bookworm-6.1.0-100", "trixie-6.12"} {
		dir := filepath.Join(cache, "modtree-"+name)
		if err := os.MkdirAll(filepath.Join(dir, "lib/modules", name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(dir, begin, begin.Add(time.Duration(i%2)*time.Hour)); err != nil {
			t.Fatal(err)
		}
	}
	unfinished := filepath.Join(cache, "modtree-bookworm-x")
	if err := os.Mkdir(unfinished, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(unfinished, begin, begin.Add(2*time.Hour)); err != nil {
		t.Fatal(err)
	}
	want := filepath.Join(cache, "modtree-bookworm-6.1.0-56")
	if root, release, err := Find("bookworm"); err != nil || root != want || release != "bookworm-6.1.0-56" {
		t.Errorf("found %s, %s, %v, want %s", root, release, err, want)
	}
	if got := script(t, "bookworm"); got != want {
		t.Errorf("scripts/modtree says %q, want %s", got, want)
	}
}

// script asks scripts/modtree, which prints the tree it has and builds one only
// when there is none.
func script(t *testing.T, suite string) string {
	t.Helper()
	out, err := exec.Command("../../scripts/modtree", suite).Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(out))
}
