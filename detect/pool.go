package detect

import (
	"errors"
	"fmt"
	"io/fs"
	"runtime"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// A job is a piece of the scan that knows which read it needs next. It never
// reads itself, so that a read which never returns costs one step and not the
// job: the job goes on with another worker.
type job interface {
	next() (step, bool) // the next read, false when there is none
	put(step, result)   // what it gave
	done()              // all steps over: hand over results, push further jobs
}

// A step is one read.
type step struct {
	kind stepKind
	path string // relative to /sys
	name string // what the job calls it
	in   Dir    // not nil: read name in this directory, which path leads to as well
}

type stepKind uint8

const (
	readFile stepKind = iota
	readLink
	readDir
)

// A result is what a step gave. text is a file's content or a link's target.
type result struct {
	text    string
	entries []Entry
	dir     Dir // with entries: the directory, open
	err     error
}

// A scanner runs jobs on a few workers and replaces a worker that is stuck.
type scanner struct {
	sys   fs.FS
	o     Options
	vmbus bool // with CardsOnly: devices hang below the firmware's nodes

	mu       sync.Mutex // guards all below
	wake     *sync.Cond
	queue    []job
	open     int  // jobs queued or at work
	over     bool // nothing more is taken or queued
	workers  []*worker
	hired    int // workers that are not stuck
	stuck    int
	finished chan struct{} // closed with over

	devices     []*deviceJob
	mods        []Module
	modules     map[string]string // driver directory -> module behind it
	deferred    map[string]string // device name -> reason
	compression string
	problems    []Problem
}

// A worker is one goroutine reading. ticks changes with every step it starts
// or ends; one that stands still during a step is stuck.
type worker struct {
	ticks atomic.Uint64
	mu    sync.Mutex // guards all below, and the job's state during a step
	job   job
	step  step
	busy  bool // inside a read
	dead  bool // given up: whatever it comes back with is dropped
	seen  uint64
	still int // watchdog rounds without a change
}

func newScanner(sys fs.FS, o Options) *scanner {
	if o.ReadDeadline <= 0 {
		o.ReadDeadline = 500 * time.Millisecond
	}
	if o.MaxStuck <= 0 {
		o.MaxStuck = 16
	}
	if o.Workers <= 0 {
		o.Workers = min(runtime.GOMAXPROCS(0), 4)
	}
	s := &scanner{sys: sys, o: o, modules: map[string]string{}, finished: make(chan struct{})}
	s.wake = sync.NewCond(&s.mu)
	return s
}

func (s *scanner) push(j job) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.over {
		return
	}
	s.queue = append(s.queue, j)
	s.open++
	if s.hired > 0 && len(s.queue) > crowd*s.hired && s.hired < s.o.Workers {
		s.hired++
		s.startWorker()
	}
	s.wake.Signal()
}

// crowd is how many waiting directories are worth another worker. A small
// machine is read by one in less time than a second thread takes to start.
const crowd = 64

// run returns when every job is done or the scan gave up.
func (s *scanner) run() {
	s.mu.Lock()
	s.hired++
	s.startWorker()
	s.mu.Unlock()
	const rounds = 4
	tick := time.NewTicker(s.o.ReadDeadline / rounds)
	defer tick.Stop()
	for {
		select {
		case <-s.finished:
			s.collect()
			return
		case <-tick.C:
			s.watch(rounds)
		}
	}
}

func (s *scanner) startWorker() {
	w := &worker{}
	s.workers = append(s.workers, w)
	go s.work(w)
}

// take waits for a job; nil says there will be none.
func (s *scanner) take() job {
	s.mu.Lock()
	defer s.mu.Unlock()
	for len(s.queue) == 0 && !s.over {
		s.wake.Wait()
	}
	if s.over {
		return nil
	}
	j := s.queue[len(s.queue)-1]
	s.queue = s.queue[:len(s.queue)-1]
	return j
}

// drop ends a job.
func (s *scanner) drop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open--; s.open == 0 {
		s.end()
	}
}

// end lets every worker go home. The caller holds s.mu.
func (s *scanner) end() {
	if !s.over {
		s.over = true
		close(s.finished)
		s.wake.Broadcast()
	}
}

