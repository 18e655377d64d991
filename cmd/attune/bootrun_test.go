package main

import (
	"errors"
	"io"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"attune/internal/boot"
	"attune/internal/inspect"
	"attune/internal/notify"
	"attune/internal/rootfs"
)

// A mistake in the sequence costs what it is; the displays are configured all
// the same.
func TestMistakeInABoot(t *testing.T) {
	m := &machine{Machine: &inspect.Machine{Root: &rootfs.Root{FS: fstest.MapFS{}}}}
	m.Modules = m.Root
	r := bootRun{machine: m, log: boot.NewJournal(nil, 0, "")}
	env := boot.Env{Root: m.FS, Modules: m.FS, Listen: func() (boot.Listener, error) { panic("out of range") }}
	done := r.run(env)
	if all := strings.Join(done.Problems, "\n"); !done.ready || !strings.Contains(all, "a mistake in attune: out of range") {
		t.Errorf("ready %v, problems %q", done.ready, all)
	}
}

// liveRun is a boot somebody is told of.
func liveRun(told chan<- string) *bootRun {
	m := &machine{Machine: &inspect.Machine{Root: &rootfs.Root{FS: fstest.MapFS{}}}}
	m.Modules = m.Root
	return &bootRun{
		machine: m, log: boot.NewJournal(nil, 0, ""), stderr: io.Discard, tell: &notify.Teller{},
		ready: func(status string) error { told <- status; return nil },
	}
}

// Whatever hangs, X may start a little after the deadline; and what was ready in
// time is told once.
func TestReadyThoughAttuneHangs(t *testing.T) {
	told := make(chan string, 9)
	r := liveRun(told)
	r.opt.Deadline = 20*time.Millisecond - readyMargin // so that the test need not wait for the margin
	end := make(chan struct{})
	done := make(chan bootDone)
	go func() {
		done <- r.run(boot.Env{Root: r.FS, Modules: r.FS, Listen: func() (boot.Listener, error) {
			<-end
			return nil, errors.New("no listener")
		}})
	}()
	select {
	case status := <-told:
		if !strings.Contains(status, "time is up") {
			t.Errorf("told %q", status)
		}
	case <-time.After(10 * time.Second):
		t.Error("nobody was told")
	}
	close(end)
	<-done

	r = liveRun(told)
	for len(told) > 0 {
		<-told
	}
	r.run(boot.Env{Root: r.FS, Modules: r.FS})
	if n := len(told); n != 1 || r.late.Stop() {
		t.Errorf("told %d times, or to be told again", n)
	}
}

// The settings' deadline is the promise's, but for one given on the command line.
func TestDeadlineOfTheSettings(t *testing.T) {
	for _, tt := range []struct {
		name  string
		fixed bool
		told  bool
	}{{"settings'", false, false}, {"given", true, true}} {
		t.Run(tt.name, func(t *testing.T) {
			told := make(chan string, 1)
			r := liveRun(told)
			r.FS = fstest.MapFS{"etc/attune/site.toml": {Data: []byte("boot.deadline = \"1h\"\n")}}
			r.opt.Deadline, r.opt.FixedDeadline = 200*time.Millisecond-readyMargin, tt.fixed
			defer r.promise().Stop()
			if want := r.wanted(r.Inventory()); want == nil || want.Deadline != time.Hour {
				t.Fatalf("the settings say %+v", want)
			}
			time.Sleep(400 * time.Millisecond)
			if got := len(told) == 1; got != tt.told {
				t.Errorf("told: %v", got)
			}
		})
	}
}

// While a boot listens, udev's rule leaves it alone: what came is planned for
// once, by the boot.
func TestWordIsLeftWhenNobodyListens(t *testing.T) {
	out := openScratch(t)
	listensNot(out) // an earlier boot's
	r := liveRun(make(chan string, 9))
	r.out = out
	there := func() bool {
		_, err := out.Stat(deafFile)
		return err == nil
	}
	r.run(boot.Env{Root: r.FS, Modules: r.FS, Listen: func() (boot.Listener, error) {
		if there() {
			t.Error("word is left although this boot listens")
		}
		return nil, errors.New("no listener")
	}})
	if !there() {
		t.Error("no word is left although nobody listens any more")
	}
}
