package boot

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"attune/detect"
	"attune/detect/kmod"
	"attune/detect/uevent"
)

// The picture phase: from the start until every display device that must come
// is there, or known not to come, or time is up. Then the caller is told, once.

const (
	// pictureTick is how often a promise is looked at once something shows: the
	// kernel tells of a card, and not of a connector that has been asked.
	pictureTick = 50 * time.Millisecond

	// patientTick is how often while nothing does: an event says more, or was
	// lost.
	patientTick = 500 * time.Millisecond

	// cardLull is how long a card must look the same where nothing says that its
	// driver has finished: connectors are registered one after the other.
	cardLull = 100 * time.Millisecond

	// connectorTime is how long connectors may stay unasked once the card is
	// there. Without fbdev emulation nobody asks before X does; an analog
	// connector that cannot tell stays unknown for ever.
	connectorTime = 2 * time.Second

	// inputTime is how long input devices may take to appear behind the displays:
	// what comes later is planned for when it comes.
	inputTime = 500 * time.Millisecond

	// refreshRead is how long a file may take of a device that is known already.
	refreshRead = 100 * time.Millisecond

	// inputTick is how often they are looked for.
	inputTick = 100 * time.Millisecond

	// loadLull is how long after a load the kernel's words about what it brought
	// may take to be heard: they are sent before it ends, and read beside it.
	loadLull = 30 * time.Millisecond
)

// A picture is where the phase stands.
type picture struct {
	asked     bool      // the promises are known
	promised  []Promise // sorted by device
	keptAt    time.Time // when the last of them was settled, zero before
	hubAt     time.Time // when something input devices may follow last appeared
	hub       string    // its path below /sys
	inputs    []string  // paths of those that had no driver when they were seen
	loadAt    time.Time // when a load ended last
	inputsWhy string    // what input devices were waited for last
	done      bool      // the caller has been told
	told      chan struct{}
	due       bool      // something has happened that a promise may hang on
	next      time.Time // else this is when they are looked at again
	shown     []string  // cards and input devices there were then
	stale     bool      // one of them has said since that it changed
}

// askPromises finds out which display devices must come, from those there are.
func (b *Boot) askPromises(ctx context.Context, inv detect.Inventory) {
	cards := map[string]string{}
	if b.opt.Ready != nil { // else nobody waits for a picture
		for _, c := range detect.CardsBelow(b.env.Root, "devices") {
			if !c.Firmware {
				cards[c.Device] = strings.ReplaceAll(c.Driver, "-", "_")
			}
		}
		b.promise(ctx, inv.Devices, cards)
	}
	b.pic.asked = b.opt.Ready != nil
}

// promise adds what devices promise. cards are those which have a card, with
// its driver.
func (b *Boot) promise(ctx context.Context, devices []detect.Device, cards map[string]string) {
	p := promiser{
		plan: func(d detect.Device) kmod.Plan {
			pol := b.opt.Policy
			pol.SkipBound, pol.Force = false, nil
			planner := kmod.NewPlanner(b.modules(ctx), pol)
			planner.Devices(d)
			return planner.Plan()
		},
		file: func(module string) (string, bool) {
			f, ok, err := b.modules(ctx).Index().Find(module)
			return f.Path, ok && err == nil
		},
		nomodeset: slices.Contains(kmod.CmdlineWords(b.env.Cmdline), "nomodeset"),
	}
	for _, q := range p.promises(b.opt.keep(devices), cards) {
		if !slices.ContainsFunc(b.pic.promised, func(o Promise) bool { return strings.HasPrefix(q.Device+"/", o.Device+"/") }) {
			b.pic.promised = append(b.pic.promised, q)
		}
	}
	slices.SortFunc(b.pic.promised, func(a, b Promise) int { return strings.Compare(a.Device, b.Device) })
}

// watchPicture looks at what is promised and tells the caller when all is
// settled. It gives the time of its next look, zero when it has no more.
func (b *Boot) watchPicture(now time.Time) (next time.Time) {
	if b.pic.done || !b.pic.asked {
		return time.Time{}
	}
	if b.open() && !b.pic.due && now.Before(b.pic.next) {
		return b.pic.next
	}
	b.pic.due, b.pic.next = false, now.Add(patientTick)
	for i := range b.pic.promised {
		if p := &b.pic.promised[i]; p.State == "" {
			b.lookAt(p, now)
			if !p.look.cardAt.IsZero() || p.look.unbound {
				b.pic.next = now.Add(pictureTick)
			}
		}
	}
	switch {
	case b.open():
		return b.pic.next
	case len(b.pic.promised) == 0:
		b.tellReady()
		return time.Time{}
	case b.pic.keptAt.IsZero():
		b.pic.keptAt = now
	}
	if wait, why := b.inputsUntil(now); now.Before(wait) {
		b.pic.inputsWhy = why
		return wait
	}
	b.logWait(Entry{Name: "input devices", Why: cmp.Or(b.pic.inputsWhy, "there are none to wait for")}, b.pic.keptAt, now)
	b.tellReady()
	return time.Time{}
}

// open tells whether a promise is still to be settled.
func (b *Boot) open() bool {
	return slices.ContainsFunc(b.pic.promised, func(p Promise) bool { return p.State == "" })
}

// heard notes what an event means for the picture.
func (p *picture) heard(ev uevent.Event, now time.Time) {
	switch ev.Env["SUBSYSTEM"] {
	case "drm":
		p.due, p.stale = true, true
	case "input", "graphics":
		// New rules of ours have udev say "change" of each input device.
		p.stale = p.stale || ev.Action != "change"
	case "module":
		p.due = true // one of the drivers may have begun, which probes its devices
	}
	f := factOfEvent(ev)
	if ev.Action == "add" && latenesses[0].after(f) {
		p.hubAt, p.hub = now, f.path
	}
	if ev.Action != "bind" || detect.Between(f.driver) {
		return
	}
	for i := range p.promised {
		if q := &p.promised[i]; f.path == q.Device || strings.HasPrefix(f.path, q.Device+"/") {
			q.look.bound, p.due = true, true
		}
	}
}

// knows tells whether a device of an event was there at the last scan.
func (b *Boot) knows(ev uevent.Event) bool {
	_, known := place(b.report.Inventory.Devices, strings.TrimPrefix(ev.KObj, "/"))
	return known
}

// place is where a path stands among the devices of an inventory.
func place(devices []detect.Device, path string) (int, bool) {
	return slices.BinarySearchFunc(devices, path, func(d detect.Device, path string) int { return strings.Compare(d.Path, path) })
}
