package main

import (
	"strings"
	"testing"
	"testing/fstest"

	"attune/internal/boot"
	"attune/internal/rootfs"
)

// A mistake in the sequence costs what it is; the displays are configured all
// the same.
func TestMistakeInABoot(t *testing.T) {
	m := &machine{Root: &rootfs.Root{FS: fstest.MapFS{}}}
	m.modules = m.Root
	r := bootRun{machine: m, log: boot.NewJournal(nil, 0, "")}
	env := boot.Env{Root: m.FS, Modules: m.FS, Listen: func() (boot.Listener, error) { panic("out of range") }}
	done := r.run(env)
	if all := strings.Join(done.Problems, "\n"); !done.ready || !strings.Contains(all, "a mistake in attune: out of range") {
		t.Errorf("ready %v, problems %q", done.ready, all)
	}
}
