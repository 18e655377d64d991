package boot

import (
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"attune/detect"
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
