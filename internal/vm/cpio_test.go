package vm

import (
	"bytes"
	"os/exec"
	"strings"
	"testing"

	"attune/internal/corpus"
)

// The archive is one cpio itself reads, contents and kinds.
func TestCPIO(t *testing.T) {
	if _, err := exec.LookPath("cpio"); err != nil {
		corpus.Missing(t, "cpio is not installed")
	}
	var buf bytes.Buffer
	c := newCPIO(&buf)
	c.char("dev/console", 5, 1)
	c.file("init", 0o755, []byte("odd length!"))
	c.file("payload/deep/er", 0o644, nil)
	if err := c.close(); err != nil {
		t.Fatal(err)
	}
	archive := buf.Bytes()
	list := cpio(t, archive, "-itv")
	for _, want := range []string{"crw-------", "dev/console", "-rwxr-xr-x", "drwxr-xr-x", "payload/deep\n", "payload/deep/er"} {
		if !strings.Contains(list, want) {
			t.Errorf("no %q in\n%s", want, list)
		}
	}
	if got := cpio(t, archive, "-i", "--to-stdout", "init"); got != "odd length!" {
		t.Errorf("contents of init: %q", got)
	}
}

func cpio(t *testing.T, archive []byte, args ...string) string {
	t.Helper()
	c := exec.Command("cpio", append(args, "--quiet")...)
	c.Stdin = bytes.NewReader(archive)
	out, err := c.Output()
	if err != nil {
		t.Fatalf("cpio %v: %v", args, err)
	}
	return string(out)
}
