package load

import (
	"cmp"
	"context"
	"runtime"
	"slices"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"attune/detect/kmod"
)

// A Func carries one step out. Loader.Insert is one.
type Func func(context.Context, kmod.Step) (Loading, error)

// A Result is how one module's load ended. Each module has exactly one.
type Result struct {
	Step    kmod.Step
	Loading Loading
	Err     error         // nil, or a *Error
	Started time.Time     // zero when it was never tried
	Took    time.Duration // of the load alone, without waiting for dependencies
	Loop    bool          // started with a dependency still waiting for it: they form a circle
}

// SchedulerOptions tune a Scheduler; the zero value is right for a boot.
type SchedulerOptions struct {
	Workers    int                // loads at a time, 0 for one a core and at most 16
	Overflow   time.Duration      // a load which takes longer no longer counts as one of Workers, 0 for DefaultOverflow
	Busy       func(tid int) bool // asked every Overflow: a load whose thread is busy counts on; nil for ThreadBusy
	MaxThreads int                // loads at a time whatever they take, 0 for DefaultMaxThreads: each holds a thread
	Serial     bool               // one at a time, in the order of Add: for kernels which cannot bear more
	OnResult   func(Result)       // called once a module, never two at a time; may call Add
}

// DefaultMaxThreads is more than one machine has loads waiting at once: while
// a SCSI bus is scanned each load waits for the scan's end (do_init_module,
// async_synchronize_full), for seconds, its module working already. Every one
// that is not started meanwhile comes after. Sixty waiting threads cost 2 MB.
const DefaultMaxThreads = 128

// DefaultOverflow is long for a module, most take 1 to 20 ms, and short for a
// driver which waits for its hardware: a SCSI bus scan takes 5 s.
const DefaultOverflow = 50 * time.Millisecond

// A Scheduler loads modules along their dependencies, each once, as many at a
// time as is good. Steps may be added at any time, also from OnResult.
type Scheduler struct {
	ctx  context.Context
	load Func
	opt  SchedulerOptions

	mu         sync.Mutex
	tasks      map[string]*task
	pending    []*task // in order of Add, not yet started
	running    map[*task]bool
	slow       int       // of running, past Overflow
	stopped    bool      // the context is done: nothing new starts
	results    []*task   // finished, OnResult not yet called
	delivering bool      // a goroutine is calling OnResult
	idle       chan bool // closed while nothing is under way
}

type task struct {
	step    kmod.Step
	urgency int // its own priority or that of the most urgent which waits for it
	done    bool
	tid     int         // of the thread which loads it
	watch   *time.Timer // looks whether it only waits
	slow    bool        // it does
	res     Result
}

// NewScheduler starts nothing until Add. When the context ends no further load
// starts; those under way go on.
func NewScheduler(ctx context.Context, load Func, opt SchedulerOptions) *Scheduler {
	if opt.Workers <= 0 {
		opt.Workers = min(runtime.NumCPU(), 16)
	}
	if opt.Serial {
		opt.Workers, opt.MaxThreads = 1, 1
	}
	opt.Overflow = cmp.Or(opt.Overflow, DefaultOverflow)
	opt.MaxThreads = cmp.Or(opt.MaxThreads, DefaultMaxThreads)
	if opt.Busy == nil {
		opt.Busy = ThreadBusy
	}
	s := &Scheduler{ctx: ctx, load: load, opt: opt, tasks: map[string]*task{}, running: map[*task]bool{}, idle: make(chan bool)}
	close(s.idle)
	context.AfterFunc(ctx, s.stop)
	return s
}

// Add takes steps in, in the order in which the planner gave them: what a step
// comes after is added before it or with it, or else is in the kernel already.
// A step for a module it already has is dropped.
func (s *Scheduler) Add(steps ...kmod.Step) {
	s.mu.Lock()
	fresh := len(s.pending)
	for _, step := range steps {
		if s.tasks[step.Module] != nil {
			continue
		}
		t := &task{step: step, urgency: step.Priority}
		s.tasks[step.Module] = t
		s.pending = append(s.pending, t)
	}
	for _, t := range s.pending[fresh:] {
		s.urge(t)
	}
	if len(s.pending) > fresh && s.isIdle() {
		s.idle = make(chan bool)
	}
	s.dispatch()
	s.mu.Unlock()
	s.deliver()
}

// urge passes a task's urgency on to what it waits for.
func (s *Scheduler) urge(t *task) {
	for _, name := range t.step.After {
		if dep := s.tasks[name]; dep != nil && !dep.done && dep.urgency < t.urgency {
			dep.urgency = t.urgency
			s.urge(dep)
		}
	}
}

func (s *Scheduler) isIdle() bool {
	select {
	case <-s.idle:
		return true
	default:
		return false
	}
}

