// Package xwrite puts the files of the display and input plans in their places.
//
// What X reads is built beside what it reads now, read by a real X server where
// there is one, and changes places in one step. The last set X accepted is
// kept; it comes back when a new one is refused. An administrator's files go
// with it, unless X refuses them; what somebody else put there stays. The package
// knows nothing of what the files say.
package xwrite

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"attune/internal/scratch"
	"attune/xconfig"
)

// Places say where each kind of file goes. A kind without a place is not
// written.
type Places struct {
	// X's directory is Name below Root; Name+".new" and the like are used, too.
	X Place
	// InPlace is for an X directory that is mounted elsewhere: the files in it
	// change, the directory itself must not.
	InPlace bool
	Others  map[xconfig.Dir]Place
}

// A Place is a directory files go to.
type Place struct {
	Root *os.Root
	Name string // below Root, "." for Root itself
	// Shared: others put files there too, and only those of our names are ours.
	Shared bool

	keep map[string]bool // names that are not ours either
}

// A Judge reads a directory, an absolute path, as X would: xcheck.Checker.Check.
type Judge func(ctx context.Context, dir string) error

// A Refusal tells a Judge's refusal from its having no answer, and which file
// it is about, "" where the Judge names none.
type Refusal func(error) (file string, refused bool)

// A Verdict is what became of X's files.
type Verdict string

// The verdicts.
const (
	Unchanged  Verdict = "unchanged"   // they were there already, or there are none
	Accepted   Verdict = "accepted"    // X read them and took them
	NotChecked Verdict = "not checked" // no X server could be asked; they are in place
	Refused    Verdict = "refused"     // X refused them; the last good ones, or none, are in place
)

// A Report is what was done.
type Report struct {
	X       Verdict
	Why     string   // what X said, or why it was not asked
	Changed []string // "xorg.conf.d/10-attune-input.conf", sorted within each kind
	Removed []string
	// Problems are files which are not ours and which X does not take.
	Problems []error
}

// Write puts files in their places, and an administrator's for X (theirs, by
// name) beside ours. Writing goes on past what fails.
func Write(ctx context.Context, files []xconfig.File, theirs map[string][]byte, to Places, judge Judge, refusal Refusal) (Report, error) {
	sets := map[xconfig.Dir]map[string][]byte{}
	for _, f := range files {
		if sets[f.Dir] == nil {
			sets[f.Dir] = map[string][]byte{}
		}
		sets[f.Dir][f.Name] = f.Data
	}
	x := xset{place: to.X, inPlace: to.InPlace, judge: judge, refusal: refusal}
	report, err := x.write(ctx, sets[xconfig.DirXorg], theirs)
	errs := []error{err}
	for _, kind := range []xconfig.Dir{xconfig.DirUdev, xconfig.DirEnv, xconfig.DirXresources, xconfig.DirWayland} {
		if place, ok := to.Others[kind]; ok {
			changed, removed, err := place.sync(sets[kind])
			report.add(kind, changed, removed)
			errs = append(errs, err)
		}
	}
	return report, errors.Join(errs...)
}

func (r *Report) add(kind xconfig.Dir, changed, removed []string) {
	for _, name := range changed {
		r.Changed = append(r.Changed, string(kind)+"/"+name)
	}
	for _, name := range removed {
		r.Removed = append(r.Removed, string(kind)+"/"+name)
	}
}

// sync makes a place hold the files. A directory that need not be there is not
// made for nothing.
func (p Place) sync(want map[string][]byte) (changed, removed []string, err error) {
	if _, err := p.Root.Stat(p.Name); len(want) == 0 && errors.Is(err, os.ErrNotExist) {
		return nil, nil, nil
	}
	dir, err := scratch.Sub(p.Root, p.Name)
	if err != nil {
		return nil, nil, err
	}
	defer dir.Close()
	return scratch.Sync(dir, want, p.ours)
}

func (p Place) ours(name string) bool {
	return !p.keep[name] && (!p.Shared || ours(name))
}

// path is where a directory beside the place's own is, for those who are told
// paths.
func (p Place) path(suffix string) (string, error) {
	abs, err := filepath.Abs(filepath.Join(p.Root.Name(), p.Name+suffix))
	if err != nil {
		return "", fmt.Errorf("finding the scratch directory: %w", err)
	}
	return abs, nil
}
