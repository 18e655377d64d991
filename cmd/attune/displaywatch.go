package main

import (
	"context"
	"fmt"
	"io/fs"
	"os/exec"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"attune/internal/failsafe"
	"attune/internal/failsafe/alive"
)

// watchTime is when a watcher ends that has seen neither a picture nor its
// end, and watchTick how often it looks. It runs while the desktop starts, which has better uses
// for a processor.
const (
	watchTime = 15 * time.Minute
	watchTick = time.Second
)

// displayWatch follows the starts of X until one is up, or all steps failed.
func displayWatch(ctx context.Context, in *invocation, m *machine) (int, error) {
	ctx, stop := signal.NotifyContext(ctx, syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	ctx, cancel := context.WithTimeout(ctx, watchTime)
	defer cancel()
	w := watcher{in: in, m: m, manager: systemd{}, logs: logs{}}
	for ctx.Err() == nil {
		if w.look(ctx) {
			return exitDone, nil
		}
		select {
		case <-ctx.Done():
		case <-time.After(watchTick):
		}
	}
	return exitDone, nil
}

// A watcher is between two looks.
type watcher struct {
	in      *invocation
	m       *machine
	manager manager
	rec     failsafe.Record // as last read, without the lock: it is replaced as a whole
	read    time.Time       // its modification time
	logs    logs
	try     failsafe.Try
	watch   failsafe.Watch
	idle    int  // looks since anything was being started
	ending  bool // the display manager was told to end, and is not to be seen as failed
}

// A manager starts and stops the display manager.
type manager interface {
	State(context.Context) string // ActiveState of systemd: "active", "inactive", "failed"
	Restart(context.Context) error
	Stop(context.Context) error
	Forgive(context.Context) error // what failed is as if it had not, and starts are counted from none
}

// look takes one sample and does what follows. true: there is no more to do.
func (w *watcher) look(ctx context.Context) (done bool) {
	if w.ending {
		return w.ended(ctx)
	}
	w.load()
	open := w.rec.State.Open
	if open == nil {
		return w.between(ctx)
	}
	w.idle = 0
	if *open != w.try {
		w.try, w.watch = *open, failsafe.Watch{}
	}
	said := w.logs.read("/", began(*open))
	s := failsafe.Sample{At: uptime() - time.Duration(open.UpMS)*time.Millisecond, Alive: map[string]bool{}, Reason: said.Text, Decisive: said.Decisive, Busy: said.Written}
	for _, server := range alive.Look(ctx, "/") {
		s.Alive[server.Key()] = !server.Quiet
	}
	verdict, why := w.watch.See(s)
	if verdict == failsafe.Pending {
		return false
	}
	return w.act(ctx, verdict, why, said)
}

// load reads the record when it is another than before.
func (w *watcher) load() {
	info, err := fs.Stat(w.m.FS, runScratch[1:]+"/"+failsafe.File)
	if err != nil || info.ModTime().Equal(w.read) {
		return
	}
	if rec, err := failsafe.Load(w.m.FS); err == nil {
		w.rec, w.read = rec, info.ModTime()
	}
}

// act tells the ladder of a verdict, unless X was started anew meanwhile.
func (w *watcher) act(ctx context.Context, verdict failsafe.Verdict, why string, said account) (done bool) {
	l, errs := w.in.openLadder(ctx, w.m)
	if l == nil {
		w.in.warn(errs)
		return ctx.Err() != nil
	}
	defer l.Close()
	if o := l.rec.State.Open; o == nil || *o != w.try {
		return false
	}
	switch verdict {
	case failsafe.Up:
		w.in.warn(l.good())
		fmt.Fprintf(w.in.stdout, "there is a picture by step %s (%s)\n", w.try.Step, why)
		return true
	case failsafe.Nothing:
		w.in.warn(l.event(failsafe.Event{Kind: failsafe.Stopped}))
		fmt.Fprintln(w.in.stdout, why)
		return true
	}
	l.note(said)
	return w.down(ctx, l, why)
}

// down takes the next step, and has the display manager try it.
func (w *watcher) down(ctx context.Context, l *ladder, why string) (done bool) {
	fmt.Fprintf(w.in.stdout, "no picture by step %s: %s\n", w.try.Step, why)
	w.in.warn(l.event(failsafe.Event{Kind: failsafe.Failed, Why: why, Decisive: true}))
	if l.rec.State.Decide(l.rec.Facts).Of == 0 {
		w.ending = true
		w.in.warn(giveUp(ctx, w.manager, nothingToShow(why)))
		return false
	}
	return w.next(ctx, l)
}

// ended waits for the display manager of a machine without a picture to be
// gone. It has not failed: there was nothing for it to do.
func (w *watcher) ended(ctx context.Context) bool {
	w.idle++
	switch w.manager.State(ctx) {
	case "failed":
		if err := w.manager.Forgive(ctx); err != nil {
			w.in.warn([]error{err})
		}
		return true
	case "inactive":
		return true
	}
	return w.idle > maxIdle
}

// next starts the display manager for a step, once.
func (w *watcher) next(ctx context.Context, l *ladder) (done bool) {
	d := l.rec.State.Decide(l.rec.Facts)
	if d.Exhausted {
		w.in.warn(giveUp(ctx, w.manager, noPicture(d)))
		return true
	}
	if slices.Contains(l.rec.Asked, d.Step.Key()) {
		return false // it was asked for; between decides how long to wait
	}
	l.rec.Asked = append(l.rec.Asked, d.Step.Key())
	w.in.warn(l.save())
	fmt.Fprintf(w.in.stdout, "trying step %d of %d: %s\n", d.Number, d.Of, d.Step.Key())
	if err := w.manager.Restart(ctx); err != nil {
		w.in.warn([]error{err})
	}
	return false
}

// maxIdle is half a minute without anything being started.
const maxIdle = 30

// between two starts: the display manager comes back by itself, gave up, or was
// told to end.
func (w *watcher) between(ctx context.Context) (done bool) {
	if w.idle++; w.idle < 3 { // it may be about to be started
		return false
	}
	switch w.manager.State(ctx) {
	case "activating":
		w.idle = 0
	case "failed", "inactive":
		if w.rec.Stuck() {
			return w.again(ctx)
		}
	}
	return w.idle > maxIdle
}

// again starts a display manager that gave up.
func (w *watcher) again(ctx context.Context) (done bool) {
	l, errs := w.in.openLadder(ctx, w.m)
	if l == nil {
		w.in.warn(errs)
		return ctx.Err() != nil
	}
	defer l.Close()
	return l.rec.Stuck() && w.next(ctx, l) || w.idle > maxIdle
}

// systemd is asked by its own program.
type systemd struct{}

const displayManager = "display-manager.service"

func (systemd) State(ctx context.Context) string {
	out, err := exec.CommandContext(ctx, "systemctl", "show", "-P", "ActiveState", displayManager).Output()
	if err != nil {
		return "unknown"
	}
	return strings.TrimSpace(string(out))
}

// Restart begins with a clean count of starts, as this is another way than the
// one that failed, and does not wait.
func (m systemd) Restart(ctx context.Context) error {
	if err := m.Forgive(ctx); err != nil {
		return err
	}
	return m.do(ctx, "starting", "--no-block", "restart")
}

// Stop does not wait either: whoever asks may be what the stop waits for. It
// also takes back a start that is to come.
func (m systemd) Stop(ctx context.Context) error { return m.do(ctx, "ending", "--no-block", "stop") }

// Forgive is systemctl's reset-failed.
func (m systemd) Forgive(ctx context.Context) error { return m.do(ctx, "resetting", "reset-failed") }

func (systemd) do(ctx context.Context, doing string, args ...string) error {
	if out, err := exec.CommandContext(ctx, "systemctl", append(args, displayManager)...).CombinedOutput(); err != nil {
		return fmt.Errorf("%s the display manager: %w: %s", doing, err, strings.TrimSpace(string(out)))
	}
	return nil
}
