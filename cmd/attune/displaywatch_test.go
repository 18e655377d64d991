package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"attune/internal/failsafe"
	"attune/internal/failsafe/alive"
	"attune/internal/failsafe/console"
	"attune/internal/failsafe/xlog"
	"attune/internal/inspect"
	"attune/internal/rootfs"
)

// A fakeDesktop is a display manager and the X servers it starts, on a machine
// of three steps. All times are since a start.
type fakeDesktop struct {
	t       *testing.T
	root    string
	machine *machine
	booted  time.Time
	saved   atomic.Int64

	runs  map[string]fakeX // by step
	mu    sync.Mutex       // of what follows
	state string           // of the display manager
	step  string           // it was started for
	began time.Time
	calls []string // of systemctl
	looks int      // at servers, at logs and by systemctl
}

// A fakeX is what comes of a step.
type fakeX struct {
	from, to time.Duration // an X server runs; to 0: for ever
	quiet    bool
	says     string        // a decisive reason, once it does not run
	ends     time.Duration // the display manager gives up, 0: it does not
	result   string
}

func newDesktop(t *testing.T, runs map[string]fakeX) *fakeDesktop {
	t.Helper()
	d := &fakeDesktop{t: t, root: t.TempDir(), booted: time.Now(), runs: runs, state: "inactive"}
	for name, text := range map[string]string{"proc/sys/kernel/random/boot_id": "boot\n", "run/attune/.keep": ""} {
		name = filepath.Join(d.root, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	d.machine = &machine{Machine: &inspect.Machine{Root: &rootfs.Root{FS: os.DirFS(d.root)}}}
	l, errs := d.open(t.Context())
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	defer l.Close()
	l.rec.Boot = failsafe.BootID(d.machine.FS)
	l.rec.Facts = failsafe.Facts{Hardware: "h", Image: "i", Settings: "s", Steps: []failsafe.Step{{Name: failsafe.Planned}, {Name: "own"}, {Name: "alone"}}}
	if errs := l.save(); len(errs) > 0 {
		t.Fatal(errs)
	}
	return d
}

func (d *fakeDesktop) up() time.Duration { return time.Since(d.booted) }

func (d *fakeDesktop) file() string { return filepath.Join(d.root, "run/attune", failsafe.File) }

func (d *fakeDesktop) open(context.Context) (*ladder, []error) {
	run, err := os.OpenRoot(filepath.Join(d.root, "run/attune"))
	if err != nil {
		return nil, []error{err}
	}
	l := &ladder{m: d.machine, run: run, console: console.Console{Root: d.root}, up: d.up}
	if l.rec, err = failsafe.Load(d.machine.FS); err != nil {
		d.t.Error(err)
	}
	l.unlock = func() { // the files' clock is not the bubble's
		at := d.booted.Add(time.Duration(d.saved.Add(1)) * time.Second)
		if err := os.Chtimes(d.file(), at, at); err != nil {
			d.t.Error(err)
		}
	}
	return l, nil
}

// tell is what the commands beside the display manager's do.
func (d *fakeDesktop) tell(e failsafe.Event) {
	l, errs := d.open(d.t.Context())
	if len(errs) > 0 {
		d.t.Fatal(errs)
	}
	defer l.Close()
	if errs := l.event(e); len(errs) > 0 {
		d.t.Error(errs)
	}
}

func (d *fakeDesktop) start() {
	d.tell(failsafe.Event{Kind: failsafe.Started})
	rec, err := failsafe.Load(d.machine.FS)
	if err != nil || rec.State.Open == nil {
		d.t.Fatalf("%+v %v", rec, err)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.state, d.step, d.began = "active", rec.State.Open.Step, time.Now()
	if x := d.runs[d.step]; x.ends > 0 {
		time.AfterFunc(x.ends, func() { d.end(x) })
	}
}

func (d *fakeDesktop) end(x fakeX) {
	d.mu.Lock()
	d.state = x.result
	d.mu.Unlock()
	if x.result == "failed" {
		d.tell(failsafe.Event{Kind: failsafe.Failed, Why: x.says, Decisive: true})
		return
	}
	d.tell(failsafe.Event{Kind: failsafe.Stopped})
}

func (d *fakeDesktop) runsNow() bool {
	x, since := d.runs[d.step], time.Since(d.began)
	return d.state == "active" && x.from > 0 && since >= x.from && (x.to == 0 || since < x.to)
}

func (d *fakeDesktop) servers(context.Context) []alive.Server {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.looks++
	if !d.runsNow() {
		return nil
	}
	return []alive.Server{{Name: "X0", PID: int(d.began.Unix()), Quiet: d.runs[d.step].quiet}}
}

func (d *fakeDesktop) logs(time.Time) account {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.looks++
	if x := d.runs[d.step]; x.says != "" && time.Since(d.began) > x.from && !d.runsNow() {
		return account{Reason: xlog.Reason{Text: x.says, Decisive: true}, Written: true}
	}
	return account{}
}

func (d *fakeDesktop) State(context.Context) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.looks++
	return d.state
}

func (d *fakeDesktop) call(what string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.looks++
	d.calls = append(d.calls, what)
	return nil
}

func (d *fakeDesktop) Restart(context.Context) error {
	time.AfterFunc(900*time.Millisecond, d.start)
	return d.call("restart")
}

func (d *fakeDesktop) Stop(context.Context) error {
	d.mu.Lock()
	d.state = "inactive"
	d.mu.Unlock()
	return d.call("stop")
}

func (d *fakeDesktop) Forgive(context.Context) error { return d.call("forgive") }

// A watcher follows the starts to their end, looks seldom, and does no more
// than it has to.
func TestDisplayWatch(t *testing.T) {
	fine := fakeX{from: 2 * time.Second}
	cannot := fakeX{from: time.Second, to: 1500 * time.Millisecond, says: "no screens found"}
	for _, row := range []struct {
		name  string
		runs  map[string]fakeX
		start bool
		calls []string
		said  string
		step  string // there was a picture with
		ends  time.Duration
		looks int // at most
	}{
		{name: "it comes up", start: true, runs: map[string]fakeX{"planned": fine},
			said: "a picture by step planned", step: "planned", ends: 15 * time.Second, looks: 8},
		{name: "after a minute", start: true, runs: map[string]fakeX{"planned": {from: time.Minute}},
			said: "a picture by step planned", step: "planned", ends: 80 * time.Second, looks: 60},
		{name: "nobody talks to it", start: true, runs: map[string]fakeX{"planned": {from: time.Second, quiet: true}},
			said: "a picture by step planned", step: "planned", ends: 40 * time.Second, looks: 25},
		{name: "X says it cannot, and its manager stays", start: true, runs: map[string]fakeX{"planned": cannot, "own": fine},
			said: "no screens found", step: "own", calls: []string{"restart"}, ends: 30 * time.Second, looks: 20},
		{name: "its manager gives up", start: true, runs: map[string]fakeX{"planned": {from: time.Second, to: 1500 * time.Millisecond, says: "no screens found", ends: 1600 * time.Millisecond, result: "failed"}, "own": fine},
			said: "trying step 2 of 3: own", step: "own", calls: []string{"restart"}, ends: 30 * time.Second, looks: 20},
		{name: "no step works", start: true, runs: map[string]fakeX{"planned": cannot, "own": cannot, "alone": cannot},
			said: "no picture by step alone", calls: []string{"restart", "restart", "stop"}, ends: 30 * time.Second, looks: 30},
		{name: "no X is ever started", start: true,
			said: "no display server was started", ends: watchTime + time.Second, looks: 140},
		{name: "the display manager waits for the network", start: true, runs: map[string]fakeX{"planned": {from: 5 * time.Minute}},
			said: "a picture by step planned", step: "planned", ends: 6 * time.Minute, looks: 110},
		{name: "somebody stops it", start: true, runs: map[string]fakeX{"planned": {from: time.Hour, ends: 5 * time.Second, result: "inactive"}},
			ends: 45 * time.Second, looks: 20},
		{name: "there is no display manager", ends: 35 * time.Second, looks: 2},
	} {
		t.Run(row.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := newDesktop(t, row.runs)
				var out bytes.Buffer
				in := &invocation{stdout: &out, stderr: &out}
				if row.start {
					d.start()
				}
				w := watcher{in: in, m: d.machine, manager: d, of: func(string) manager { return d }, eyes: eyes{up: d.up, servers: d.servers, logs: d.logs, open: d.open}}
				w.follow(t.Context())
				took := d.up()
				rec, err := failsafe.Load(d.machine.FS)
				if err != nil {
					t.Fatal(err)
				}
				step := ""
				if g := rec.State.Good; g != nil {
					step = g.Step
				}
				if step != row.step || !slices.Equal(d.calls, row.calls) || !strings.Contains(out.String(), row.said) {
					t.Errorf("a picture by %q after %q, said %s", step, d.calls, &out)
				}
				if n := len(rec.State.Failed); n != len(row.calls) { // a call follows each failure, and nothing else
					t.Errorf("%d steps failed: %+v", n, rec.State)
				}
				if took > row.ends || d.looks > row.looks {
					t.Errorf("it took %v and %d looks, want at most %v and %d", took, d.looks, row.ends, row.looks)
				}
				if exhausted := rec.State.Decide(rec.Facts).Exhausted; exhausted != slices.Contains(row.calls, "stop") {
					t.Errorf("exhausted: %v", exhausted)
				}
				time.Sleep(time.Hour) // whatever is still to come
			})
		})
	}
}

