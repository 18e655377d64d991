package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What attune says of the machines we keep stands beside them in want/. Set
// GOLDEN=1 (make golden) to write it anew, and read the diff.
func TestGoldens(t *testing.T) {
	files, err := filepath.Glob("../../fixtures/machines/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no machines: %v", err)
	}
	for _, file := range files {
		for _, words := range []string{"scan --all", "scan --json", "explain --json"} {
			name := strings.TrimSuffix(filepath.Base(file), ".txtar") + "." + strings.ReplaceAll(words, " --", "-")
			t.Run(name, func(t *testing.T) {
				// No module tree: what a plan says changes with every kernel of Debian's.
				args := append(strings.Fields(words), "--root", file, "--modules", t.TempDir())
				got, _ := attune(t, args...)
				golden(t, filepath.Join(filepath.Dir(file), "want", name), got)
			})
		}
	}
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	if os.Getenv("GOLDEN") != "" {
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}
