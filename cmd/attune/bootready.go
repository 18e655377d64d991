package main

import (
	"cmp"
	"fmt"
	"runtime/debug"
	"time"

	"attune/detect"
	"attune/internal/boot"
	"attune/internal/settings"
)

// readyMargin is how long after its deadline a boot may still be configuring
// before X starts with what is in place; a second is usual on a slow machine.
const readyMargin = 5 * time.Second

// promise has the service manager told that X may start when the time for it is
// up, whatever hangs: a graphics driver that keeps who asks for its connectors, a
// server that is gone. Stop it when the boot is over.
func (r *bootRun) promise() *time.Timer {
	r.begun = time.Now()
	r.late = time.AfterFunc(cmp.Or(r.opt.Deadline, boot.DefaultDeadline)+readyMargin, func() {
		const why = "time is up: X may start with what is in place; something hangs"
		r.log.Add(boot.Entry{Kind: boot.KindNote, Why: why})
		r.sayReady(why)
	})
	return r.late
}

// wanted is Early; a deadline in the settings moves the promise as well.
func (r *bootRun) wanted(inv detect.Inventory) *settings.Boot {
	want := r.Early(inv)
	if want != nil && want.Deadline > 0 && !r.opt.FixedDeadline && r.late != nil && r.late.Stop() {
		r.late.Reset(want.Deadline + readyMargin - time.Since(r.begun))
	}
	return want
}

// start is deferred by what makes things ready for X: it says that X may start.
// Only then the findings are told, as a journal may be slow to take them.
func (r *bootRun) start(done *bootDone) {
	if p := recover(); p != nil {
		done.Tell(fmt.Sprintf("getting ready for a picture: a mistake in attune: %v\n%s", p, debug.Stack()))
	}
	done.ready = true
	if r.tell == nil {
		return
	}
	r.late.Stop()
	r.sayReady(done.status())
	r.announce(*done)
}

func (r *bootRun) sayReady(status string) {
	if r.ready == nil {
		return
	}
	if err := r.ready(status); err != nil {
		fmt.Fprintf(r.stderr, "attune boot: %v\n", err)
	}
}
