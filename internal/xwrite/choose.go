package xwrite

import (
	"context"
	"fmt"
)

// An answer is what X takes of what it could be told.
type answer struct {
	verdict  Verdict
	why      string
	put      files
	theirs   files // those of the administrator's in put
	good     files // all X accepted, nil where it did not
	problems []error
}

// choose asks X for the most it takes: all; without the files of the
// administrator's it names; ours alone; what it took before. Somebody else's
// (kept) are read in any case.
func (x xset) choose(ctx context.Context, ours, theirs, kept, good files) (a answer) {
	a.theirs = merged(theirs)
	var verdict Verdict
	var err error
	for {
		verdict, err = x.try(ctx, ours, merged(a.theirs, kept))
		if verdict != Refused || len(a.theirs) == 0 {
			break
		}
		a.problems = append(a.problems, x.without(a.theirs, err))
	}
	if verdict == Refused && len(kept) > 0 {
		if v, _ := x.try(ctx, ours, nil); v == Accepted {
			a.problems = append(a.problems, fmt.Errorf("starting X with what somebody put beside attune's files: %w", err))
			a.verdict, a.why, a.put = Accepted, "a real X server read them; not what somebody put beside them", ours
			return a
		}
	}
	a.verdict = verdict
	switch verdict {
	case Accepted:
		a.why, a.put = "a real X server read them", merged(ours, a.theirs)
		a.good = merged(a.put, kept)
	case NotChecked:
		a.why, a.put = err.Error(), merged(ours, a.theirs)
	case Refused:
		a.why = err.Error()
		a.problems = nil // the fault is ours, or theirs as well: what X took before tells
		a.put, a.theirs = x.lastGood(ctx, ours, theirs, kept, good)
	}
	return a
}

// without leaves out the file X names, or all where it names none of theirs.
func (x xset) without(theirs files, err error) error {
	name, _ := x.refusal(err)
	if _, ok := theirs[name]; ok {
		delete(theirs, name)
		return fmt.Errorf("leaving out the administrator's %s: %w", name, err)
	}
	clear(theirs)
	return fmt.Errorf("leaving out all files of the administrator's: %w", err)
}

// lastGood is what to go back to: what X last accepted of ours if it still
// does, and the administrator's; else none, with which X starts by itself.
func (x xset) lastGood(ctx context.Context, refused, theirs, kept, good files) (put, copied files) {
	mine := files{}
	for name, data := range good {
		if ours(name) {
			mine[name] = data
		}
	}
	if equal(mine, refused) {
		mine = nil
	}
	tries := [][2]files{{mine, theirs}}
	if len(mine) > 0 && len(theirs) > 0 { // else they are one set
		tries = append(tries, [2]files{mine, nil}, [2]files{nil, theirs})
	}
	for _, try := range tries {
		if set := merged(try[0], try[1]); len(set) > 0 {
			if verdict, _ := x.try(ctx, try[0], merged(try[1], kept)); verdict == Accepted {
				return set, merged(try[1])
			}
		}
	}
	return files{}, files{}
}
