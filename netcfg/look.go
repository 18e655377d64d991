package netcfg

import (
	"context"
	"reflect"
	"slices"
	"sync"
	"time"

	"attune/netcfg/kernel"
)

// running is an engine that runs, with what it said last.
type running struct {
	Engine
	spare bool
	stop  context.CancelFunc
	asks  chan struct{}

	turn chan struct{} // full while it is told what to leave alone

	states    map[int]Managed // these under Manager.mu
	err       error           // of asking for them
	protected []identity      // told to it; not told: nil
}

// identity tells a link from others when its number does not: that is given anew
// when it is plugged in again, or another link gets it.
type identity struct {
	Index     int
	Name      string
	MAC       string
	Permanent string
	Virtual   bool
}

func identityOf(l kernel.Link) identity {
	return identity{l.Index, l.Name, l.MAC.String(), l.PermanentMAC.String(), l.Kind != ""}
}

// same: hardware is known by its address, and two of one address by their names.
func (i identity) same(l kernel.Link) bool {
	o := identityOf(l)
	switch {
	case i.Permanent != "":
		return i.Permanent == o.Permanent && (i.Name == o.Name || i.Index == o.Index)
	case i.Virtual != o.Virtual:
		return false
	case i.Virtual: // its address is often made up anew
		return i.Name == o.Name
	}
	return i.MAC == o.MAC && (i.Name == o.Name || i.Index == o.Index)
}

// find brings the list of engines up to date. Those that are there still are
// followed on; who comes is asked, and who goes is not waited for any more.
func (m *Manager) find() {
	m.finding.Lock()
	defer m.finding.Unlock()
	if m.base.Err() != nil {
		return
	}
	now := m.candidates()
	m.mu.Lock()
	old := m.engines
	m.engines = nil
	var came []*running
	for _, c := range now {
		i := slices.IndexFunc(old, func(r *running) bool { return r.Engine == c.Engine })
		if i >= 0 {
			m.engines = append(m.engines, old[i])
			old = slices.Delete(slices.Clone(old), i, i+1)
			continue
		}
		m.engines = append(m.engines, c)
		came = append(came, c)
	}
	m.mu.Unlock()
	for _, r := range old {
		r.stop()
		m.o.Log.Info("a manager of networks ended", "engine", r.Name())
	}
	for _, r := range came {
		ctx, stop := context.WithCancel(m.base)
		r.stop, r.asks, r.turn = stop, make(chan struct{}, 1), make(chan struct{}, 1)
		m.o.Log.Info("there is a manager of networks", "engine", r.Name())
		m.all.Go(func() { m.follow(ctx, r) })
		m.all.Go(func() { m.watchEngine(ctx, r) })
	}
}

// candidates are the engines that count now: those that run, or else the spare
// one. That steps in only after a while: a manager that is started anew is gone for
// some seconds, and its links are still its.
func (m *Manager) candidates() (all []*running) {
	for _, e := range m.o.Find.Engines() {
		all = append(all, &running{Engine: e})
	}
	now := m.o.Clock.Now()
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(all) > 0 {
		m.met, m.others = true, now
		return all
	}
	if m.o.Spare == nil {
		return nil
	}
	if wait := m.others + spareTime - now; m.met && wait > 0 {
		time.AfterFunc(wait, func() { nudge(m.looks) })
		return nil
	}
	return []*running{{Engine: m.o.Spare, spare: true}}
}

// follow asks an engine anew whenever it says that something has changed.
func (m *Manager) follow(ctx context.Context, r *running) {
	pause := time.Second
	for {
		var again <-chan time.Time
		if err := m.ask(ctx, r); err != nil && ctx.Err() == nil {
			m.o.Log.Warn("asking what it manages", "engine", r.Name(), "error", err)
			again = time.After(pause)
			pause = min(2*pause, time.Minute)
		} else {
			pause = time.Second
		}
		select {
		case <-ctx.Done():
			return
		case <-again:
		case <-r.asks:
		}
	}
}

// watchEngine: an engine whose watch ended may have been started anew, and then
// knows nothing of links that are to be left alone.
func (m *Manager) watchEngine(ctx context.Context, r *running) {
	changed := func() {
		m.beat.beat()
		nudge(r.asks)
	}
	for pause := time.Second; ctx.Err() == nil; pause = min(2*pause, time.Minute) {
		began := time.Now()
		err := r.Watch(ctx, changed)
		if ctx.Err() != nil {
			return
		}
		m.o.Log.Warn("watching stopped", "engine", r.Name(), "error", err)
		m.mu.Lock()
		r.protected = nil
		m.mu.Unlock()
		if time.Since(began) > time.Minute {
			pause = time.Second
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(pause):
		}
		changed()
	}
}

// ask takes an engine's word for its links.
func (m *Manager) ask(ctx context.Context, r *running) error {
	states, err := askLinks(ctx, r)
	m.mu.Lock()
	r.states, r.err = states, err
	m.mu.Unlock()
	nudge(m.looks)
	return err
}

func askLinks(ctx context.Context, r *running) (map[int]Managed, error) {
	ctx, stop := context.WithTimeoutCause(ctx, askTime, Errorf(TimedOut, "%s does not answer", r.Name()))
	defer stop()
	states, err := within(ctx, func() (map[int]Managed, error) { return r.Links(ctx) })
	return states, coded(ctx, "asking "+r.Name()+" for its links", err)
}

