package state_test

import (
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"attune/internal/state"
	"attune/internal/state/statetest"
)

// What a directory is worth is found out on real file systems, in time.
func TestLook(t *testing.T) {
	statetest.Each(t, func(t *testing.T, c statetest.Case, dir string) {
		const patience = 300 * time.Millisecond
		begin := time.Now()
		unasked := state.Look(dir, false, patience)
		if unasked.Condition != c.Unasked {
			t.Errorf("without writing: %+v, want %s", unasked, c.Unasked)
		}
		s := state.Look(dir, true, 3*patience)
		if s.Condition != c.Is || s.Why == "" {
			t.Errorf("%+v, want %s", s, c.Is)
		}
		if f, bad := s.Finding(); bad == (c.Is == state.Good) || bad && (f.Subject != dir || f.Text == "") {
			t.Errorf("finding %+v", f)
		}
		t.Logf("%s: %s, after %v", s.Condition, s.Why, time.Since(begin).Round(time.Millisecond))
	})
}

// A stick may have anything under the name of the mark.
func TestLookMarkIsNoFile(t *testing.T) {
	dir := t.TempDir()
	if err := unix.Mkfifo(filepath.Join(dir, ".unusable"), 0o600); err != nil {
		t.Fatal(err)
	}
	if s := state.Look(dir, false, time.Second); !s.Readable() {
		t.Errorf("%+v", s)
	}
}
