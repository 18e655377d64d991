package boot

import (
	"context"
	"io/fs"
	"path"
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

	// inputTick is how often they are looked for.
	inputTick = 100 * time.Millisecond

	// loadLull is how long after a load the kernel's words about what it brought
	// may take to be heard: they are sent before it ends, and read beside it.
	loadLull = 30 * time.Millisecond
)

// A look is what a promise looked like last, and since when.
type look struct {
	bound   bool      // the kernel said the driver took it
	cardAt  time.Time // when a card was first seen
	same    string    // the card's connectors
	sameAt  time.Time // since when
	unbound bool      // driver loaded, device left alone
	leftAt  time.Time // since when
}

// A picture is where the phase stands.
type picture struct {
	asked       bool      // the promises are known
	promised    []Promise // sorted by device
	keptAt      time.Time // when the last of them was settled, zero before
	hubAt       time.Time // when something input devices may follow last appeared
	inputs      bool      // one is there and has no driver
	loadAt      time.Time // when a load ended last
	inputsHeard uint64    // one more than the events heard when that was looked at, 0 before
	done        bool      // the caller has been told
	told        chan struct{}
	due         bool      // something has happened that a promise may hang on
	next        time.Time // else this is when they are looked at again
	shown       []string  // cards and input devices there were then
	stale       bool      // one of them has said since that it changed
}

// askPromises finds out which display devices must come.
func (b *Boot) askPromises(ctx context.Context, inv detect.Inventory) {
	if b.opt.Ready == nil {
		return // nobody waits for a picture
	}
	cards := map[string]string{}
	for _, c := range detect.CardsBelow(b.env.Root, "devices") {
		if !c.Firmware {
			cards[c.Device] = strings.ReplaceAll(c.Driver, "-", "_")
		}
	}
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
	for _, q := range p.promises(b.opt.keep(inv.Devices), cards) {
		if !slices.ContainsFunc(b.pic.promised, func(o Promise) bool { return o.Device == q.Device }) {
			b.pic.promised = append(b.pic.promised, q)
		}
	}
	slices.SortFunc(b.pic.promised, func(a, b Promise) int { return strings.Compare(a.Device, b.Device) })
	b.pic.asked = true
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
	if wait := b.inputsUntil(now); now.Before(wait) {
		return wait
	}
	b.logWait(Entry{Name: "input devices", Why: "those on buses still being searched"}, b.pic.keptAt, now)
	b.tellReady()
	return time.Time{}
}

// open tells whether a promise is still to be settled.
func (b *Boot) open() bool {
	return slices.ContainsFunc(b.pic.promised, func(p Promise) bool { return p.State == "" })
}

// lookAt settles a promise where that can be done now.
func (b *Boot) lookAt(p *Promise, now time.Time) {
	var card *detect.Card
	for _, c := range detect.CardsBelow(b.env.Root, p.Device) {
		if c.Firmware == p.firmware && b.hasNode(c.Node) {
			card = &c
			break
		}
	}
	if card != nil {
		p.Card = path.Base(card.Node)
		if ended := p.cardReady(*card, b.driverDone(p), now); ended != "" {
			b.settle(p, PromiseUp, ended, now)
		}
		return
	}
	if why := b.dead(p, now); why != "" {
		b.settle(p, PromiseDead, why, now)
	}
}

// hasNode: the card can be opened. devtmpfs makes the node after the device is
// there.
func (b *Boot) hasNode(node string) bool {
	_, err := fs.Stat(b.env.Root, "dev/"+node)
	return err == nil
}

func (b *Boot) driverDone(p *Promise) bool {
	return p.look.bound || slices.ContainsFunc(p.Modules, func(m string) bool { return detect.ModuleRuns(b.env.Root, m) })
}

// cardReady says why a card counts as complete, "" while it does not.
func (p *Promise) cardReady(c detect.Card, driverDone bool, now time.Time) string {
	l := &p.look
	var names []string
	unasked := 0
	for _, con := range c.Connectors {
		names = append(names, con.Name+" "+con.Status)
		if !con.Probed() {
			unasked++
		}
	}
	if same := strings.Join(names, "\n"); l.cardAt.IsZero() || same != l.same {
		l.same, l.sameAt = same, now
	}
	if l.cardAt.IsZero() {
		l.cardAt = now
	}
	lull := now.Sub(l.sameAt) >= cardLull
	switch {
	case unasked == 0 && len(names) > 0 && (driverDone || lull):
		return "all connectors are known"
	case unasked == 0 && driverDone && lull:
		return "it has no connectors"
	case now.Sub(l.cardAt) >= connectorTime && lull:
		return "the card is there; some connectors do not tell what is on them"
	}
	return ""
}

// dead says why no driver will make a card, "" while one still may: all of them
// have started and left the device alone, or failed to load, and no probe of it
// is put off.
func (b *Boot) dead(p *Promise, now time.Time) string {
	if detect.Taken(b.env.Root, p.Device) || detect.ProbeDeferred(b.env.Root, p.Device) || !b.tried(p) {
		p.look.unbound = false
		return ""
	}
	if !p.look.unbound {
		p.look.unbound, p.look.leftAt = true, now
	}
	if now.Sub(p.look.leftAt) < cardLull {
		return ""
	}
	names := strings.Join(p.Modules, " and ")
	for _, l := range b.report.Loads {
		if slices.Contains(p.Modules, l.Module) && l.Err != "" {
			return l.Err
		}
	}
	return names + " is in the kernel and does not take the device"
}

