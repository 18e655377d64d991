package netcfg

import (
	"context"
	"math"
	"net/netip"
	"slices"

	"attune/netcfg/kernel"
)

// facts are how the network is at one moment, and what of it must be left alone.
type facts struct {
	links     []kernel.Link
	routes    []kernel.Route
	protected map[int][]string
	servers   []netip.Addr         // that the root file system comes from
	by        map[netip.Addr][]int // links by which each is reached
}

func (f facts) link(index int) (kernel.Link, bool) {
	for _, l := range f.links {
		if l.Index == index {
			return l, true
		}
	}
	return kernel.Link{}, false
}

// guarded are the links that must be left alone.
func (f facts) guarded() (all []kernel.Link) {
	for _, l := range f.links {
		if len(f.protected[l.Index]) > 0 {
			all = append(all, l)
		}
	}
	return all
}

// refuse is the error for a link that is protected.
func (f facts) refuse(l kernel.Link) error {
	if why := f.protected[l.Index]; len(why) > 0 {
		return Errorf(Protected, "%s is left alone, as the machine's own files come by it: %s", l.Name, why[0])
	}
	return nil
}

// facts reads them anew.
func (m *Manager) facts() (facts, error) {
	f := facts{by: map[netip.Addr][]int{}}
	var err error
	if f.links, err = m.o.Kernel.Links(); err != nil {
		return f, Errorf(EngineFailed, "finding out which links must be left alone: %w", err)
	}
	if f.routes, err = m.o.Kernel.Routes(); err != nil {
		return f, Errorf(EngineFailed, "finding out which links must be left alone: %w", err)
	}
	root := m.o.Root()
	for _, c := range root.Clues {
		if c.Server.IsValid() && !slices.Contains(f.servers, c.Server) {
			f.servers = append(f.servers, c.Server)
			f.by[c.Server] = m.o.Kernel.To(c.Server)
		}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.decide(&f, root)
	return f, nil
}

// decide makes up its mind about links that only seem to carry the root file
// system, or only seem not to. m.mu is held.
//
// One that surely did once still does: its cable may be unplugged, and the route to
// the server lead elsewhere or nowhere. One that is being changed by us, or may be
// changed back, did not when that began; that the route to the server leads by it
// now is what watchRoot is there for. Nor does one with a profile of ours, which it got while it was not
// protected, only because nobody knows better.
func (m *Manager) decide(f *facts, root kernel.Root) {
	if root.Local {
		return
	}
	m.recall(f.links)
	changing := map[int]bool{}
	for _, l := range f.links {
		changing[l.Index] = m.lanes[l.Index].trying() && m.sure[identityOf(l)] == nil
	}
	route := func(a netip.Addr) []int {
		return slices.DeleteFunc(slices.Clone(f.by[a]), func(index int) bool { return changing[index] })
	}
	f.protected = kernel.Protect(root, f.links, route)
	sure := kernel.Protect(kernel.Root{Clues: root.Clues}, f.links, route) // without those that are only there for want of a clue
	for _, l := range f.links {
		id := identityOf(l)
		if len(sure[l.Index]) > 0 && len(m.sure) < maxSure {
			m.sure[id] = sure[l.Index]
		}
		switch {
		case len(sure[l.Index]) > 0:
		case m.sure[id] != nil:
			f.protected[l.Index] = m.sure[id]
		case (changing[l.Index] || m.ours(l.Index)) && slices.Equal(f.protected[l.Index], []string{kernel.NoClue}):
			delete(f.protected, l.Index)
		}
	}
}

// maxSure is how many links are remembered; each that is plugged in again with
// another name may be one more.
const maxSure = 256

// recall gives what is remembered of links to those that have another name or number
// by now. m.mu is held.
func (m *Manager) recall(links []kernel.Link) {
	for _, l := range links {
		id := identityOf(l)
		if m.sure[id] != nil {
			continue
		}
		for old, why := range m.sure {
			if old.Index == l.Index || old.same(l) {
				delete(m.sure, old)
				m.sure[id] = why
				break
			}
		}
	}
}

// ours: a profile of ours is in force on a link. m.mu is held.
func (m *Manager) ours(index int) bool {
	return slices.ContainsFunc(m.engines, func(r *running) bool { return r.states[index].Profile != "" })
}

// guard is what an engine has to keep clear of.
func (f facts) guard() (Guard, error) {
	least := -1
	for _, leads := range []func(kernel.Route) bool{f.toServer, elsewhere} {
		for _, r := range f.routes {
			if len(f.protected[r.Link]) > 0 && leads(r) {
				least = max(least, r.Metric)
			}
		}
		if least >= 0 {
			break
		}
	}
	if least >= math.MaxUint32 {
		return Guard{}, Errorf(Protected, "no route can come after that to the machine's own files, whose metric is as great as can be")
	}
	return Guard{MinMetric: uint32(least + 1)}, nil
}

// toServer: a route is one by which the root file system may be reached.
func (f facts) toServer(r kernel.Route) bool {
	return slices.ContainsFunc(f.servers, r.To.Contains)
}

// elsewhere: a route is one by which others may be reached than those on the link.
func elsewhere(r kernel.Route) bool {
	return !r.To.Addr().IsLinkLocalUnicast() && !r.To.Addr().IsMulticast()
}

// stray refuses what in a profile of another link would draw the way to the root
// file system to that link: a route or a network of its own that is more particular
// than the way there, or an address that is the server's or ours on the way.
func (f facts) stray(p Profile, g Guard) error {
	if len(f.guarded()) == 0 {
		return nil
	}
	for _, a := range slices.Concat(p.IPv4.Addresses, p.IPv6.Addresses) {
		if err := f.strayAddress(a); err != nil {
			return err
		}
	}
	for _, r := range p.Routes {
		if err := f.strayRoute(r, g); err != nil {
			return err
		}
	}
	return nil
}

func (f facts) strayAddress(a netip.Prefix) error {
	for _, s := range f.servers {
		if a.Contains(s) {
			return Errorf(Protected, "%s: the machine's own files come from %s, which would then be looked for on this link", a, s)
		}
	}
	for _, l := range f.guarded() {
		for _, theirs := range l.Addresses {
			switch {
			case theirs.Addr().IsLinkLocalUnicast():
			case theirs.Addr() == a.Addr():
				return Errorf(Protected, "%s: %s has this address, and the machine's own files come by it", a, l.Name)
			case theirs.Overlaps(a) && a.Bits() >= theirs.Bits():
				return Errorf(Protected, "%s: it is in the network of %s, by which the machine's own files come", a, l.Name)
			}
		}
	}
	return nil
}

func (f facts) strayRoute(r Route, g Guard) error {
	if len(f.servers) == 0 && r.To.Bits() > 0 {
		return Errorf(Protected, "%s: nothing tells which server the machine's own files come from, and this may lead away from it", r.To)
	}
	for _, s := range f.servers {
		if !r.To.Contains(s) {
			continue
		}
		now := f.wayTo(s)
		if r.To.Bits() > now || r.To.Bits() == now && r.Metric != 0 && r.Metric < g.MinMetric {
			return Errorf(Protected, "%s: it would lead away from %s, where the machine's own files come from", r.To, s)
		}
	}
	if r.To.Bits() == 0 && r.Metric != 0 && r.Metric < g.MinMetric {
		return Errorf(Protected, "%s: its metric has to be %d or more, as the machine's own files come by another link", r.To, g.MinMetric)
	}
	return nil
}

// wayTo is how particular the route is by which a server is reached; -1: there is
// none.
func (f facts) wayTo(s netip.Addr) int {
	best := -1
	for _, r := range f.routes {
		if len(f.protected[r.Link]) > 0 && r.To.Contains(s) {
			best = max(best, r.To.Bits())
		}
	}
	return best
}

// watchRoot makes a change while it is looked after that each server which was
// reached without the link still is. Else the change is ended, and the error says
// so: nobody knows before what a network's own DHCP server tells.
func (m *Manager) watchRoot(ctx context.Context, link kernel.Link, before facts, change func(context.Context) error) error {
	stolen := func() error {
		for _, s := range before.servers {
			was := before.by[s]
			if len(was) > 0 && !slices.Contains(was, link.Index) && slices.Contains(m.o.Kernel.To(s), link.Index) {
				return Errorf(Protected, "the way to %s, where the machine's own files come from, would have been by %s", s, link.Name)
			}
		}
		return nil
	}
	if len(before.servers) == 0 {
		return change(ctx)
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	ended := make(chan struct{})
	go func() {
		for {
			beat := m.beat.wait()
			if err := stolen(); err != nil {
				cancel(err)
				return
			}
			select {
			case <-beat:
			case <-ended:
				return
			}
		}
	}()
	err := change(ctx)
	close(ended)
	if bad := stolen(); bad != nil {
		return bad
	}
	if err != nil && ctx.Err() != nil {
		return coded(ctx, "changing "+link.Name, err)
	}
	return err
}

// ids are the links that must be left alone as an engine was told of them.
func (f facts) ids() []identity {
	ids := []identity{}
	for _, l := range f.guarded() {
		ids = append(ids, identityOf(l))
	}
	return ids
}

// knows: an engine has been told what it must leave alone.
func (m *Manager) knows(r *running, f facts) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return r.protected != nil && slices.Equal(r.protected, f.ids())
}

// protect tells an engine what it must leave alone, one thing after another.
func (m *Manager) protect(ctx context.Context, r *running, f facts) error {
	select {
	case r.turn <- struct{}{}:
	case <-ctx.Done():
		return coded(ctx, "having "+r.Name()+" leave other links alone", ctx.Err())
	}
	_, err := within(ctx, func() (struct{}, error) {
		defer func() { <-r.turn }()
		if m.knows(r, f) {
			return struct{}{}, nil
		}
		err := r.Protect(ctx, f.guarded())
		if err == nil {
			m.mu.Lock()
			r.protected = f.ids()
			m.mu.Unlock()
		}
		return struct{}{}, err
	})
	return coded(ctx, "having "+r.Name()+" leave other links alone", err)
}

// protectMore tells engines that did something already of links to be left alone
// that have come since.
func (m *Manager) protectMore(f facts) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, r := range m.engines {
		if r.protected == nil || slices.Equal(r.protected, f.ids()) {
			continue
		}
		go func() {
			ctx, stop := context.WithTimeout(m.base, askTime)
			defer stop()
			if err := m.protect(ctx, r, f); err != nil {
				m.o.Log.Error("a link that must be left alone", "engine", r.Name(), "error", err)
			}
		}()
	}
}