// dispatch starts what can start. It holds the lock.
func (s *Scheduler) dispatch() {
	for {
		if s.stopped {
			s.cancelPending()
			return
		}
		t, loop := s.next()
		if t == nil {
			return
		}
		s.pending = slices.DeleteFunc(s.pending, func(p *task) bool { return p == t })
		t.res.Loop = loop
		if err := s.lostDependency(t); err != nil && !loop {
			s.finish(t, Loading{}, err)
			continue
		}
		s.start(t)
	}
}

// next is the task to start now, nil when all wait or all hands are full. When
// nothing runs and yet all wait for each other, the first is taken anyway.
func (s *Scheduler) next() (t *task, loop bool) {
	if len(s.pending) == 0 || len(s.running)-s.slow >= s.opt.Workers || len(s.running) >= s.opt.MaxThreads {
		return nil, false
	}
	for _, p := range s.pending {
		if !s.ready(p) {
			continue
		}
		if s.opt.Serial {
			return p, false
		}
		if t == nil || p.urgency > t.urgency {
			t = p
		}
	}
	if t == nil && len(s.running) == 0 {
		return s.pending[0], true
	}
	return t, false
}

// ready: everything it comes after has been tried. A name nobody added is in
// the kernel already.
func (s *Scheduler) ready(t *task) bool {
	for _, name := range t.step.After {
		if dep := s.tasks[name]; dep != nil && dep != t && !dep.done {
			return false
		}
	}
	return true
}

// lostDependency names the needed module which failed, and why it did: the
// first cause, not the last link of the chain.
func (s *Scheduler) lostDependency(t *task) error {
	for _, name := range t.step.Needs {
		if dep := s.tasks[name]; dep != nil && dep.done && dep.res.Err != nil {
			return dependencyError(t.step.Module, name, dep.res.Err)
		}
	}
	return nil
}

func (s *Scheduler) start(t *task) {
	s.running[t] = true
	t.res.Started = time.Now()
	go s.run(t)
}

func (s *Scheduler) run(t *task) {
	runtime.LockOSThread() // the kernel runs the module's init on it
	defer runtime.UnlockOSThread()
	s.watch(t, unix.Gettid())
	loading, err := s.guarded(t.step)

	s.mu.Lock()
	t.watch.Stop()
	t.res.Took = time.Since(t.res.Started)
	delete(s.running, t)
	if t.slow {
		s.slow--
	}
	s.finish(t, loading, err)
	s.dispatch()
	s.mu.Unlock()
	s.deliver()
}

// watch looks at a load every Overflow from then on.
func (s *Scheduler) watch(t *task, tid int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t.tid = tid
	t.watch = time.AfterFunc(s.opt.Overflow, func() { s.look(t) })
}

// look lets another load start beside one which only waits. One which works
// counts, however long it takes: more at a time would make each slower and
// the urgent ones late.
func (s *Scheduler) look(t *task) {
	busy := s.opt.Busy(t.tid)
	s.mu.Lock()
	if s.running[t] {
		if t.slow == busy {
			t.slow = !busy
			s.slow += map[bool]int{true: 1, false: -1}[t.slow]
			s.dispatch()
		}
		t.watch.Reset(s.opt.Overflow)
	}
	s.mu.Unlock()
	s.deliver()
}

func (s *Scheduler) finish(t *task, loading Loading, err error) {
	t.done = true
	t.res.Step, t.res.Loading, t.res.Err = t.step, loading, Classify(err, t.step.Module, KernelFacts{})
	s.results = append(s.results, t)
}

// stop ends the starting of loads.
func (s *Scheduler) stop() {
	s.mu.Lock()
	s.stopped = true
	s.dispatch()
	s.mu.Unlock()
	s.deliver()
}

func (s *Scheduler) cancelPending() {
	for _, t := range s.pending {
		s.finish(t, Loading{}, &Error{Module: t.step.Module, Reason: NotStarted,
			Text: "it was not its turn before the deadline", Err: context.Cause(s.ctx)})
	}
	s.pending = nil
}

// deliver calls OnResult, outside the lock and one at a time, then says idle
// if that was the last. A call from within OnResult leaves the work to the
// loop which made it.
func (s *Scheduler) deliver() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.delivering {
		return
	}
	s.delivering = true
	for len(s.results) > 0 {
		t := s.results[0]
		s.results = s.results[1:]
		if s.opt.OnResult == nil {
			continue
		}
		s.mu.Unlock()
		s.opt.OnResult(t.res)
		s.mu.Lock()
	}
	s.delivering = false
	if len(s.pending)+len(s.running) == 0 && !s.isIdle() {
		close(s.idle)
	}
}
