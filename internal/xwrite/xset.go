package xwrite

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"

	"attune/internal/scratch"
	"attune/xconfig"
	"attune/xconfig/xorgconf"
)

// Suffixes of the directories beside the one X reads.
const (
	newSet  = ".new"
	goodSet = ".good"
)

// An xset is what X reads, with what it read before.
type xset struct {
	place   Place
	inPlace bool
	judge   Judge
	refusal func(error) bool
}

type files = map[string][]byte

func (x xset) write(ctx context.Context, want files) (Report, error) {
	have, there := x.read("")
	if good, ok := x.read(goodSet); there && equal(have, want) && (ok && equal(good, want) || x.judge == nil) {
		return Report{X: Unchanged, Why: "the same as before"}, nil
	}
	verdict, why, err := x.try(ctx, want)
	if err != nil {
		x.drop(newSet)
		return Report{X: verdict, Why: why}, err
	}
	report := Report{X: verdict, Why: why}
	put := want
	if verdict == Refused {
		put = x.lastGood(ctx, want)
	}
	changed, removed, err := x.put(put, have)
	report.add(xconfig.DirXorg, changed, removed)
	if err == nil && verdict == Accepted {
		err = x.set(goodSet, want)
	}
	return report, err
}

// try builds a set beside the others and has it judged.
func (x xset) try(ctx context.Context, want files) (Verdict, string, error) {
	if err := x.set(newSet, want); err != nil {
		return NotChecked, "", err
	}
	if why := wellFormed(want); why != nil {
		return Refused, why.Error(), nil
	}
	if x.judge == nil {
		return NotChecked, "there is no X server in this image", nil
	}
	dir, err := x.place.path(newSet)
	if err != nil {
		return NotChecked, "", err
	}
	switch err := x.judge(ctx, dir); {
	case err == nil:
		return Accepted, "a real X server read them", nil
	case x.refusal(err):
		return Refused, err.Error(), nil
	default:
		return NotChecked, err.Error(), nil
	}
}

// wellFormed is the judge that is always there.
func wellFormed(want files) error {
	for name, data := range want {
		if _, err := xorgconf.Parse(data); err != nil && !errors.Is(err, xorgconf.ErrUnsupported) {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

// lastGood is the set to go back to: the last one X accepted if it still does,
// else none, with which X starts by itself.
func (x xset) lastGood(ctx context.Context, refused files) files {
	good, ok := x.read(goodSet)
	if !ok || equal(good, refused) {
		return files{}
	}
	if verdict, _, err := x.try(ctx, good); err != nil || verdict == Refused {
		return files{}
	}
	return good
}

// put has a set take the place X reads. It is built beside already; with an
// exchange X finds the old set or the new one, never a part.
func (x xset) put(want, have files) (changed, removed []string, err error) {
	defer x.drop(newSet)
	if err := x.set(newSet, want); err != nil {
		return nil, nil, err
	}
	changed, removed = difference(want, have)
	if x.inPlace {
		return x.place.sync(want)
	}
	current, err := scratch.Sub(x.place.Root, x.place.Name)
	if err != nil {
		return nil, nil, err
	}
	current.Close()
	if scratch.Exchange(x.place.Root, x.place.Name+newSet, x.place.Name) == nil {
		return changed, removed, nil
	}
	return x.place.sync(want) // a mount point cannot be exchanged
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

func (x xset) drop(suffix string) { x.place.Root.RemoveAll(x.place.Name + suffix) }

// read gives what a directory holds; false when it is not there.
func (x xset) read(suffix string) (files, bool) {
	dir, err := x.place.Root.OpenRoot(x.place.Name + suffix)
	if err != nil {
		return files{}, false
	}
	defer dir.Close()
	set := files{}
	names, err := scratch.List(dir)
	for _, name := range names {
		data, readErr := fs.ReadFile(dir.FS(), name)
		err = errors.Join(err, readErr)
		set[name] = data
	}
	return set, err == nil
}

func equal(a, b files) bool {
	return maps.EqualFunc(a, b, bytes.Equal)
}
