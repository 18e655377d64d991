// Package boot is the sequence of a boot: listen, scan, load, follow what
// appears, stop when the machine has come to rest or time is up, say what
// happened.
//
// It knows no sysfs attribute, no module format and no socket; those it is
// given. It never fails: whatever goes wrong becomes a line in the report.
package boot

import (
	"context"
	"io/fs"
	"time"

	"attune/detect"
	"attune/detect/kmod"
	"attune/detect/kmod/load"
	"attune/detect/uevent"
	"attune/internal/settings"
)

// Env is everything the boot run touches, pulled out so that a captured
// machine can stand in for the real one.
type Env struct {
	Root    fs.FS  // the machine, from "/" down
	Modules fs.FS  // where lib/modules is, most often Root
	Release string // kernel release: which modules to use
	Cmdline string // kernel command line

	Listen func() (Listener, error) // nil: nothing can happen (a capture, a dry run)
	Load   load.Func                // nil: only plan
	Events *Journal                 // events.jsonl, nil: not written
}

// A Listener hears devices appear. uevent.Conn is one.
type Listener interface {
	Receive(context.Context) (uevent.Event, error)
	Stats() uevent.Stats
	Close() error
}

// Options say how to boot. The zero value of each field is the default.
type Options struct {
	Off      bool    // attune=off: the caller does not even start
	Warnings []error // what the caller has to tell beside what boot finds: words it did not understand
	Policy   kmod.Policy
	Skip     []string      // subsystems left alone
	Deadline time.Duration // 0: DefaultDeadline

	NoDesktop bool // attune.desktop=off: the caller configures neither displays nor input devices

	// Settings is asked once, when the first inventory is read, for what the
	// settings of this machine want; nil, or a nil answer: they want nothing. A
	// Deadline that the caller was given, FixedDeadline, they do not change.
	Settings      func(detect.Inventory) *settings.Boot
	FixedDeadline bool

	// Ready is called once, as soon as the displays this machine must have are
	// there, or known not to come, or time is up: X may be configured and started.
	// What else is to be loaded goes on beside it. It is not called for a run
	// whose context ends before. Run comes back when it has.
	Ready func(Report)

	// Alone: whatever udevd runs loads no modules.
	Alone bool

	// AtRest is called once, when the machine has come to rest; it is looked at
	// once more after that. The listener hears all the while, so that whoever is
	// given the word from here on can miss nothing.
	AtRest func()
}

// DefaultDeadline is how long boot waits for a machine to come to rest. The
// slowest driver met takes 5 s to scan its bus; nobody should look at a dark
// screen for longer than this.
const DefaultDeadline = 30 * time.Second

// A Boot is one run of the sequence. One goroutine owns it; the listener and
// the loads speak to that one over channels.
type Boot struct {
	env     Env
	opt     Options
	log     *Journal
	sys     fs.FS
	rest    settling
	pic     picture
	udevd   udevd
	ears    *ears
	lost    losses
	results inbox
	begun   map[string]bool // modules handed to the scheduler
	owed    int             // loads begun whose result has not been taken
	aside   []kmod.Step     // to be loaded when udevd, which may be at them, is done
	seen    uint64          // events heard when the inventory was read
	scanned time.Time       // rest.last when the inventory was read
	resting bool            // nothing is under way any more, but for a promise
	report  Report
	timer   *time.Timer // the deadline

	opening  <-chan opened
	resolver *kmod.Resolver // nil: not asked for yet
	planner  *kmod.Planner  // nil: nothing planned yet
	sched    *load.Scheduler
}

// New prepares a boot and does nothing yet.
func New(env Env, opt Options) *Boot {
	if opt.Deadline == 0 {
		opt.Deadline = DefaultDeadline
	}
	sys, err := fs.Sub(env.Root, "sys")
	if err != nil {
		panic(err) // "sys" is a valid path: cannot be
	}
	if env.Events == nil {
		env.Events = NewJournal(nil, 0, "")
	}
	return &Boot{env: env, opt: opt, sys: sys, log: env.Events, begun: map[string]bool{}, results: inbox{bell: make(chan struct{}, 1)}}
}

