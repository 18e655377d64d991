package boot

import (
	"context"
	"strings"
	"time"

	"attune/detect"
	"attune/detect/kmod"
	"attune/detect/uevent"
)

// follow lives through what loading brings about, until the machine is at
// rest or the context ends.
func (b *Boot) follow(ctx context.Context) {
	b.rest.touch(time.Now())
	for {
		wait, settled := b.waitFor()
		if settled {
			return
		}
		select {
		case ev := <-b.ears.events:
			b.heard(ev)
		case <-b.ears.lost:
			b.lost.note(time.Now())
		case err := <-b.ears.broken:
			b.problem("devices that appear from here on are missed: %v", err)
			b.lost.note(time.Now())
		case <-b.results.bell:
			b.takeResults()
		case <-wait:
		case <-ctx.Done():
			b.expired()
			return
		}
	}
}

// waitFor says when to look again; nil: only when something happens. Halfway
// through the last silence it reads the inventory, so that the one which
// proves that nothing was missed costs no time of its own.
func (b *Boot) waitFor() (again <-chan time.Time, settled bool) {
	now := time.Now()
	if at, lost := b.lost.scanAt(); lost {
		if now.Before(at) {
			return time.After(at.Sub(now)), false
		}
		b.lost = losses{}
		b.logEntry(Entry{Kind: KindLost})
		b.rest.sawUnheard(now)
		b.take(detect.Scan(b.sys))
	}
	if b.owed > 0 || b.ears.waiting() || len(b.results.bell) > 0 {
		return nil, false
	}
	if b.report.Udevd && udevdBusy(b.env.Root) { // it may be in the middle of a card's probe
		b.report.WaitingFor = "udevd, which has events to handle"
		b.rest.touch(now)
		return time.After(udevdTick), false
	}
	at, why := b.rest.restAt()
	look := at.Add(-quiet / 2)
	switch {
	case now.Before(look):
		b.report.WaitingFor = why
		return time.After(look.Sub(now)), false
	case !b.scanned.Equal(b.rest.last):
		b.scanned = b.rest.last
		b.take(detect.Scan(b.sys))
		b.climb()
		return time.After(0), false
	case now.Before(at):
		return time.After(at.Sub(now)), false
	}
	b.report.WaitingFor = ""
	b.report.Settled = true
	b.logEntry(Entry{Kind: KindSettled})
	return nil, true
}

// expired notes what was still under way when time was up.
func (b *Boot) expired() {
	b.takeResults()
	for _, l := range b.sched.Running() {
		b.report.Running = append(b.report.Running, l.Module)
	}
	why := strings.Join(append(b.report.Running, b.report.WaitingFor), " ")
	b.logEntry(Entry{Kind: KindDeadline, Why: why})
	b.report.Inventory = detect.Scan(b.sys) // what follows decides by what is there now
}

// heard acts on one uevent.
func (b *Boot) heard(ev uevent.Event) {
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
	if ev.Action == "bind" || b.report.Udevd {
		return // answered when it was added; or udevd's, and the last scan is ours
	}
	dev := detect.FromEvent(b.sys, ev.Env)
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
	return b.start(b.planner.Devices(b.opt.keep(devices)...))
}

func (b *Boot) start(steps []kmod.Step) []kmod.Step {
	if b.env.Load != nil && len(steps) > 0 {
		b.owed += len(steps) // the planner gives no module twice, the scheduler answers each once
		b.sched.Add(steps...)
		b.rest.touch(time.Now())
	}
	return steps
}

// takeResults notes how loads ended.
func (b *Boot) takeResults() {
	for _, res := range b.results.takeAll() {
		b.owed--
		b.rest.touch(time.Now())
		b.report.Loads = append(b.report.Loads, loadOf(res))
		e := Entry{Kind: KindLoad, Module: res.Step.Module, Took: res.Took.Milliseconds()}
		if res.Err != nil {
			e.Err = res.Err.Error()
		}
		b.logEntry(e)
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
