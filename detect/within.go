package detect

import (
	"errors"
	"io/fs"
	"strings"
	"time"
)

// patience is for one card, connector or input device with all its attributes
// and what its node is asked. They answer in microseconds; a driver that hangs
// holds its connectors' attributes for ever.
const patience = 500 * time.Millisecond

// maxHung bounds how many threads hung drivers may hold.
const maxHung = 8

// A finder reads one subject after the other, each with a deadline.
type finder struct {
	root     fs.FS
	ask      NodeAsker
	patience time.Duration
	hung     int
	problems []Problem
}

func newFinder(root fs.FS, ask NodeAsker) *finder {
	return &finder{root: root, ask: ask, patience: patience}
}

var errNotTried = errors.New("not tried: too many others did not answer")

// within reads one subject. What comes too late is dropped: a reader and all
// that it gave belong to the goroutine until it is done.
func within[T any](f *finder, path string, read func(*reader) T) (T, bool) {
	type result struct {
		value    T
		problems []Problem
	}
	var none T
	if f.hung >= maxHung {
		f.problems = append(f.problems, Problem{path, errNotTried.Error()})
		return none, false
	}
	done := make(chan result, 1)
	go func() {
		r := &reader{root: f.root, ask: f.ask}
		v := read(r)
		done <- result{v, r.problems}
	}()
	timer := time.NewTimer(f.patience)
	defer timer.Stop()
	select {
	case got := <-done:
		f.problems = append(f.problems, got.problems...)
		return got.value, true
	case <-timer.C:
		f.hung++
		f.problems = append(f.problems, Problem{path, errStuck.Error()})
		return none, false
	}
}

// A reader reads attributes of one subject. Paths are relative to /sys.
type reader struct {
	root     fs.FS
	ask      NodeAsker
	problems []Problem
}

// file is an attribute's content, "" when there is none.
func (r *reader) file(name string) string { return string(r.bytes("sys/" + name)) }

// line is the first line of an attribute.
func (r *reader) line(name string) string { return line(r.file(name)) }

// words is an attribute that a device's own words are in: only the newline the
// kernel adds is taken off.
func (r *reader) words(name string) string { return strings.TrimSuffix(r.file(name), "\n") }

// link is where a link leads, relative to /sys, "" when there is none.
func (r *reader) link(name string) string { return resolve(r.root, name) }

func (r *reader) bytes(path string) []byte {
	b, err := fs.ReadFile(r.root, path)
	r.failed(path, err)
	return b
}

func (r *reader) dir(name string) []string {
	all, err := fs.ReadDir(r.root, "sys/"+name)
	r.failed("sys/"+name, err)
	names := make([]string, len(all))
	for i, e := range all {
		names[i] = e.Name()
	}
	return names
}

// failed notes what could not be read. What is not there, or went away
// meanwhile, is no failure.
func (r *reader) failed(path string, err error) {
	if err != nil && !harmless(step{}, err) {
		r.problems = append(r.problems, Problem{strings.TrimPrefix(path, "sys/"), reason(err)})
	}
}
