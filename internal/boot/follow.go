package boot

import (
	"context"
	"slices"
	"strings"
	"time"

	"attune/detect"
	"attune/detect/kmod"
	"attune/detect/uevent"
)

// follow lives through what loading brings about, until the machine is at
// rest and its displays are there, or the context ends.
func (b *Boot) follow(ctx context.Context) {
	b.rest.touch(time.Now())
	for {
		now := time.Now()
		if !b.opt.Alone {
			b.udevd.look(b.env.Root, now)
		}
		again, settled := b.waitFor(ctx, now)
		if settled != b.resting {
			b.resting, b.pic.due = settled, true
		}
		look := b.watchPicture(now)
		if settled && look.IsZero() {
			b.report.Settled = true
			b.logEntry(Entry{Kind: KindSettled})
			return
		}
		if settled || !look.IsZero() && look.Before(again) || again.IsZero() {
			again = look
		}
		select {
		case ev := <-b.ears.events:
			b.heard(ctx, ev)
		case <-b.ears.lost:
			b.lost.note(time.Now())
		case err := <-b.ears.broken:
			b.ears.deaf = true
			b.problem("devices that appear from here on are missed: %v", err)
			b.lost.note(time.Now())
		case <-b.results.bell:
			b.takeResults()
		case <-after(again):
		case <-ctx.Done():
			b.expired(ctx)
			return
		}
	}
}

// after is a bell for a time, nil for none.
func after(at time.Time) <-chan time.Time {
	if at.IsZero() {
		return nil
	}
	return time.After(time.Until(at))
}

// waitFor says when to look again; zero: only when something happens. Halfway
// through the last silence it reads the inventory where anything has happened
// since it was read last, so that the one which proves that nothing was missed
// costs no time of its own.
func (b *Boot) waitFor(ctx context.Context, now time.Time) (again time.Time, settled bool) {
	if at, lost := b.lost.scanAt(); lost {
		if now.Before(at) {
			return at, false
		}
		b.lost = losses{}
		b.logEntry(Entry{Kind: KindLost})
		b.rest.sawUnheard(now)
		b.pic.stale, b.udevd.whole = true, false
		if b.planner != nil { // else udevd is at it, and our scan comes
			b.take(b.scan(detect.Options{}))
		}
	}
	if b.report.Udevd && !b.sweepDue(ctx, now) {
		b.report.WaitingFor = "udevd, which has events to handle"
		return now.Add(udevdTick), false
	}
	b.report.WaitingFor = ""
	b.startAside()
	if b.owed > 0 || b.ears.waiting() || len(b.results.bell) > 0 {
		return time.Time{}, false
	}
	if b.udevd.busy { // it may be in the middle of a card's probe
		b.report.WaitingFor = "udevd, which has events to handle"
		b.rest.touch(now)
		return now.Add(udevdTick), false
	}
	at, why := b.rest.restAt()
	look := at.Add(-quiet / 2)
	b.report.WaitingFor = why
	switch {
	case b.scanned.Equal(b.rest.last):
	case now.Before(look):
		return look, false
	default:
		b.scanned = b.rest.last
		b.take(b.scan(detect.Options{}))
		b.climb()
		return now, false
	}
	if now.Before(at) {
		return at, false
	}
	if tell := b.opt.AtRest; tell != nil {
		b.opt.AtRest = nil
		tell()
		b.scanned = time.Time{}
		return time.Now(), false
	}
	b.report.WaitingFor = ""
	return time.Time{}, true
}

// expired notes what was still under way when time was up.
func (b *Boot) expired(ctx context.Context) {
	b.takeResults()
	for _, l := range b.sched.Running() {
		b.report.Running = append(b.report.Running, l.Module)
	}
	why := strings.Join(append(b.report.Running, b.report.WaitingFor), " ")
	b.logEntry(Entry{Kind: KindDeadline, Why: strings.TrimSpace(why)})
	b.report.Inventory = b.scan(detect.Options{}) // what follows decides by what is there now
	if b.pic.done || context.Cause(ctx) != context.DeadlineExceeded {
		return
	}
	b.report.Took = time.Since(b.log.start)
	b.overdue(time.Now())
	b.tellReady()
}

// heard acts on one uevent.
func (b *Boot) heard(ctx context.Context, ev uevent.Event) {
	b.pic.heard(ev, time.Now())
	switch ev.Action {
	case "add", "bind", "online", "move":
		b.rest.saw(factOfEvent(ev), time.Now())
	case "remove", "unbind", "offline":
		b.rest.touch(time.Now())
		return
	case "change":
		// A battery or a lid says "change" for ever: no reason to wait.
		if ev.Env["MODALIAS"] == "" {
			return
		}
	}
	if ev.Action == "bind" || b.report.Udevd && (b.pic.done || b.knows(ev)) {
		return // answered when it was added; or udevd's, and the last scan is ours
	}
	dev := detect.FromEvent(b.sys, ev.Env)
	if b.pic.asked && !b.pic.done && mayShow(dev) {
		b.promise(ctx, []detect.Device{dev}, nil)
	}
	if b.report.Udevd {
		b.headStart(ctx, dev)
		return
	}
	if steps := b.want(dev); len(steps) > 0 {
		b.logEntry(Entry{Kind: KindDevice, Device: dev.Path, Steps: stepNames(steps)})
	}
}

// take makes a scan the current inventory and asks for what its devices want.
func (b *Boot) take(inv detect.Inventory) {
	now := time.Now()
	for _, dev := range inv.Devices {
		if !b.rest.knows(dev.Path, dev.Driver) {
			b.rest.saw(factOf(dev), now)
		}
	}
	b.report.Inventory = inv
	steps := b.want(inv.Devices...)
	b.logEntry(Entry{Kind: KindScan, Steps: stepNames(steps)})
}

// want plans devices and hands what is new to the scheduler.
func (b *Boot) want(devices ...detect.Device) []kmod.Step {
	devices = b.opt.keep(devices)
	if b.report.Udevd {
		devices = slices.DeleteFunc(slices.Clone(devices), udevdsAlone)
	}
	return b.start(b.planner.Devices(devices...))
}

// start hands steps to the scheduler, which answers each module once: what had
// a head start is not begun again, and how that ended counts.
func (b *Boot) start(steps []kmod.Step) []kmod.Step {
	steps = slices.DeleteFunc(slices.Clone(steps), func(s kmod.Step) bool { return b.begun[s.Module] })
	now := b.nowOrAside(steps)
	if b.env.Load != nil && len(now) > 0 {
		for _, s := range now {
			b.begun[s.Module] = true
		}
		b.owed += len(now)
		b.sched.Add(now...)
		b.rest.touch(time.Now())
	}
	return steps
}

// takeResults notes how loads ended.
func (b *Boot) takeResults() {
	for _, res := range b.results.takeAll() {
		b.owed--
		b.pic.due, b.pic.loadAt = true, time.Now()
		b.rest.touch(time.Now())
		b.report.Loads = append(b.report.Loads, loadOf(res))
		e := Entry{Kind: KindLoad, Module: res.Step.Module, WaitsOn: res.Step.After}
		if res.Err != nil {
			e.Err = res.Err.Error()
		}
		if res.Started.IsZero() {
			b.logEntry(e)
		} else {
			b.log.spanAt(e, res.Started, res.Started.Add(res.Took))
		}
		b.fellThrough(res)
	}
}

func stepNames(steps []kmod.Step) []string {
	var list []string
	for _, s := range steps {
		list = append(list, s.Module)
	}
	return list
}