// collect takes what unfinished jobs know. There are none unless the scan gave up.
func (s *scanner) collect() {
	s.mu.Lock()
	workers, jobs := s.workers, s.queue
	s.mu.Unlock()
	for _, w := range workers {
		w.mu.Lock()
		if w.job != nil && !w.dead {
			w.dead = true
			jobs = append(jobs, w.job)
		}
		w.mu.Unlock()
	}
	for _, j := range jobs {
		j.done()
	}
}

func (s *scanner) work(w *worker) {
	for j := s.take(); j != nil; j = s.take() {
		if !s.steps(w, j) {
			return
		}
		j.done()
		s.drop()
	}
}

// steps runs a job's steps; false says this worker was given up meanwhile.
func (s *scanner) steps(w *worker, j job) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.job = j
	for !w.dead {
		st, more := j.next()
		if !more {
			w.job = nil
			return true
		}
		w.step, w.busy = st, true
		w.mu.Unlock()
		w.ticks.Add(1)
		r := s.read(st)
		w.ticks.Add(1)
		w.mu.Lock()
		if w.dead {
			if r.dir != nil {
				r.dir.Close()
			}
			return false
		}
		w.busy = false
		s.put(j, st, r)
	}
	return false
}

func (s *scanner) put(j job, st step, r result) {
	if r.err != nil && !harmless(st, r.err) {
		s.problem(st.path, r.err)
	}
	j.put(st, r)
}

func (s *scanner) problem(path string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.problems = append(s.problems, Problem{path, reason(err)})
}

// reason is an error without the path, which stands beside it already.
func reason(err error) string {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		err = pe.Err
	}
	return err.Error()
}

// harmless says which failures are no news: what is not there, what went away
// while we looked, and a tree that keeps its links as something else.
func harmless(st step, err error) bool {
	for _, e := range []error{fs.ErrNotExist, syscall.ENODEV, syscall.ENXIO, syscall.ENOTDIR} {
		if errors.Is(err, e) {
			return true
		}
	}
	return st.kind == readLink && (errors.Is(err, fs.ErrInvalid) || errors.Is(err, syscall.EINVAL)) ||
		st.path == deferredList && errors.Is(err, fs.ErrPermission)
}

func (s *scanner) read(st step) (r result) {
	switch {
	case st.kind == readDir:
		if r.dir, r.err = openDir(s.sys, st.path); r.err == nil {
			r.entries, r.err = r.dir.List()
		}
	case st.kind == readLink && st.in != nil:
		r.text, r.err = st.in.ReadLink(st.name)
	case st.kind == readLink:
		r.text, r.err = fs.ReadLink(s.sys, st.path)
	default:
		var b []byte
		if st.in != nil {
			b, r.err = st.in.ReadFile(st.name)
		} else {
			b, r.err = fs.ReadFile(s.sys, st.path)
		}
		r.text = string(b[:min(len(b), maxFile)])
	}
	return r
}

// maxFile is how much of a file is looked at. The kernel's limit is a page; a
// capture could hold anything.
const maxFile = 64 << 10

var errStuck = errors.New("no answer in time")

// watch looks for workers that stood still for the given number of rounds.
func (s *scanner) watch(rounds int) {
	s.mu.Lock()
	workers := s.workers
	s.mu.Unlock()
	for _, w := range workers {
		w.mu.Lock()
		t := w.ticks.Load()
		switch {
		case w.dead || !w.busy || t != w.seen:
			w.seen, w.still = t, 0
		default:
			w.still++
		}
		if w.still >= rounds {
			s.giveUp(w)
		}
		w.mu.Unlock()
	}
}

// giveUp leaves a stuck worker to the kernel and lets a new one go on with its
// job. The caller holds w.mu.
func (s *scanner) giveUp(w *worker) {
	w.dead = true
	j := w.job
	s.put(j, w.step, result{err: fmt.Errorf("%w (%v)", errStuck, s.o.ReadDeadline)})
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stuck++
	s.queue = append(s.queue, j)
	if s.stuck < s.o.MaxStuck {
		s.startWorker()
		s.wake.Signal()
		return
	}
	if !s.over {
		s.problems = append(s.problems, Problem{"devices", fmt.Sprintf(
			"scan given up: %d reads got no answer, %d directories were not read to the end", s.stuck, s.open)})
		s.end()
	}
}
