package main

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"

	"attune/internal/boot"
	"attune/internal/inspect"
	"attune/internal/rootfs"
)

// A trap is a machine on which reading settings does something odd.
type trap struct {
	fstest.MapFS
	spring func()
}

func (t trap) ReadDir(name string) ([]fs.DirEntry, error) {
	if name == "etc/attune" {
		t.spring()
	}
	return t.MapFS.ReadDir(name)
}

// Whatever happens to displays, the boot comes to its end and has a record.
func TestDesktopNeverHoldsABoot(t *testing.T) {
	report := boot.Report{DryRun: true, Settled: true}
	run := func(ctx context.Context, spring func()) bootDone {
		m := &machine{Machine: &inspect.Machine{Root: &rootfs.Root{FS: trap{fstest.MapFS{"etc/attune/a.toml": {}}, spring}}}}
		return m.withDesktop(ctx, report, boot.Options{}, boot.NewJournal(nil, 0, ""), nil)
	}
	told := func(t *testing.T, done bootDone, text string) {
		t.Helper()
		if !done.Settled || !strings.Contains(strings.Join(done.Problems, "\n"), text) {
			t.Errorf("settled %v, problems %q, want %q", done.Settled, done.Problems, text)
		}
	}
	t.Run("a mistake of ours", func(t *testing.T) {
		told(t, run(t.Context(), func() { panic("index out of range") }), "a mistake in attune: index out of range")
	})
	t.Run("a server that is gone", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			start := time.Now()
			gone := make(chan struct{})
			done := run(t.Context(), func() { <-gone })
			told(t, done, "not done after 20s")
			if took := time.Since(start); took != desktopTime {
				t.Errorf("took %v", took)
			}
			r := bootRun{log: boot.NewJournal(nil, 0, ""), machine: &machine{Machine: &inspect.Machine{Root: &rootfs.Root{FS: trap{spring: func() { t.Error("tried again") }}}}}}
			done.ready = true
			later := boot.Report{Settled: true, Took: 1, Changed: true}
			if late := r.since(t.Context(), done, later); late.Took != 1 {
				t.Errorf("the late report is lost: %+v", late.Report)
			}
			close(gone)
		})
	})
	t.Run("a signal", func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(t.Context())
		cancel(errors.New("terminated"))
		told(t, run(ctx, func() { t.Error("went on") }), "stopped by a signal")
	})
}

// What is decided for another machine than this one changes nothing of this
// one's, whoever asks.
func TestAnotherMachinesDesktop(t *testing.T) {
	out, err := os.OpenRoot(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	for _, row := range []struct {
		name      string
		live, dry bool
		state     string
	}{
		{"this one's boot", true, false, stateDir},
		{"to look at", true, true, ""},
		{"another one", false, false, ""},
		{"a recording", false, true, ""},
	} {
		m := &machine{Machine: &inspect.Machine{Root: &rootfs.Root{FS: fstest.MapFS{}, Live: row.live}}}
		target := m.target(boot.Report{DryRun: row.dry}, out, "")
		if target.State != row.state || target.Run != "" != (row.state != "") {
			t.Errorf("%s: %+v", row.name, target)
		}
	}
}