// within makes a call that ends with its context even where the call does not.
func within[T any](ctx context.Context, call func() (T, error)) (T, error) {
	type answer struct {
		v   T
		err error
	}
	done := make(chan answer, 1)
	go func() {
		v, err := call()
		done <- answer{v, err}
	}()
	select {
	case a := <-done:
		return a.v, a.err
	case <-ctx.Done():
	}
	select {
	case a := <-done: // it came at the same time
		return a.v, a.err
	default:
		var none T
		return none, context.Cause(ctx)
	}
}

// refresh waits until each engine has been asked anew.
func (m *Manager) refresh() error {
	m.find()
	m.mu.Lock()
	engines := slices.Clone(m.engines)
	m.mu.Unlock()
	var all sync.WaitGroup
	for _, r := range engines {
		all.Go(func() { m.ask(m.base, r) })
	}
	all.Wait()
	return m.look()
}

// look puts together what kernel and engines say, and tells whether that is
// something new. What goes on with a link or an engine that is gone is ended.
func (m *Manager) look() error {
	m.looking.Lock() // what was read first is put together first
	defer m.looking.Unlock()
	f, err := m.facts()
	if err != nil {
		return err
	}
	m.mu.Lock()
	links := make([]Link, len(f.links))
	for i, l := range f.links {
		links[i] = m.linkOf(l, f.protected[l.Index])
	}
	primary := primaryOf(f.routes)
	var what What
	if primary != m.primary || !reflect.DeepEqual(links, m.links) || !slices.Equal(f.routes, m.routes) {
		what = LinksChanged
	}
	m.links, m.routes, m.primary = links, f.routes, primary
	m.endLost(f.links)
	if u := m.uplink(); !reflect.DeepEqual(u, m.seen) {
		m.seen = u
		nudge(m.online)
	}
	m.mu.Unlock()
	m.tell(what)
	m.protectMore(f)
	return nil
}

// linkOf is a link with all that is known of it. m.mu is held.
func (m *Manager) linkOf(l kernel.Link, protected []string) Link {
	r, managed := ownerOf(sayings(m.engines, l.Index))
	link := Link{Link: l, Managed: managed, Protected: protected, Own: ownID(l)}
	if r != nil {
		link.Engine = r.Name()
	}
	if len(protected) > 0 && managed.Settable {
		link.Settable, link.Why = false, "the machine's own files come by it"
	}
	if lane := m.lanes[l.Index]; lane != nil {
		if lane.job != nil {
			link.Job = lane.job.ID
		}
		if lane.trans != nil && lane.trans.state == TransactionOpen {
			link.Transaction = lane.trans.ID
		}
	}
	return link
}

// endLost ends jobs whose link or engine is gone. m.mu is held.
func (m *Manager) endLost(links []kernel.Link) {
	for index, lane := range m.lanes {
		j := lane.job
		if j == nil {
			continue
		}
		if !slices.ContainsFunc(links, func(l kernel.Link) bool { return l.Index == index }) {
			j.cancel(Errorf(NotFound, "%s is gone", j.Name))
		}
		if j.engine != nil && !slices.Contains(m.engines, j.engine) {
			j.cancel(Errorf(EngineGone, "%s ended meanwhile", j.engine.Name()))
		}
	}
}

// said is what an engine says of one link.
type said struct {
	*running
	Managed
	err error
}

// sayings are what engines said last. Manager.mu is held.
func sayings(engines []*running, index int) []said {
	all := make([]said, len(engines))
	for i, r := range engines {
		all[i] = said{r, r.states[index], r.err}
	}
	return all
}

// ownerOf is the engine whose a link is, and what there is to say of the link: the
// one that manages it, or else the first that would. Two that manage it undo what
// the other does, so that nobody may add to that.
func ownerOf(all []said) (*running, Managed) {
	var owner said
	for _, s := range all {
		switch {
		case s.State == StateUnmanaged || s.State == "":
		case owner.running != nil:
			owner.Settable, owner.Why = false, "both "+owner.Name()+" and "+s.Name()+" manage it"
			return nil, owner.Managed
		default:
			owner = s
		}
	}
	if owner.running != nil {
		return owner.running, owner.Managed
	}
	nobody := Managed{State: StateUnmanaged, Why: "nobody here manages links"}
	for _, s := range all {
		switch {
		case s.Settable:
			s.State = StateUnmanaged
			return s.running, s.Managed
		case s.Why != "":
			nobody.Why = s.Why
		case s.err != nil:
			nobody.Why = s.err.Error()
		}
	}
	return nil, nobody
}

// primaryOf is where the way out leads.
func primaryOf(routes []kernel.Route) int {
	for _, four := range []bool{true, false} {
		best := -1
		for i, r := range routes {
			if r.To.Bits() == 0 && r.To.Addr().Is4() == four && (best < 0 || r.Metric < routes[best].Metric) {
				best = i
			}
		}
		if best >= 0 {
			return routes[best].Link
		}
	}
	return 0
}

// pick asks all engines anew, and says whose a link is.
func (m *Manager) pick(ctx context.Context, index int) (all []said, owner *running, s Managed, err error) {
	m.find()
	m.mu.Lock()
	engines := slices.Clone(m.engines)
	m.mu.Unlock()
	all = make([]said, len(engines))
	var asked sync.WaitGroup
	for i, r := range engines {
		asked.Go(func() {
			states, err := askLinks(ctx, r)
			all[i] = said{r, states[index], err}
		})
	}
	asked.Wait()
	for _, s := range all {
		if s.err != nil { // it may be that one's
			return nil, nil, Managed{}, s.err
		}
	}
	owner, s = ownerOf(all)
	return all, owner, s, nil
}
