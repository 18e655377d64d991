package boot

import (
	"context"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"attune/detect"
	"attune/detect/kmod"
)

// udevdRuns tells whether a udevd is at work. It loads modules too, and racing
// it would only make both slower.
func udevdRuns(root fs.FS) bool {
	_, err := fs.Stat(root, "run/udev/control")
	return err == nil
}

const (
	// udevdTick is how often udevd's queue is looked at: it says nothing by
	// itself.
	udevdTick = 50 * time.Millisecond

	// udevdLull is how long its queue must be empty: what was just triggered may
	// not have reached it yet.
	udevdLull = 100 * time.Millisecond
)

// udevd is what is known of the one at work.
type udevd struct {
	busy   bool      // it has events to handle
	idleAt time.Time // since when it has none
	swept  bool      // what it left out has been planned for
	whole  bool      // the inventory is a whole one, with the modules there are
}

// look sees whether udevd has something queued: it keeps a file while events
// wait (src/udev/udev-manager.c).
func (u *udevd) look(root fs.FS, now time.Time) {
	_, err := fs.Stat(root, "run/udev/queue")
	was := u.busy
	u.busy = err == nil
	if u.busy || was || u.idleAt.IsZero() {
		u.idleAt = now
	}
}

// sweepDue waits until udevd has had its turn, so that what is unbound then is
// what it left out, and plans for that once. Half the deadline is its turn at
// most.
func (b *Boot) sweepDue(ctx context.Context, now time.Time) bool {
	if b.udevd.swept {
		return true
	}
	if b.udevd.busy || now.Sub(b.udevd.idleAt) < udevdLull {
		if now.Sub(b.log.start) < b.opt.Deadline/2 {
			return false
		}
		// Slow, or stuck: that shows at the deadline.
		b.logEntry(Entry{Kind: KindNote, Why: fmt.Sprintf("udevd is still busy after %v; going on beside it", b.opt.Deadline/2)})
	}
	b.udevd.swept = true
	inv := b.report.Inventory
	if !b.udevd.whole || !b.current() {
		inv = b.scan(detect.Options{})
	}
	b.modules(ctx)
	b.begin(inv)
	b.take(inv)
	b.headsFailed()
	if b.owed == 0 {
		b.scanned = b.rest.last // nothing was begun: this scan is the last one, too
		b.climb()
	}
	return true
}

// udevdsAlone tells what is not swept after udevd. Processors have no driver,
// and a dozen modules that are asked for by their features and find nothing to
// do: udevd has just tried each of them, and trying again would cost more than
// all the rest.
func udevdsAlone(d detect.Device) bool {
	return d.Subsystem == "cpu" || d.Subsystem == "acpi" && slices.ContainsFunc(d.Modalias, func(alias string) bool {
		return strings.HasPrefix(alias, "acpi:LNXCPU:") || strings.HasPrefix(alias, "acpi:ACPI0007:")
	})
}

// nowOrAside puts aside the steps that run a command while udevd may be running
// the same one: a module goes into the kernel once whoever loads it, a command
// would run twice.
func (b *Boot) nowOrAside(steps []kmod.Step) []kmod.Step {
	if !b.udevd.busy {
		return steps
	}
	now := slices.Clone(steps)
	return slices.DeleteFunc(now, func(s kmod.Step) bool {
		if s.Install != "" {
			b.aside = append(b.aside, s)
		}
		return s.Install != ""
	})
}

// startAside begins what was put aside once udevd is done, but for what it has
// loaded meanwhile.
func (b *Boot) startAside() {
	if len(b.aside) == 0 || b.udevd.busy {
		return
	}
	steps := b.aside
	b.aside = nil
	b.start(slices.DeleteFunc(steps, func(s kmod.Step) bool { return detect.ModuleRuns(b.env.Root, s.Module) }))
}
