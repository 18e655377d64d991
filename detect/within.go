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
	sys      fs.FS // root's sys/
	ask      NodeAsker
	patience time.Duration
	hung     int
	most     int // of these; then nothing more is tried
	problems []Problem
}

func newFinder(root fs.FS, ask NodeAsker) *finder {
	sys, err := fs.Sub(root, "sys")
	if err != nil {
		sys = root // a tree that has no folders has no sys/ either
	}
	return &finder{root: root, sys: sys, ask: ask, patience: patience, most: maxHung}
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
	if f.hung >= f.most {
		f.problems = append(f.problems, Problem{path, errNotTried.Error()})
		return none, false
	}
	done := make(chan result, 1)
	go func() {
		r := &reader{root: f.root, sys: f.sys, ask: f.ask}
		v := read(r)
		r.leave()
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
	sys      fs.FS
	ask      NodeAsker
	at       string // a directory held open, see enter
	dir      Dir
	problems []Problem
}

// enter holds a directory open: most of a read's price is the way to the file.
func (r *reader) enter(at string) {
	if d, err := openDir(r.sys, at); err == nil {
		r.at, r.dir = at+"/", d
	}
}

func (r *reader) leave() {
	if r.dir != nil {
		r.dir.Close()
		r.dir = nil
	}
}

// file is an attribute's content, "" when there is none.
func (r *reader) file(name string) string {
	var b []byte
	var err error
	if rest, ok := strings.CutPrefix(name, r.at); ok && r.dir != nil {
		b, err = r.dir.ReadFile(rest)
	} else {
		b, err = fs.ReadFile(r.sys, name)
	}
	r.failed(name, err)
	return string(b)
}

// line is the first line of an attribute.
func (r *reader) line(name string) string { return line(r.file(name)) }

// words is an attribute that a device's own words are in: only the newline the
// kernel adds is taken off.
func (r *reader) words(name string) string { return strings.TrimSuffix(r.file(name), "\n") }

// link is where a link leads, relative to /sys, "" when there is none.
func (r *reader) link(name string) string { return resolve(r.root, name) }

// bytes is a file of the root.
func (r *reader) bytes(path string) []byte {
	b, err := fs.ReadFile(r.root, path)
	r.failed(path, err)
	return b
}

func (r *reader) list(name string) []string {
	all, err := fs.ReadDir(r.sys, name)
	r.failed(name, err)
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
		r.problems = append(r.problems, Problem{path, reason(err)})
	}
}
