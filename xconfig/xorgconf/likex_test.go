package xorgconf

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"attune/internal/corpus"
	"attune/internal/xcheck"
)

// TestLikeX holds Parse against the real parser: what one takes the other
// takes, on every oddity and on damaged files.
func TestLikeX(t *testing.T) {
	x := realX(t)
	for _, test := range odd {
		compare(t, x, []byte(test.text))
	}
	text, err := Print("head", everything...)
	if err != nil {
		t.Fatal(err)
	}
	compare(t, x, text)
	n := 250
	if os.Getenv("ATTUNE_SOAK") != "" {
		n = 20_000
	}
	r := rand.New(rand.NewPCG(1, 2))
	var taken, refused, unknown int
	for range n {
		switch compare(t, x, damage(r, text)) {
		case 't':
			taken++
		case 'r':
			refused++
		default:
			unknown++
		}
	}
	t.Logf("%d damaged files: both take %d, both refuse %d, %d with what is not known here", n, taken, refused, unknown)
	if taken < n/20 || refused < n/20 {
		t.Errorf("the damage is too little or too much to tell anything")
	}
}

// FuzzLikeX looks for more of what only one of the two takes.
func FuzzLikeX(f *testing.F) {
	for _, test := range odd {
		f.Add([]byte(test.text))
	}
	f.Fuzz(func(t *testing.T, data []byte) { compare(t, realX(t), data) })
}

func realX(t *testing.T) xcheck.Checker {
	t.Helper()
	const path = "/usr/lib/xorg/Xorg"
	if _, err := os.Stat(path); err != nil {
		corpus.Missing(t, "no X server: install xserver-xorg-core")
	}
	return xcheck.Checker{Server: path, Temp: t.TempDir(), Limit: time.Minute}
}

// compare gives 't' where both take the file, 'r' where both refuse it.
func compare(t *testing.T, x xcheck.Checker, data []byte) byte {
	t.Helper()
	_, ours := Parse(data)
	if errors.Is(ours, ErrUnsupported) {
		return 'u'
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "a.conf"), data, 0o644); err != nil {
		t.Fatal(err)
	}
	theirs := x.Check(context.Background(), dir)
	var refusal *xcheck.Refusal
	switch {
	case theirs != nil && !errors.As(theirs, &refusal):
		t.Fatalf("%v\n%q", theirs, data)
	case refusal != nil && strings.HasPrefix(refusal.Text, "Undefined "):
		return 'u' // what is named and not there is not a matter of reading
	case (ours == nil) != (theirs == nil):
		t.Errorf("here: %v\nX: %v\n%q", ours, theirs, data)
	case ours == nil:
		return 't'
	}
	return 'r'
}

// pieces are what tells a lexer from another.
var pieces = []string{"\"", "\n", "\r", "\x00", "#", ",", "-", " ", "\t", "0x", "1", "|", "\xff", "EndSection", "Section \"Monitor\"\n", "Option \"a\" \"b\"\n",
	"Option", "Identifier \"y\"\n", "\"\n", strings.Repeat("x", 1100), "\x00\x00", "\r\n", "_"}

// damage changes a text in one or two places.
func damage(r *rand.Rand, text []byte) []byte {
	out := append([]byte(nil), text...)
	for range 1 + r.IntN(2) {
		i := r.IntN(len(out))
		switch p := pieces[r.IntN(len(pieces))]; r.IntN(4) {
		case 0:
			out = append(out[:i:i], append([]byte(p), out[i:]...)...)
		case 1:
			out = append(out[:i:i], append([]byte(p), out[min(i+len(p), len(out)):]...)...)
		case 2:
			j := min(i+r.IntN(30), len(out))
			out = append(out[:i:i], out[j:]...)
		case 3:
			out[i] = byte(r.IntN(256))
		}
	}
	return out
}
