package dist_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// below lists the files under a folder, by their paths in it.
func below(t *testing.T, root string) (files []string) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			files = append(files, strings.TrimPrefix(path, root))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(files)
	return files
}

// TestInstall: what is installed is what is listed, and is taken away again.
func TestInstall(t *testing.T) {
	root := t.TempDir()
	must(t, "env", "DESTDIR="+root, "scripts/install")
	have := below(t, root)
	listed := strings.Fields(must(t, "scripts/install", "--list"))
	slices.Sort(listed)
	if !slices.Equal(have, listed) {
		t.Errorf("installed %d files, listed %d: %v, %v", len(have), len(listed), without(have, listed), without(listed, have))
	}
	for _, want := range []string{
		"/usr/lib/systemd/system/attune-boot.service", "/usr/lib/udev/rules.d/90-attune.rules", "/usr/lib/tmpfiles.d/attune.conf",
		"/usr/share/man/man1/attune.1", "/usr/lib/attune/mount-state",
	} {
		if !slices.Contains(have, want) {
			t.Errorf("%s is not installed", want)
		}
	}
	for _, f := range have {
		// An image's /etc and /var are its administrator's and its own.
		if !strings.HasPrefix(f, "/usr/") {
			t.Errorf("%s is installed outside /usr", f)
		}
		if strings.HasSuffix(f, ".go") {
			t.Errorf("%s is installed", f)
		}
		script := strings.HasPrefix(read(t, root+f), "#!")
		if info, err := os.Stat(root + f); err != nil || script && !executable(root+f) && !strings.Contains(f, "/dracut/") {
			t.Errorf("%s: mode %v, %v", f, info.Mode(), err)
		}
	}
	must(t, "env", "DESTDIR="+root, "scripts/install", "--remove")
	if left := below(t, root); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// TestInstallElsewhere: with another PREFIX nothing is looked for below /usr's
// own.
func TestInstallElsewhere(t *testing.T) {
	root := t.TempDir()
	must(t, "env", "DESTDIR="+root, "PREFIX=/opt/a", "INIT=openrc", "scripts/install")
	files := below(t, root)
	for _, f := range files {
		if strings.HasPrefix(f, "/usr/") {
			t.Errorf("%s is installed", f)
		}
		if strings.HasPrefix(f, "/opt/a/bin/") || strings.Contains(f, "/man/") {
			continue
		}
		for line := range strings.SplitSeq(read(t, root+f), "\n") {
			if strings.Contains(line, "/usr/bin/attune") || strings.Contains(line, "/usr/lib/attune/") && !strings.Contains(line, "*") {
				t.Errorf("%s: %s", f, line)
			}
		}
	}
	if !slices.Contains(files, "/etc/init.d/attune") {
		t.Error("INIT=openrc installs no /etc/init.d/attune")
	}
}

// TestManifestIsWhole: each line of the manifest brings a file, unless it is
// one that a build makes.
func TestManifestIsWhole(t *testing.T) {
	for line := range strings.SplitSeq(read(t, "manifest"), "\n") {
		words := strings.Fields(line)
		if len(words) == 0 || strings.HasPrefix(words[0], "#") {
			continue
		}
		if len(words) != 2 {
			t.Errorf("%q: want a source and a folder", line)
			continue
		}
		if strings.HasPrefix(words[0], "bin/") || strings.HasPrefix(words[0], "out/") {
			continue
		}
		if found, _ := filepath.Glob(filepath.Join("..", words[0])); len(found) == 0 {
			t.Errorf("%s: there is no such file", words[0])
		}
	}
}
