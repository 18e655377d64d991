package main

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"attune/internal/failsafe"
	"attune/internal/scratch"
)

// The first start of X in a boot follows a plan made a moment before, and there
// is nothing to do for it but to note it. The display manager's drop-in does so
// by a word in a file, which costs it no process of ours; whoever opens the
// record next takes that over. Where the record outlives the boot it is not done
// so: the note must be on the disk before X may hang the machine.
const (
	firstFile = "display.first"
	firstAny  = "any"     // the plan is in place: a start has only to be noted
	firstDone = "started" // as the drop-in leaves it
)

// offerFirst lets the drop-in note the first start by itself.
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
	return scratch.WriteFile(out, firstFile, []byte(firstAny+"\n"))
}

// simpleStart: the record is of the plan itself, and nothing was heard of X.
func simpleStart(rec failsafe.Record) bool {
	d := rec.State.Decide(rec.Facts)
	return d.Step.Name == failsafe.Planned && len(rec.State.Failed) == 0 && rec.State.Open == nil &&
		rec.State.Deaths == 0 && rec.Applied == d.Step.Key()
}

// takeFirst takes over what the drop-in noted. From here on the record may say
// something else than the plan, so that no other start is noted that way.
func (l *ladder) takeFirst() []error {
	info, err := l.run.Lstat(firstFile)
	if err != nil {
		return nil
	}
	word, _ := l.run.ReadFile(firstFile)
	if err := l.run.Remove(firstFile); err != nil {
		return []error{err}
	}
	if strings.TrimSpace(string(word)) != firstDone || l.rec.Boot != failsafe.BootID(l.m.FS) {
		return nil
	}
	ago := max(0, time.Since(info.ModTime()))
	l.rec.State = l.rec.State.After(failsafe.Event{Kind: failsafe.Started, Boot: l.rec.Boot, Up: max(0, l.up()-ago)}, l.rec.Facts)
	return l.save()
}

// first has the record know of a start the drop-in noted.
func (w *watcher) first(ctx context.Context) {
	word, err := fs.ReadFile(w.m.FS, runScratch[1:]+"/"+firstFile)
	if err != nil || strings.TrimSpace(string(word)) != firstDone {
		return
	}
	l, errs := w.open(ctx)
	w.in.warn(errs)
	if l != nil {
		l.Close()
	}
}
