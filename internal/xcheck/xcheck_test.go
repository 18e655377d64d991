package xcheck

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"attune/internal/corpus"
)

// server is Debian's real server; what is in PATH may be a wrapper.
func server(t *testing.T) Checker {
	t.Helper()
	const path = "/usr/lib/xorg/Xorg"
	if _, err := os.Stat(path); err != nil {
		corpus.Missing(t, "no X server: install xserver-xorg-core")
	}
	return Checker{Server: path, Temp: t.TempDir()}
}

func confDir(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

const monitor = "Section \"Monitor\"\n\tIdentifier \"HDMI-1\"\n\tOption \"Rotate\" \"left\"\nEndSection\n"

func TestCheck(t *testing.T) {
	x := server(t)
	tests := []struct {
		name  string
		files map[string]string
		want  string // part of the refusal, "" for none
	}{
		{"nothing at all", nil, ""},
		{"a monitor", map[string]string{"90-a.conf": monitor}, ""},
		{"an unknown keyword", map[string]string{"10-a.conf": monitor, "90-b.conf": "Section \"Monitor\"\n\tIdentifier \"x\"\n\tWat\nEndSection\n"},
			`90-b.conf: line 3: section "Monitor": "Wat" is not a valid keyword`},
		{"an unknown section", map[string]string{"a.conf": "Section \"Wat\"\nEndSection\n"}, `a.conf: line 1: section "Wat"`},
		{"no end", map[string]string{"a.conf": "Section \"Monitor\"\n\tIdentifier \"x\"\n"}, "the last section has no end"},
		{"a screen that is not there", map[string]string{"a.conf": "Section \"ServerLayout\"\n\tIdentifier \"l\"\n\tScreen \"s\"\nEndSection\n"}, `Undefined Screen "s"`},
		// X goes on after this one, with the line left out.
		{"an option without a name", map[string]string{"a.conf": "Section \"Monitor\"\n\tIdentifier \"x\"\n\tOption\nEndSection\n"}, "Option keyword requires"},
		// X would skip these without a word, and a check of them would be of nothing.
		{"another suffix", map[string]string{"a.txt": monitor}, "would not be read"},
		{"too many", many(41), "would not all be read"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			err := x.Check(context.Background(), confDir(t, test.files))
			var refusal *Refusal
			switch {
			case test.want == "" && err != nil:
				t.Error(err)
			case test.want != "" && (!errors.As(err, &refusal) || !strings.Contains(err.Error(), test.want)):
				t.Errorf("said %v, want %q", err, test.want)
			}
		})
	}
}

func many(n int) map[string]string {
	files := map[string]string{}
	for i := range n {
		files[strings.Repeat("a", i+1)+".conf"] = monitor
	}
	return files
}

// A server that reads nothing, hangs or is not there must never pass for one
// which is content.
func TestNoAnswer(t *testing.T) {
	dir := confDir(t, map[string]string{"a.conf": monitor})
	for _, path := range []string{"/bin/true", "/bin/false", "/nonexistent/Xorg"} {
		err := Checker{Server: path, Temp: t.TempDir()}.Check(context.Background(), dir)
		if !errors.Is(err, ErrNoAnswer) {
			t.Errorf("%s: %v", path, err)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := server(t).Check(ctx, dir); !errors.Is(err, ErrNoAnswer) {
		t.Errorf("cancelled: %v", err)
	}
}

// Nothing may be left behind that keeps a later X server from starting.
func TestNothingLeftBehind(t *testing.T) {
	x := server(t)
	before := traces(t)
	for _, text := range []string{monitor, "rubbish"} {
		x.Check(context.Background(), confDir(t, map[string]string{"a.conf": text}))
	}
	if after := traces(t); after != before {
		t.Errorf("before: %s\nafter: %s", before, after)
	}
	if left, _ := os.ReadDir(x.Temp); len(left) > 0 {
		t.Errorf("left in the scratch directory: %v", left)
	}
}

func traces(t *testing.T) string {
	t.Helper()
	locks, _ := filepath.Glob("/tmp/.X2*-lock")
	sockets, _ := filepath.Glob("/tmp/.X11-unix/X2*")
	return strings.Join(append(locks, sockets...), " ")
}
