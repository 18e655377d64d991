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
	if err := os.MkdirAll(filepath.Join(root, "dev"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(root, "dev/console"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := c.Say("no picture", `tried \d`); err != nil {
		t.Fatal(err)
	}
	now, _ := os.ReadFile(filepath.Join(root, "dev/console"))
	if string(now) != "\r\nno picture\r\ntried \\d\r\n" {
		t.Errorf("%q", now)
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
	if err := c.Say("x"); err == nil {
		t.Error("nothing told of it")
	}
	if _, err := os.Stat(filepath.Join(c.Root, issueDir, issueFile)); err != nil {
		t.Error(err)
	}
}
