package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"

	"attune/internal/desktop"
	"attune/internal/failsafe"
	"attune/internal/failsafe/console"
	"attune/internal/failsafe/cover"
	"attune/internal/image"
	"attune/internal/scratch"
	"attune/internal/state"
	"attune/internal/xwrite"
	"attune/xconfig"
)

// A ladder is a machine with the record of what showed a picture on it, held
// by this process alone.
type ladder struct {
	in      *invocation
	m       *machine
	run     *os.Root
	keep    failsafe.Keeper // nil where nothing outlives the boot
	console console.Console
	up      func() time.Duration // since the machine was started
	rec     failsafe.Record
	unlock  func()
}

// openLadder opens it; what could not be read of it is told, and as if there were
// nothing.
func (in *invocation) openLadder(ctx context.Context, m *machine) (*ladder, []error) {
	run, err := scratch.Open(runScratch)
	if err != nil {
		return nil, []error{err}
	}
	unlock, err := lockLadder(ctx, run)
	if err != nil {
		run.Close()
		return nil, []error{err}
	}
	l := &ladder{in: in, m: m, run: run, console: console.Console{Root: "/"}, up: uptime, unlock: unlock}
	var errs []error
	if l.rec, err = failsafe.Load(m.FS); err != nil {
		errs = append(errs, err)
	}
	if f, ok := persistent(); ok {
		l.keep = f
	}
	return l, append(errs, l.takeFirst()...)
}

func (l *ladder) Close() {
	l.unlock()
	if f, ok := l.keep.(*state.Files); ok {
		f.Close()
	}
	l.run.Close()
}

// persistent opens the state directory where it seems to outlive the boot.
func persistent() (*state.Files, bool) {
	if state.Look(stateDir, false, state.Patience).Condition != state.Unknown {
		return nil, false
	}
	f, err := state.Open(stateDir)
	return f, err == nil
}

// lockLadder waits for the others: a start of the display manager, its watcher
// and a person may all have something to say.
func lockLadder(ctx context.Context, run *os.Root) (func(), error) {
	// Ours alone: whoever may open it may hold it.
	f, err := run.OpenFile("ladder.lock", os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("locking the record of what showed a picture: %w", err)
	}
	for {
		err = unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
		if !errors.Is(err, unix.EWOULDBLOCK) {
			break
		}
		select {
		case <-ctx.Done():
			err = ctx.Err()
		case <-time.After(50 * time.Millisecond):
			continue
		}
		break
	}
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("locking the record of what showed a picture: %w", err)
	}
	return func() { f.Close() }, nil
}

// event has the ladder hear something. The facts are those of the last plan, or
// read now where this boot has had none.
func (l *ladder) event(e failsafe.Event) []error {
	var errs []error
	e.Boot, e.Up = failsafe.BootID(l.m.FS), l.up()
	if l.rec.Boot != e.Boot || l.rec.Applied == "" && len(l.rec.Facts.Steps) == 0 {
		f, p, told := l.m.Facts()
		errs = append(errs, told...)
		l.rec = l.rec.Now(f, p, l.m.FS)
	}
	if e.Kind == failsafe.Shown {
		e.Files = xwrite.InPlace(xwrite.Place{Root: l.run, Name: string(xconfig.DirXorg)})
	}
	l.rec.Ended = l.rec.Ended && e.Kind != failsafe.Started
	l.rec.State = l.rec.State.After(e, l.rec.Facts)
	return append(errs, l.save()...)
}

func (l *ladder) save() []error {
	if err := l.rec.Save(l.run, l.keep); err != nil {
		return []error{err}
	}
	return nil
}

// stand makes what is in place that of the step decided on, if it is another's.
func (l *ladder) stand(ctx context.Context) []error {
	d := l.rec.State.Decide(l.rec.Facts)
	errs := l.cover(d) // a boot on a step further down has covered nothing yet
	if d.Step.Key() == l.rec.Applied {
		return errs
	}
	release, err := l.turn(ctx)
	if err != nil {
		return append(errs, err)
	}
	defer release()
	if l.rec.State.Decide(l.rec.Facts).Step.Key() == l.rec.Applied {
		return errs // who had the turn has done it
	}
	l.m.holdsLadder = true
	defer func() { l.m.holdsLadder = false }()
	done, err := l.m.replanOnce(ctx, l.in, l.run)
	if err != nil {
		errs = append(errs, err)
	}
	for _, p := range done.Problems {
		errs = append(errs, errors.New(p))
	}
	if rec, err := failsafe.Load(l.m.FS); err == nil && done.Desktop != nil {
		l.rec.Facts, l.rec.Applied = rec.Facts, rec.Applied // as noteLadder left it
	}
	return errs
}

// turn waits for the turn to configure. Who has it needs the record at its end, so
// that this process lets go of the record meanwhile and reads it again.
func (l *ladder) turn(ctx context.Context) (release func(), err error) {
	l.unlock()
	release = takeTurn(ctx, l.run)
	unlock, err := lockLadder(ctx, l.run)
	if err != nil {
		release()
		l.unlock = func() {}
		return nil, err
	}
	l.unlock = unlock
	if rec, err := failsafe.Load(l.m.FS); err == nil && rec.Boot == l.rec.Boot {
		l.rec = rec
	}
	return release, nil
}

// cover lays empty files over what X cannot read, and our directory over one X would read
// instead; at the top of the ladder nothing is covered.
func (l *ladder) cover(d failsafe.Decision) []error {
	empty := filepath.Join(runScratch, "empty.conf")
	ours := filepath.Join(runScratch, string(xconfig.DirXorg))
	if d.Step.Name == failsafe.Planned || d.Step.Name == "" {
		if err := cover.Off(cover.Kernel{}, l.m.Line("proc/self/mountinfo"), empty, ours); err != nil {
			return []error{err}
		}
		return nil
	}
	if err := scratch.WriteFile(l.run, "empty.conf", nil); err != nil {
		return []error{err}
	}
	var errs []error
	var files []string
	for _, b := range l.rec.Broken {
		files = append(files, b.File)
	}
	if err := cover.Files(cover.Kernel{}, empty, files); err != nil {
		errs = append(errs, err)
	}
	if d.Step.Name != xconfig.StepCovered && image.Read(l.m.FS).Reach.How == "" {
		if err := cover.Dir(cover.Kernel{}, ours); err != nil {
			errs = append(errs, err)
		}
	}
	return errs
}

// noteLadder keeps what a plan was made for, and which step's files are in
// place, for those who hear of X later. A trial in another directory is none.
func (m *machine) noteLadder(ctx context.Context, a desktop.Applied, out *os.Root) error {
	if filepath.Clean(out.Name()) != runScratch {
		return nil
	}
	if !m.holdsLadder {
		unlock, err := lockLadder(ctx, out)
		if err != nil {
			return err
		}
		defer unlock()
	}
	rec, _ := failsafe.Load(m.FS)              // what is wrong with it desktop.Read has told
	known := rec.Boot == failsafe.BootID(m.FS) // not this boot's first plan
	rec = rec.Placed(a.Facts, a.Preferences, m.FS)
	if err := rec.Save(out, nil); err != nil || known {
		return err
	}
	return offerFirst(out, rec)
}
