// Package dist_test holds what is installed next to the program and to the
// tools that will read it.
package dist_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"attune/internal/corpus"
)

// tool finds a program tests ask; its Debian package is in scripts/deps.
func tool(t *testing.T, name string) string {
	t.Helper()
	for _, dir := range append(filepath.SplitList(os.Getenv("PATH")), "/usr/sbin", "/sbin") {
		if path := filepath.Join(dir, name); executable(path) {
			return path
		}
	}
	corpus.Missing(t, "%s is not installed", name)
	return ""
}

func executable(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular() && info.Mode().Perm()&0o111 != 0
}

// say runs a program in the project's root and gives what it said.
func say(t *testing.T, argv ...string) (string, error) {
	t.Helper()
	c := exec.Command(argv[0], argv[1:]...)
	c.Dir = ".."
	c.Env = append(os.Environ(), "LC_ALL=C", "SYSTEMD_COLORS=0", "SYSTEMD_EMOJI=0")
	out, err := c.CombinedOutput()
	return string(out), err
}

// must is say for what may not fail.
func must(t *testing.T, argv ...string) string {
	t.Helper()
	out, err := say(t, argv...)
	if err != nil {
		t.Fatalf("%s: %v\n%s", strings.Join(argv, " "), err, out)
	}
	return out
}

// program builds attune.
func program(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "attune")
	must(t, "./scripts/go", "build", "-o", path, "./cmd/attune")
	return path
}

// installed is what scripts/install puts below a folder, with an attune that
// does nothing where there is none built: no test of these runs it.
func installed(t *testing.T, env ...string) string {
	t.Helper()
	root := t.TempDir()
	must(t, append(append([]string{"env", "DESTDIR=" + root}, env...), "scripts/install")...)
	bin := filepath.Join(root, "usr/bin/attune")
	if _, err := os.Stat(bin); err != nil {
		if err := os.MkdirAll(filepath.Dir(bin), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(bin, []byte("#!/bin/sh\n"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func read(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
