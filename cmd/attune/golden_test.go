package main

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
)

// What attune says of the machines we keep stands beside them in want/. Set
// GOLDEN=1 (make golden) to write it anew, and read the diff.
func TestGoldens(t *testing.T) {
	said(t, "machines", "scan --all", "scan --json", "explain --json")
	said(t, "seats", "displays", "displays --json", "inputs", "inputs --json")
}

// said holds what each command says of each machine of a folder.
func said(t *testing.T, folder string, commands ...string) {
	for _, file := range kept(t, folder) {
		for _, words := range commands {
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

func kept(t *testing.T, folder string) []string {
	files, err := filepath.Glob(filepath.Join("../../fixtures", folder, "*.txtar"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no machines in fixtures/%s: %v", folder, err)
	}
	return files
}

// What display servers are told on each machine, each file under its name.
func TestGoldenFiles(t *testing.T) {
	for _, file := range kept(t, "seats") {
		t.Run(filepath.Base(file), func(t *testing.T) {
			name := strings.TrimSuffix(filepath.Base(file), ".txtar") + ".files"
			golden(t, filepath.Join(filepath.Dir(file), "want", name), written(t, file))
		})
	}
}

// written is what a dry run writes for display servers, as one text.
func written(t *testing.T, file string) []byte {
	t.Helper()
	dir := t.TempDir()
	attune(t, "boot", "--dry-run", "--root", file, "--modules", t.TempDir(), "--scratch", dir)
	a := new(txtar.Archive)
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || name == "machine.json" || name == "events.jsonl" {
			return err
		}
		data, err := os.ReadFile(filepath.Join(dir, name))
		a.Files = append(a.Files, txtar.File{Name: name, Data: data})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return txtar.Format(a)
}

// The same machine is told the same, to the byte; and a machine whose displays
// say all that is needed is told nothing.
func TestWrittenTwice(t *testing.T) {
	for _, file := range append(machines(t), kept(t, "seats")...) {
		t.Run(filepath.Base(file), func(t *testing.T) {
			if a, b := written(t, file), written(t, file); !bytes.Equal(a, b) {
				t.Errorf("two runs differ:\n%s", cmp.Diff(string(a), string(b)))
			}
		})
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