// On a machine with nothing to show a picture with, X is not started over and
// over: whoever sees first that it cannot work ends its manager, once, and no
// unit is left failed.
func TestNothingToShow(t *testing.T) {
	says := failsafe.Event{Kind: failsafe.Failed, Why: "no screens found", Decisive: true}
	for _, row := range []struct {
		name    string
		x       fakeX
		stopped bool // the hook beside the display manager is faster than the watcher
	}{
		{name: "the watcher", x: fakeX{from: time.Second, to: 1500 * time.Millisecond, says: says.Why}},
		{name: "the display manager's end", x: fakeX{from: time.Second, to: 1100 * time.Millisecond}, stopped: true},
	} {
		t.Run(row.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := newDesktop(t, map[string]fakeX{failsafe.Planned: row.x})
				change := func(f func(l *ladder) []error) {
					l, errs := d.open(t.Context())
					if errs = append(errs, f(l)...); len(errs) > 0 {
						t.Fatal(errs)
					}
					l.Close()
				}
				change(func(l *ladder) []error { l.rec.Facts.Steps, l.rec.Applied = nil, failsafe.Planned; return l.save() })
				d.start()
				if row.stopped {
					time.AfterFunc(1100*time.Millisecond, func() {
						change(func(l *ladder) []error { return l.stopped(t.Context(), d, says) })
						d.mu.Lock()
						d.state = "failed" // its main process had ended with an error
						d.mu.Unlock()
					})
				}
				var out bytes.Buffer
				w := watcher{in: &invocation{stdout: &out, stderr: &out}, m: d.machine, manager: d, of: func(string) manager { return d }, eyes: eyes{up: d.up, servers: d.servers, logs: d.logs, open: d.open}}
				w.follow(t.Context())
				want := []string{"stop"}
				if row.stopped {
					want = append(want, "forgive")
				}
				if !slices.Equal(d.calls, want) || d.up() > 15*time.Second {
					t.Errorf("after %v: %q, want %q", d.up(), d.calls, want)
				}
				said, err := os.ReadFile(filepath.Join(d.root, "run/issue.d/50-attune-display.issue"))
				if !strings.Contains(string(said), "display.none") || !strings.Contains(string(said), says.Why) {
					t.Errorf("the console says %q, %v", said, err)
				}
				d.start() // by hand: it is not to end at once for what was before
				change(func(l *ladder) []error {
					if l.rec.State.Open == nil || l.rec.Ended {
						t.Errorf("after a start by hand: %+v", l.rec)
					}
					return nil
				})
			})
		})
	}
}