// Run does the sequence. It comes back when the machine is at rest, when ctx
// ends or when the deadline has passed, whichever is first, and Ready has been
// told. Loads still under way then go on; see Linger.
func (b *Boot) Run(ctx context.Context) Report {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	b.timer = time.AfterFunc(b.opt.Deadline, func() { cancel(context.DeadlineExceeded) })
	defer b.timer.Stop()
	for _, w := range b.opt.Warnings {
		b.problem("%v", w)
	}
	b.ears = b.listen() // before the scan, or what appears between the two is lost
	defer b.ears.close()
	b.sched = b.scheduler(ctx)
	if b.report.Udevd = b.env.Load != nil && !b.opt.Alone && udevdRuns(b.env.Root); b.report.Udevd {
		b.besideUdevd(ctx)
	} else {
		b.alone(ctx)
	}
	if b.env.Load != nil {
		b.follow(ctx)
	} else {
		b.tellReady()
	}
	if b.pic.told != nil {
		<-b.pic.told
	}
	b.report.Took = time.Since(b.log.start)
	b.conclude()
	return b.report
}

// alone is how a run begins where nobody else loads modules: with everything.
func (b *Boot) alone(ctx context.Context) {
	b.opening = b.openModules() // beside the scan
	inv := b.scan(detect.Options{})
	b.settings(inv)
	b.modules(ctx)
	b.begin(inv)
	b.take(inv)
	b.askPromises(ctx, inv)
	b.sawHubs(inv, time.Now())
}

// besideUdevd is how a run begins with udevd at work: it asks which displays
// must come, begins with what these want, and leaves the rest for when udevd has
// done its part.
func (b *Boot) besideUdevd(ctx context.Context) {
	b.opt.Policy.SkipBound = true
	b.udevd.look(b.env.Root, time.Now())
	if b.udevd.busy {
		b.opening = b.openModules() // beside the scan: something will want a driver
	}
	inv := b.scan(detect.Options{NoModules: b.udevd.busy, CardsOnly: b.udevd.busy})
	if b.udevd.whole = !b.udevd.busy; b.udevd.busy {
		b.sawHubs(inv, time.Now())
	}
	b.report.Inventory = inv
	b.settings(inv)
	b.askPromises(ctx, inv)
	b.headStart(ctx, inv.Devices...)
}

// settings takes over what the settings want.
func (b *Boot) settings(inv detect.Inventory) {
	if b.opt.Settings == nil {
		return
	}
	want := b.opt.Settings(inv)
	if want == nil {
		return
	}
	was := b.opt
	b.opt = b.opt.With(*want)
	if b.opt.FixedDeadline {
		b.opt.Deadline = was.Deadline
	}
	if b.opt.Deadline != was.Deadline {
		b.timer.Reset(max(0, b.opt.Deadline-time.Since(b.log.start)))
	}
}

// scan reads the inventory.
func (b *Boot) scan(o detect.Options) detect.Inventory {
	b.seen = b.ears.heard.Load()
	inv := detect.ScanWith(b.sys, o)
	if len(inv.Devices) == 0 {
		b.problem("%v", detect.ErrNoDevices)
	}
	return inv
}

// Linger waits for the loads Run left under way. A process must not end while
// one runs: its end would interrupt the driver's probe and leave a dead
// device behind.
func (b *Boot) Linger() Report {
	b.sched.Wait(context.Background())
	b.takeResults()
	b.report.Inventory = b.scan(detect.Options{})
	b.conclude()
	return b.report
}

// scheduler makes the one that loads, or that only collects when nothing is
// to be loaded.
func (b *Boot) scheduler(ctx context.Context) *load.Scheduler {
	return load.NewScheduler(ctx, b.env.Load, load.SchedulerOptions{
		Serial:   b.opt.Policy.Serial,
		OnResult: b.results.put,
	})
}
