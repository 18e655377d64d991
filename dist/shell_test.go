package dist_test

import (
	"path/filepath"
	"strings"
	"testing"
)

// scripts are all shell scripts which are installed or make the package.
func scripts(t *testing.T) (files []string) {
	for _, pattern := range []string{"dist/lib/*", "dist/sysvinit/*", "dist/openrc/*", "dist/deb/p*", "scripts/install", "scripts/deb", "scripts/debroot", "scripts/licences"} {
		found, _ := filepath.Glob("../" + pattern)
		for _, f := range found {
			files = append(files, strings.TrimPrefix(f, "../"))
		}
	}
	if len(files) < 9 {
		t.Fatalf("found %v", files)
	}
	return files
}

func TestShellScripts(t *testing.T) {
	for _, f := range scripts(t) {
		if said, err := say(t, "dash", "-n", f); err != nil {
			t.Errorf("%s: %s", f, said)
		}
		// SC1091: sourced files of a system are not here. SC2034: OpenRC reads
		// variables.
		if said, err := say(t, tool(t, "shellcheck"), "--shell=sh", "--exclude=SC1091,SC2034", f); err != nil {
			t.Errorf("%s:\n%s", f, said)
		}
	}
}

// TestSysvinitHeader: what insserv orders by is there, each on a line of its own.
// That it comes to the right place is seen in a Debian, TestInits.
func TestSysvinitHeader(t *testing.T) {
	text := read(t, "sysvinit/attune")
	_, rest, ok := strings.Cut(text, "### BEGIN INIT INFO\n")
	header, _, end := strings.Cut(rest, "### END INIT INFO\n")
	if !ok || !end {
		t.Fatal("no LSB header")
	}
	for _, want := range []string{"Provides", "Required-Start", "Required-Stop", "Default-Start", "Default-Stop", "Short-Description", "Description"} {
		if !strings.Contains("\n"+header, "\n# "+want+":") {
			t.Errorf("no %s in the header", want)
		}
	}
}
