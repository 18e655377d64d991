package main

import (
	"context"
	"fmt"
	"io/fs"
	"os/signal"
	"slices"
	"syscall"
	"time"

	"attune/internal/failsafe"
	"attune/internal/failsafe/alive"
)

// A watcher runs while the desktop starts, which has better uses for a
// processor: it looks every second at first and the more seldom the longer it
// waits, reads no log while a server runs, and asks the display manager only
// where the answer would change what it does.
const (
	watchTime = 15 * time.Minute // when it ends that has seen neither a picture nor its end, for good
	watchTick = time.Second      // at the shortest between two looks
	watchRest = 5 * time.Second  // at the longest, and where a server answers; failsafe.Stay is a multiple
	watchIdle = 30 * time.Second // where no server was started for long
	settle    = 3 * time.Second  // what ended may be about to be started again
	maxIdle   = 30 * time.Second // without anything being started
)

// displayWatch follows the starts of X until one is up, or all steps failed.
func displayWatch(ctx context.Context, in *invocation, m *machine) (int, error) {
	ctx, stop := signal.NotifyContext(ctx, syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	logs := logs{}
	w := watcher{in: in, m: m, manager: systemdOf(""), of: systemdOf, eyes: eyes{
		up:      uptime,
		servers: func(ctx context.Context) []alive.Server { return alive.Look(ctx, "/") },
		logs:    func(since time.Time) account { return logs.read("/", since) },
		open:    func(ctx context.Context) (*ladder, []error) { return in.openLadder(ctx, m) },
	}}
	w.follow(ctx)
	return exitDone, nil
}

// Eyes are what a watcher sees of a machine.
type eyes struct {
	up      func() time.Duration                     // since the machine was started
	servers func(context.Context) []alive.Server     // that answer or run
	logs    func(since time.Time) account            // of X
	open    func(context.Context) (*ladder, []error) // the record, locked
}

// A watcher is between two looks.
type watcher struct {
	eyes
	in      *invocation
	m       *machine
	manager manager
	of      func(unit string) manager // that of a record
	rec     failsafe.Record           // as last read, without the lock: it is replaced as a whole
	read    time.Time                 // its modification time
	try     failsafe.Try
	watch   failsafe.Watch
	since   time.Duration // up, when what is waited for began
	idle    bool          // nothing is being started, since then
	answers bool          // a server does
	ending  bool          // the display manager was told to end, and is not to be seen as failed
}

func (w *watcher) follow(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, watchTime)
	defer cancel()
	w.begin(true)
	for ctx.Err() == nil && !w.look(ctx) {
		select {
		case <-ctx.Done():
		case <-time.After(w.rest()):
		}
	}
}

// rest is how long not to look.
func (w *watcher) rest() time.Duration {
	switch {
	case w.ending, w.idle && w.rec.Stuck():
		return settle // the display manager is asked
	case w.answers:
		return watchRest
	case w.try.None:
		return watchIdle
	}
	return min(max(w.waited()/8, watchTick), watchRest)
}

// waited is how long the watcher has waited for what it waits for now.
func (w *watcher) waited() time.Duration { return w.up() - w.since }

// begin to wait for something else.
func (w *watcher) begin(idle bool) {
	w.since, w.idle, w.answers = w.up(), idle, false
}

// look takes one sample and does what follows. true: there is no more to do.
func (w *watcher) look(ctx context.Context) (done bool) {
	if w.ending {
		return w.ended(ctx)
	}
	w.first(ctx)
	w.load()
	open := w.rec.State.Open
	if open == nil {
		return w.between(ctx)
	}
	if w.idle || *open != w.try {
		w.begin(false)
	}
	if *open != w.try {
		w.try, w.watch = *open, failsafe.Watch{}
	}
	s, said := w.sample(ctx)
	verdict, why := w.watch.See(s)
	if verdict == failsafe.Pending || verdict == failsafe.Nothing && w.try.None {
		return false
	}
	return w.act(ctx, verdict, why, said)
}

