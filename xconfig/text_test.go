package xconfig

import (
	"errors"
	"strings"
	"testing"
	"time"
)

// Many stars cost no more than a few.
func TestWildIsQuick(t *testing.T) {
	start := time.Now()
	if wild(strings.Repeat("*a", 1000)+"b", strings.Repeat("a", 10000)) {
		t.Error("matches")
	}
	if d := time.Since(start); d > 2*time.Second {
		t.Errorf("took %v", d)
	}
}

// A note is one line, whatever it speaks of, and is said once.
func TestRemark(t *testing.T) {
	long := strings.Repeat("x", 500)
	n := Remark("a\nb", "%q is not %s: %v", "c\nd\x1b", long, errors.New("e\nf"))
	if n.Subject != "a?b" || n.Text != `"c?d?" is not `+strings.Repeat("x", 197)+"...: e?f" {
		t.Errorf("%+v", n)
	}
	if got := Once([]Note{n, {Subject: "other"}, n, n}); len(got) != 2 || got[1].Subject != "other" {
		t.Errorf("%+v", got)
	}
}
