package main

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"attune/internal/failsafe"
	"attune/internal/scratch"
)

// The first start of X in a boot follows a plan made a moment before, and there
// is nothing to do for it but to note it. A file says so: while it is there
// attune-display-start.service has nothing to do, and who opens the record next
// takes the start over. Where the record outlives the boot it is not done so:
// the note must be on the disk before X may hang the machine.
const firstFile = "display.first"

// offerFirst leaves the first start to be noted later.
func offerFirst(out *os.Root, rec failsafe.Record) error {
	if filepath.Clean(out.Name()) != runScratch {
		return nil
	}
	if f, ok := persistent(); ok {
		f.Close()
		return nil
	}
	if !simpleStart(rec) {
		return nil
	}
	return scratch.WriteFile(out, firstFile, nil)
}

// simpleStart: the record is of the plan itself, and nothing was heard of X.
func simpleStart(rec failsafe.Record) bool {
	d := rec.State.Decide(rec.Facts)
	return d.Step.Name == failsafe.Planned && len(rec.State.Failed) == 0 && rec.State.Open == nil &&
		rec.State.Deaths == 0 && rec.Applied == d.Step.Key()
}

// takeFirst takes over the first start. From here on the record may say something
// else than the plan, so that no other start is noted that way.
func (l *ladder) takeFirst() []error {
	info, err := l.run.Lstat(firstFile)
	if err != nil {
		return nil
	}
	if err := l.run.Remove(firstFile); err != nil {
		return []error{err}
	}
	if l.rec.Boot != failsafe.BootID(l.m.FS) || l.rec.State.Open != nil {
		return nil
	}
	ago := max(0, time.Since(info.ModTime()))
	l.rec.State = l.rec.State.After(failsafe.Event{Kind: failsafe.Started, Boot: l.rec.Boot, Up: max(0, l.up()-ago)}, l.rec.Facts)
	return l.save()
}

// first has the record know of a start that was left to be noted: the watcher
// runs because the display manager is being started.
func (w *watcher) first(ctx context.Context) {
	if _, err := fs.Stat(w.m.FS, runScratch[1:]+"/"+firstFile); err != nil {
		return
	}
	l, errs := w.open(ctx)
	w.in.warn(errs)
	if l != nil {
		l.Close()
	}
}

// notFirst: this start is noted by who says it.
func notFirst() {
	if run, err := scratch.Open(runScratch); err == nil {
		run.Remove(firstFile)
		run.Close()
	}
}