// sample looks at the servers, and at what logs say where none runs or one died.
func (w *watcher) sample(ctx context.Context) (s failsafe.Sample, said account) {
	s = failsafe.Sample{At: w.up() - time.Duration(w.try.UpMS)*time.Millisecond, Alive: map[string]bool{}}
	w.answers = false
	for _, server := range w.servers(ctx) {
		s.Alive[server.Key()] = !server.Quiet
		w.answers = w.answers || !server.Quiet
	}
	if len(s.Alive) == 0 || w.watch.Died() {
		said = w.logs(began(w.try, w.up()))
		s.Reason, s.Decisive, s.Busy = said.Text, said.Decisive, said.Written
	}
	return s, said
}

// load reads the record when it is another than before.
func (w *watcher) load() {
	info, err := fs.Stat(w.m.FS, runScratch[1:]+"/"+failsafe.File)
	if err != nil || info.ModTime().Equal(w.read) {
		return
	}
	if rec, err := failsafe.Load(w.m.FS); err == nil {
		w.rec, w.read, w.manager = rec, info.ModTime(), w.of(rec.Unit)
	}
}

// act tells the ladder of a verdict, unless X was started anew meanwhile.
func (w *watcher) act(ctx context.Context, verdict failsafe.Verdict, why string, said account) (done bool) {
	l, errs := w.open(ctx)
	w.in.warn(errs)
	if l == nil {
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
		w.in.warn(l.event(failsafe.Event{Kind: failsafe.None}))
		w.try.None = true
		fmt.Fprintln(w.in.stdout, why+"; waiting for one")
		return false
	}
	l.note(said)
	return w.down(ctx, l, why)
}

// down takes the next step, and has the display manager try it.
func (w *watcher) down(ctx context.Context, l *ladder, why string) (done bool) {
	fmt.Fprintf(w.in.stdout, "no picture by step %s: %s\n", w.try.Step, why)
	w.in.warn(l.event(failsafe.Event{Kind: failsafe.Failed, Why: why, Decisive: true}))
	if l.rec.State.Decide(l.rec.Facts).Of == 0 {
		w.in.warn(l.endIdle(ctx, w.manager, why))
		return w.end()
	}
	return w.next(ctx, l)
}

// end is when the display manager of a machine without a picture was told to end.
func (w *watcher) end() (done bool) {
	w.ending = true
	w.begin(true)
	return false
}

// ended waits for the display manager of a machine without a picture to be
// gone. It has not failed: there was nothing for it to do.
func (w *watcher) ended(ctx context.Context) bool {
	switch w.manager.State(ctx) {
	case "failed":
		if err := w.manager.Forgive(ctx); err != nil {
			w.in.warn([]error{err})
		}
		return true
	case "inactive":
		return true
	}
	return w.waited() >= maxIdle
}

// next starts the display manager for a step, once.
func (w *watcher) next(ctx context.Context, l *ladder) (done bool) {
	d := l.rec.State.Decide(l.rec.Facts)
	if d.Exhausted {
		w.in.warn(l.giveUp(ctx, w.manager, noPicture(d, l.rec.Unit)))
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

// between two starts: the display manager comes back by itself, gave up, or was
// told to end. Where no picture was missed there is nothing to do for one that
// ended, so that it is asked only before the watcher goes.
func (w *watcher) between(ctx context.Context) (done bool) {
	if w.rec.Ended { // who heard of its end has ended it
		return w.end()
	}
	if !w.idle {
		w.begin(true)
	}
	if w.waited() >= settle && w.rec.State.Decide(w.rec.Facts).Exhausted {
		return true // who heard of the last end has told it
	}
	late := w.waited() >= maxIdle
	if !late && (!w.rec.Stuck() || w.waited() < settle) {
		return false
	}
	switch w.manager.State(ctx) {
	case "activating":
		w.begin(true)
		return false
	case "failed", "inactive":
		if w.rec.Stuck() {
			return w.again(ctx) || late
		}
	}
	return late
}

// again starts a display manager that gave up.
func (w *watcher) again(ctx context.Context) (done bool) {
	l, errs := w.open(ctx)
	w.in.warn(errs)
	if l == nil {
		return ctx.Err() != nil
	}
	defer l.Close()
	return l.rec.Stuck() && w.next(ctx, l)
}
