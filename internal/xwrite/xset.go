package xwrite

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"

	"attune/internal/scratch"
	"attune/xconfig"
	"attune/xconfig/xorgconf"
)

// Suffixes of the directories beside the one X reads.
const (
	newSet    = ".new"    // being built and judged
	goodSet   = ".good"   // the last one X accepted, all of it
	copiedSet = ".copied" // the administrator's, as they were copied
)

// An xset is what X reads, with what it read before.
type xset struct {
	place   Place
	inPlace bool
	judge   Judge
	refusal Refusal
}

type files = map[string][]byte

// write has X read ours, the administrator's (theirs) and what somebody else
// put into the directory, which stays as it is.
func (x xset) write(ctx context.Context, ours, theirs files) (Report, error) {
	have := x.read(theirs, ours)
	all := merged(ours, theirs, have.kept)
	if len(all) == 0 {
		return x.nothing(have)
	}
	good, ok := x.load(goodSet)
	if have.there && equal(have.put, merged(ours, theirs)) && (ok && equal(good, all) || x.judge == nil) {
		return Report{X: Unchanged, Why: "the same as before"}, nil
	}
	defer x.drop(newSet)
	a := x.choose(ctx, ours, theirs, have.kept, good)
	report := Report{X: a.verdict, Why: a.why, Problems: a.problems}
	changed, removed, err := x.put(a.put, have)
	report.add(xconfig.DirXorg, changed, removed)
	return report, errors.Join(err, x.note(goodSet, a.good), x.note(copiedSet, a.theirs))
}

// nothing is a set of no files: X starts by itself, and need not be asked.
func (x xset) nothing(have present) (Report, error) {
	report := Report{X: Unchanged, Why: "there is nothing to tell X"}
	for _, suffix := range []string{newSet, goodSet, copiedSet} {
		x.drop(suffix)
	}
	if have.there && len(have.put)+len(have.odd) == 0 {
		return report, nil
	}
	changed, removed, err := x.put(files{}, have)
	report.add(xconfig.DirXorg, changed, removed)
	return report, err
}

// try builds a set beside the others and has it judged.
func (x xset) try(ctx context.Context, ours, others files) (Verdict, error) {
	if err := x.set(newSet, merged(ours, others)); err != nil {
		return NotChecked, err
	}
	if err := wellFormed(ours); err != nil {
		return Refused, err
	}
	if x.judge == nil {
		return NotChecked, errNoServer
	}
	dir, err := x.place.path(newSet)
	if err != nil {
		return NotChecked, err
	}
	err = x.judge(ctx, dir)
	if err == nil {
		return Accepted, nil
	}
	if _, refused := x.refusal(err); refused {
		return Refused, err
	}
	return NotChecked, err
}

var errNoServer = errors.New("there is no X server in this image")

// wellFormed is the judge that is always there.
func wellFormed(want files) error {
	for name, data := range want {
		if _, err := xorgconf.Parse(data); err != nil && !errors.Is(err, xorgconf.ErrUnsupported) {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

// put has a set take the place X reads. It is built beside; with an exchange X
// finds the old set or the new one, never a part. Where somebody else's files
// are in it, or it is mounted, it is changed file by file.
func (x xset) put(want files, have present) (changed, removed []string, err error) {
	defer x.drop(newSet)
	place := x.place
	place.keep = have.foreign
	current, err := scratch.Sub(x.place.Root, x.place.Name)
	if err != nil {
		return nil, nil, err
	}
	current.Close()
	if x.inPlace || len(have.foreign) > 0 {
		return place.sync(want)
	}
	if err := x.set(newSet, want); err != nil {
		return nil, nil, err
	}
	changed, removed = difference(want, have.put, have.odd)
	if scratch.Exchange(x.place.Root, x.place.Name+newSet, x.place.Name) == nil {
		return changed, removed, nil
	}
	return place.sync(want) // a mount point cannot be exchanged
}

func (x xset) set(suffix string, want files) error {
	dir, err := scratch.Sub(x.place.Root, x.place.Name+suffix)
	if err != nil {
		return err
	}
	defer dir.Close()
	_, _, err = scratch.Sync(dir, want, scratch.Everything)
	return err
}

// note keeps a set beside for the next run, or nothing of none. nil leaves what
// is there.
func (x xset) note(suffix string, set files) error {
	switch {
	case set == nil:
		return nil
	case len(set) == 0:
		x.drop(suffix)
		return nil
	}
	return x.set(suffix, set)
}

func (x xset) drop(suffix string) { x.place.Root.RemoveAll(x.place.Name + suffix) }

func merged(sets ...files) files {
	all := files{}
	for _, set := range sets {
		maps.Copy(all, set)
	}
	return all
}

func equal(a, b files) bool {
	return maps.EqualFunc(a, b, bytes.Equal)
}
