package scratch

import (
	"os"
	"path/filepath"
	"testing"
)

func open(t *testing.T) (*os.Root, string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "run", "attune")
	root, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { root.Close() })
	return root, dir
}

func TestWriteFileReplaces(t *testing.T) {
	root, dir := open(t)
	for _, text := range []string{"first", "second"} {
		if err := WriteFile(root, "a/b.json", []byte(text)); err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(filepath.Join(dir, "a/b.json")); err != nil || string(got) != text {
			t.Fatalf("read %q, %v", got, err)
		}
	}
	if names, _ := filepath.Glob(filepath.Join(dir, "a", "*")); len(names) != 1 {
		t.Errorf("left behind: %q", names)
	}
}

func TestWriteFileStaysInside(t *testing.T) {
	root, dir := open(t)
	outside := t.TempDir()
	if err := os.Symlink(outside, filepath.Join(dir, "link")); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"../escaped", "/etc/escaped", "link/escaped"} {
		if err := WriteFile(root, name, []byte("x")); err == nil {
			t.Errorf("wrote %s", name)
		}
	}
	if names, _ := os.ReadDir(outside); len(names) != 0 {
		t.Errorf("outside: %v", names)
	}
}

func TestWriteFileKeepsTheOldOneWhenItFails(t *testing.T) {
	root, dir := open(t)
	if err := os.MkdirAll(filepath.Join(dir, "taken", "by a directory"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := WriteFile(root, "taken", []byte("x")); err == nil {
		t.Error("replaced a directory")
	}
	if names, _ := filepath.Glob(filepath.Join(dir, ".new-*")); len(names) != 0 {
		t.Errorf("left behind: %q", names)
	}
}