// tried tells whether every driver has had its try: its module has started, or
// its load has failed, and no other is held back for the case.
func (b *Boot) tried(p *Promise) bool {
	if b.planner == nil && b.report.Udevd {
		// udevd is at it, and what it leaves we try: only a driver that has
		// started says something.
		return !slices.ContainsFunc(p.Modules, func(m string) bool { return !detect.ModuleRuns(b.env.Root, m) })
	}
	if b.planner == nil || b.owed > 0 || b.udevd.busy {
		return false
	}
	for _, m := range b.planner.Holding() {
		if slices.Contains(b.planner.Waiting(m), p.Device) {
			return false
		}
	}
	return b.resting || !slices.ContainsFunc(p.Modules, func(m string) bool { return !detect.ModuleRuns(b.env.Root, m) && !b.loadFailed(m) })
}

func (b *Boot) loadFailed(module string) bool {
	return slices.ContainsFunc(b.report.Loads, func(l Load) bool { return l.Module == module && l.Err != "" })
}

// settle ends the wait for one promise.
func (b *Boot) settle(p *Promise, state PromiseState, ended string, now time.Time) {
	p.State, p.Ended, p.MS = state, ended, now.Sub(b.log.start).Milliseconds()
	e := Entry{Device: p.Device, Why: p.Why + ": " + ended, WaitsOn: p.Modules}
	if state != PromiseUp {
		e.Err = string(state) + ": " + ended
	}
	b.logWait(e, b.log.start, now)
}

// inputsUntil is when input devices have had their time: at once when nothing
// is under way that could bring one.
func (b *Boot) inputsUntil(now time.Time) time.Time {
	last := b.pic.keptAt.Add(inputTime)
	hub := b.pic.hubAt.Add(latenesses[0].wait)
	switch {
	case !now.Before(last):
		return now
	case b.owed > 0 || b.ears.waiting() || b.udevd.busy && b.inputsComing():
		return earlier(last, now.Add(inputTick))
	case now.Before(hub):
		return earlier(last, hub)
	}
	return earlier(last, b.pic.loadAt.Add(loadLull))
}

// inputsComing tells whether udevd has an input device to find a driver for. It
// looks again only when something has happened.
func (b *Boot) inputsComing() bool {
	if heard := b.ears.heard.Load(); b.pic.inputsHeard != heard+1 || b.ears.deaf {
		inv := detect.ScanWith(b.sys, detect.Options{NoModules: true, CardsOnly: true})
		b.pic.inputsHeard = heard + 1
		b.pic.inputs = slices.ContainsFunc(inv.Devices, func(d detect.Device) bool {
			return d.Role == detect.RoleInput && d.Subsystem != "input" && d.Driver == "" && len(d.Modalias) > 0
		})
	}
	return b.pic.inputs
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// overdue settles what is still promised when time is up.
func (b *Boot) overdue(now time.Time) {
	for i := range b.pic.promised {
		p := &b.pic.promised[i]
		if p.State != "" {
			continue
		}
		ended := "no card"
		if p.Card != "" {
			ended = "its connectors are not known"
		}
		b.settle(p, PromiseLate, ended, now)
	}
}

// tellReady tells the caller, beside what goes on. The report is of this
// moment, and the caller's own.
func (b *Boot) tellReady() {
	b.pic.done = true
	if b.opt.Ready == nil {
		return
	}
	b.pic.stale, b.pic.shown = false, detect.Shown(b.env.Root)
	b.refresh()
	r := b.report
	r.Promised = slices.Clone(b.pic.promised)
	r.Problems, r.Loads = slices.Clone(r.Problems), slices.Clone(r.Loads)
	r.Release, r.Cmdline, r.DryRun = b.env.Release, b.env.Cmdline, b.env.Load == nil
	b.logEntry(Entry{Kind: KindReady})
	b.pic.told = make(chan struct{})
	go func() {
		defer close(b.pic.told)
		b.opt.Ready(r)
	}()
}

// refresh brings the inventory up to date where anything was heard since it was
// read: most of what shows a picture was without a driver then.
func (b *Boot) refresh() {
	if b.env.Load != nil && !b.current() {
		b.report.Inventory = b.scan(detect.Options{NoModules: true})
	}
}

// current tells whether nothing has happened since the inventory was read.
func (b *Boot) current() bool {
	return b.ears.conn != nil && !b.ears.deaf && b.ears.heard.Load() == b.seen && !b.ears.waiting()
}

// heard notes what an event means for the picture.
func (p *picture) heard(ev uevent.Event, now time.Time) {
	switch ev.Env["SUBSYSTEM"] {
	case "drm":
		p.due = true
		fallthrough
	case "input", "graphics":
		p.stale = true
	case "module":
		p.due = true // one of the drivers may have begun, which probes its devices
	}
	f := factOfEvent(ev)
	if ev.Action == "add" && latenesses[0].after(f) {
		p.hubAt = now
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

// sawHubs notes that there are hubs which may still be asking their ports.
func (p *picture) sawHubs(inv detect.Inventory, now time.Time) {
	if slices.ContainsFunc(inv.Devices, func(d detect.Device) bool { return latenesses[0].after(factOf(d)) }) {
		p.hubAt = now
	}
}

// knows tells whether a device of an event was there at the last scan.
func (b *Boot) knows(ev uevent.Event) bool {
	_, known := slices.BinarySearchFunc(b.report.Inventory.Devices, strings.TrimPrefix(ev.KObj, "/"),
		func(d detect.Device, path string) int { return strings.Compare(d.Path, path) })
	return known
}
