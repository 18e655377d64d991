package xconfig

import (
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
