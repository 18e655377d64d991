package boot

import (
	"errors"
	"fmt"
	"slices"
	"syscall"
	"time"

	"attune/detect"
	"attune/detect/kmod"
	"attune/detect/kmod/load"
	"attune/detect/uevent"
)

// A Report is what a boot found and did. As JSON it is machine.json.
type Report struct {
	Release string `json:"release"`
	Cmdline string `json:"cmdline,omitempty"`
	DryRun  bool   `json:"dry_run,omitempty"`
	Udevd   bool   `json:"udevd,omitempty"` // one was running: only what it left out was loaded

	Initramfs *Handover `json:"initramfs,omitempty"` // what was done before the real root was there

	Settled    bool          `json:"settled"`               // nothing was under way any more
	Took       time.Duration `json:"took_ns"`               // from the start to rest, or to the deadline; 0 while it goes on
	WaitingFor string        `json:"waiting_for,omitempty"` // what was still expected at the deadline
	Running    []string      `json:"running,omitempty"`     // modules still loading at the deadline

	Promised []Promise `json:"promised,omitempty"` // the display devices that had to come, sorted by device
	Changed  bool      `json:"-"`                  // displays or input devices are others than when Ready was told

	Inventory detect.Inventory `json:"inventory"`
	Plan      kmod.Plan        `json:"plan"`
	Loads     []Load           `json:"loads,omitempty"` // in the order they ended
	Uevents   uevent.Stats     `json:"uevents"`
	Problems  []string         `json:"problems,omitempty"` // each once
}

// A Load is how one module went into the kernel.
type Load struct {
	Module string      `json:"module"`
	How    load.How    `json:"how,omitempty"`
	TookMS int64       `json:"took_ms"`
	Reason load.Reason `json:"reason,omitempty"` // why it is not in the kernel
	Err    string      `json:"err,omitempty"`
	Errno  int         `json:"errno,omitempty"`

	Harmless bool `json:"harmless,omitempty"` // part of any boot: nothing there for it to drive
}

func loadOf(res load.Result) Load {
	l := Load{Module: res.Step.Module, How: res.Loading.How, TookMS: res.Took.Milliseconds()}
	if res.Err != nil {
		l.Err = res.Err.Error()
		l.Harmless = load.Harmless(res.Err)
		var le *load.Error
		if errors.As(res.Err, &le) {
			l.Reason = le.Reason
		}
		var errno syscall.Errno
		if errors.As(res.Err, &errno) {
			l.Errno = int(errno)
		}
	}
	return l
}

// Failed lists the loads that went wrong in a way a person may want to know:
// a driver that finds nothing to drive is part of any boot.
func (r Report) Failed() []Load {
	var failed []Load
	for _, l := range r.Loads {
		if l.Err != "" && !l.Harmless && l.Reason != load.NotStarted {
			failed = append(failed, l)
		}
	}
	return failed
}

func (b *Boot) problem(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	if slices.Contains(b.report.Problems, text) {
		return
	}
	b.report.Problems = append(b.report.Problems, text)
	b.logEntry(Entry{Kind: KindNote, Why: text})
}

func (b *Boot) logEntry(e Entry) { b.log.Add(e) }

// logWait notes a wait, what it was for and how it ended.
func (b *Boot) logWait(e Entry, begin, end time.Time) {
	e.Kind = KindWait
	b.log.spanAt(e, begin, end)
}

// conclude completes the report with what the parts have gathered.
func (b *Boot) conclude() {
	r := &b.report
	r.Release, r.Cmdline, r.DryRun = b.env.Release, b.env.Cmdline, b.env.Load == nil
	r.Promised = b.pic.promised
	r.Changed = b.pic.told != nil && (b.pic.stale || !slices.Equal(b.pic.shown, detect.Shown(b.env.Root)))
	if b.planner != nil {
		r.Plan = b.planner.Plan()
	}
	var err error
	if r.Initramfs, err = readHandover(b.env.Root); err != nil {
		b.problem("%v", err)
	}
	for _, p := range r.Inventory.Problems {
		b.problem("%v", p)
	}
	if b.resolver != nil {
		for _, err := range b.resolver.Problems() {
			b.problem("%v", err)
		}
		for _, err := range b.opt.Unmatched(r.Inventory, b.resolver) {
			b.problem("%v", err)
		}
	}
	r.Uevents = b.ears.stats()
	if err := b.log.failed(); err != nil {
		r.Problems = append(r.Problems, fmt.Sprintf("writing the event log: %v", err))
	}
}

// Tell adds a problem of what follows a boot, once.
func (r *Report) Tell(text string) {
	if !slices.Contains(r.Problems, text) {
		r.Problems = append(r.Problems, text)
	}
}
