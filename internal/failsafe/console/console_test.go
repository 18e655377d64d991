package console

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestSay(t *testing.T) {
	root := t.TempDir()
	c := Console{root}
	for name, text := range map[string]string{"dev/tty1": "", "dev/ttyS0": "", "dev/null": "", "sys/class/tty/console/active": "tty0 ttyS0\n"} {
		file := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.Say("no\x1b[2J picture\u009b", `tried \d`); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"dev/tty1": "\r\nno [2J picture \r\ntried \\d\r\n", "dev/ttyS0": "\r\nno [2J picture \r\ntried \\d\r\n", "dev/null": "", reload: ""} {
		if now, err := os.ReadFile(filepath.Join(root, name)); string(now) != want || err != nil {
			t.Errorf("%s: %q, %v", name, now, err)
		}
	}
	file := filepath.Join(root, issueDir, issueFile)
	login, _ := os.ReadFile(file)
	if !strings.Contains(string(login), `tried \\d`) {
		t.Errorf("%q", login)
	}
	for range 2 {
		if err := c.Clear(); err != nil {
			t.Error(err)
		}
	}
	if _, err := os.Stat(file); err == nil {
		t.Error("still there")
	}
}

// A machine without a console still tells at the login.
func TestSayWithoutConsole(t *testing.T) {
	c := Console{t.TempDir()}
	if err := c.Say("x"); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(filepath.Join(c.Root, issueDir, issueFile)); err != nil {
		t.Error(err)
	}
}
