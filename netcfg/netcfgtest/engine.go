package netcfgtest

import (
	"context"
	"encoding/json"
	"maps"
	"net/netip"
	"slices"
	"sync"
	"time"

	"attune/netcfg"
	"attune/netcfg/kernel"
)

// An Op is a method of an engine that a test may have go another way.
type Op string

// The ops.
const (
	Links    Op = "Links"
	Up       Op = "Up"
	Down     Op = "Down"
	Forget   Op = "Forget"
	Snapshot Op = "Snapshot"
	Restore  Op = "Restore"
	Protect  Op = "Protect"
	Arm      Op = "Arm"
	Disarm   Op = "Disarm"
)

// A Call is one that an engine got.
type Call struct {
	Op      Op
	Link    string         // name
	Profile netcfg.Profile // of Up
	Guard   netcfg.Guard   // of Up
	Links   []string       // of Protect and Arm
}

// An Engine is a netcfg.Engine for the links of a Net. What it made of them it still
// knows when its program was started anew.
type Engine struct {
	name string
	net  *Net

	mu       sync.Mutex
	running  bool
	dead     bool
	image    map[string]netcfg.Managed // by name, as the image has it
	made     map[string]made
	calls    []Call
	forbid   []int
	broken   []Call // on links that were forbidden
	faults   map[Op][]fault
	watchers map[int]chan struct{}
	serial   int
	ended    chan struct{} // closed when its program ends
}

// made is what Up and Down left of a link.
type made struct {
	Down    bool
	Profile *netcfg.Profile
	Metric  uint32 // of the guard
	Failed  bool
}

type fault struct {
	err   error
	after time.Duration
	hang  <-chan struct{} // until then
	deaf  bool            // not to the end of the context either
	do    func()
}

// NewEngine is one that manages each wired link of a network, and runs. The image
// has them not connected.
func NewEngine(name string, n *Net) *Engine {
	return &Engine{
		name: name, net: n, running: true, ended: make(chan struct{}),
		image: map[string]netcfg.Managed{}, made: map[string]made{}, faults: map[Op][]fault{}, watchers: map[int]chan struct{}{},
	}
}

// Name is for people.
func (e *Engine) Name() string { return e.name }

// Image says how the image has a link, by its name.
func (e *Engine) Image(link string, s netcfg.Managed) {
	e.mu.Lock()
	e.image[link] = s
	e.mu.Unlock()
	e.changed()
}

// Fail has the next call fail.
func (e *Engine) Fail(op Op, err error) { e.fault(op, fault{err: err}) }

// Delay has the next call take some time.
func (e *Engine) Delay(op Op, d time.Duration) { e.fault(op, fault{after: d}) }

// Do has the next call do something of the test's before anything else.
func (e *Engine) Do(op Op, do func()) { e.fault(op, fault{do: do}) }

// Hang has the next call not come back before its context ends, or release is
// called.
func (e *Engine) Hang(op Op) (release func()) {
	c := make(chan struct{})
	e.fault(op, fault{hang: c})
	return sync.OnceFunc(func() { close(c) })
}

// Stick is as Hang, and the end of the context does not help. It does what it was
// to do when it is released.
func (e *Engine) Stick(op Op) (release func()) {
	c := make(chan struct{})
	e.fault(op, fault{hang: c, deaf: true})
	return sync.OnceFunc(func() { close(c) })
}

func (e *Engine) fault(op Op, f fault) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.faults[op] = append(e.faults[op], f)
}

// Forbid names links that no call may come for any more.
func (e *Engine) Forbid(index ...int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.forbid = append(e.forbid, index...)
}

// Broken are the calls that came for those all the same.
func (e *Engine) Broken() []Call {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Clone(e.broken)
}

// Calls are all so far but for Links and Snapshot, of one op if there is one.
func (e *Engine) Calls(ops ...Op) (all []Call) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, c := range e.calls {
		if len(ops) == 0 && c.Op != Snapshot || slices.Contains(ops, c.Op) {
			all = append(all, c)
		}
	}
	return all
}

// begin is what each call begins with.
func (e *Engine) begin(ctx context.Context, c Call, links ...kernel.Link) error {
	e.mu.Lock()
	if c.Op != Links {
		e.calls = append(e.calls, c)
	}
	for _, l := range links {
		if slices.Contains(e.forbid, l.Index) {
			e.broken = append(e.broken, c)
		}
	}
	var f fault
	if all := e.faults[c.Op]; len(all) > 0 {
		f, e.faults[c.Op] = all[0], all[1:]
	}
	ended := e.ended
	e.mu.Unlock()
	if f.do != nil {
		f.do()
	}
	if err := f.wait(ctx, ended); err != nil {
		return err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if !e.running || e.dead {
		return netcfg.Errorf(netcfg.EngineGone, "%s is not there", e.name)
	}
	return ctx.Err()
}

func (f fault) wait(ctx context.Context, ended <-chan struct{}) error {
	var late <-chan time.Time
	if f.after > 0 {
		late = time.After(f.after)
	}
	done := ctx.Done()
	if f.deaf {
		done, ended = nil, nil
	}
	if f.hang != nil || late != nil {
		select {
		case <-f.hang:
		case <-late:
		case <-ended:
		case <-done:
			return ctx.Err()
		}
	}
	return f.err
}

// Links tells how all links are.
func (e *Engine) Links(ctx context.Context) (map[int]netcfg.Managed, error) {
	if err := e.begin(ctx, Call{Op: Links}); err != nil {
		return nil, err
	}
	all, err := e.net.Links()
	if err != nil {
		return nil, err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	found := map[int]netcfg.Managed{}
	for _, l := range all {
		if !l.Loopback {
			found[l.Index] = e.managed(l)
		}
	}
	return found, nil
}

func (e *Engine) managed(l kernel.Link) netcfg.Managed {
	m, ok := e.made[l.Name]
	if !ok {
		if s, ok := e.image[l.Name]; ok {
			return s
		}
		return netcfg.Managed{State: netcfg.StateDown, Settable: true}
	}
	s := netcfg.Managed{State: netcfg.StateConnected, Settable: true}
	switch {
	case m.Down:
		s.State = netcfg.StateDown
	case m.Failed:
		s.State = netcfg.StateFailed
	case !l.Carrier:
		s.State = netcfg.StateNoCarrier
	}
	if m.Profile != nil {
		s.Profile, s.DHCP = m.Profile.ID, m.Profile.IPv4.Method == netcfg.Auto
		for _, a := range m.Profile.DNS {
			s.DNS = append(s.DNS, a.String())
		}
		s.Search, s.Metered = m.Profile.Search, m.Profile.Metered == "yes"
	}
	return s
}

// Up does what a profile says: at once, unless a test has it otherwise.
func (e *Engine) Up(ctx context.Context, l kernel.Link, p netcfg.Profile, g netcfg.Guard, progress func(netcfg.Stage)) error {
	progress(netcfg.StageCarrier)
	if err := e.begin(ctx, Call{Op: Up, Link: l.Name, Profile: p, Guard: g}, l); err != nil {
		return err
	}
	progress(netcfg.StageAddress)
	err := e.make(l.Name, made{Profile: &p, Metric: g.MinMetric})
	progress(netcfg.StageVerify)
	return err
}

// Down takes all addresses away.
func (e *Engine) Down(ctx context.Context, l kernel.Link) error {
	if err := e.begin(ctx, Call{Op: Down, Link: l.Name}, l); err != nil {
		return err
	}
	return e.make(l.Name, made{Down: true})
}

// Forget gives the link back what the image has: nothing.
func (e *Engine) Forget(ctx context.Context, l kernel.Link) error {
	if err := e.begin(ctx, Call{Op: Forget, Link: l.Name}, l); err != nil {
		return err
	}
	return e.make(l.Name, made{})
}

// Snapshot is what was made of the link.
func (e *Engine) Snapshot(ctx context.Context, l kernel.Link) (json.RawMessage, error) {
	if err := e.begin(ctx, Call{Op: Snapshot, Link: l.Name}, l); err != nil {
		return nil, err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	return json.Marshal(e.made[l.Name])
}

// Restore makes that of it again.
func (e *Engine) Restore(ctx context.Context, l kernel.Link, s json.RawMessage) error {
	if err := e.begin(ctx, Call{Op: Restore, Link: l.Name}, l); err != nil {
		return err
	}
	var m made
	if err := json.Unmarshal(s, &m); err != nil {
		return netcfg.Errorf(netcfg.EngineFailed, "no snapshot of %s's: %w", e.name, err)
	}
	err := e.make(l.Name, m)
	if m.Failed {
		return nil // it was so before
	}
	return err
}

// make makes something of a link, in the kernel too.
func (e *Engine) make(name string, m made) error {
	links, err := e.net.Links()
	if err != nil {
		return err
	}
	i := slices.IndexFunc(links, func(l kernel.Link) bool { return l.Name == name })
	if i < 0 {
		return netcfg.Errorf(netcfg.NotFound, "%s is gone", name)
	}
	addresses, routes, err := e.network(links[i], m)
	m.Failed = err != nil
	e.mu.Lock()
	mtu := 0
	if m.Profile == nil && !m.Down {
		delete(e.made, name)
	} else {
		e.made[name] = m
	}
	if m.Profile != nil {
		mtu = m.Profile.MTU
	}
	e.mu.Unlock()
	e.net.set(links[i].Index, addresses, routes, mtu)
	e.changed()
	return err
}

// network is what a link gets by a profile.
func (e *Engine) network(l kernel.Link, m made) (addresses []netip.Prefix, routes []kernel.Route, err error) {
	if m.Profile == nil {
		return nil, nil, nil
	}
	p := *m.Profile
	metric := max(int(m.Metric), 100)
	connect := func(a netip.Prefix, origin string) {
		addresses = append(addresses, a)
		routes = append(routes, kernel.Route{To: a.Masked(), Link: l.Index, Metric: metric, Origin: "kernel"})
	}
	gateway := func(a netip.Addr, origin string) {
		if a.IsValid() {
			routes = append(routes, kernel.Route{To: everywhere(a), Gateway: a, Link: l.Index, Metric: metric, Origin: origin})
		}
	}
	for _, ip := range []netcfg.IP{p.IPv4, p.IPv6} {
		for _, a := range ip.Addresses {
			connect(a, "static")
		}
		gateway(ip.Gateway, "static")
	}
	for _, r := range p.Routes {
		how := metric
		if r.Metric != 0 {
			how = int(r.Metric)
		}
		routes = append(routes, kernel.Route{To: r.To, Gateway: r.Via, Link: l.Index, Metric: how, Origin: "static"})
	}
	if !l.Carrier {
		return addresses, routes, netcfg.Errorf(netcfg.NoCarrier, "%s has no cable", l.Name)
	}
	if p.IPv4.Method != netcfg.Auto {
		return addresses, routes, nil
	}
	e.net.mu.Lock()
	lease, router := e.net.links[l.Index].Lease, e.net.links[l.Index].Router
	e.net.mu.Unlock()
	if !lease.IsValid() {
		return addresses, routes, netcfg.Errorf(netcfg.NoAddress, "nobody gave %s an address", l.Name)
	}
	connect(lease, "dhcp")
	gateway(router, "dhcp")
	return addresses, routes, nil
}

// Protect is told what is to be left alone.
func (e *Engine) Protect(ctx context.Context, links []kernel.Link) error {
	return e.begin(ctx, Call{Op: Protect, Links: names(links)})
}

func names(links []kernel.Link) (all []string) {
	for _, l := range links {
		all = append(all, l.Name)
	}
	return all
}

// Watch calls changed after each change.
func (e *Engine) Watch(ctx context.Context, changed func()) error {
	c := make(chan struct{}, 1)
	e.mu.Lock()
	e.serial++
	id := e.serial
	e.watchers[id] = c
	ended := e.ended
	e.mu.Unlock()
	defer func() {
		e.mu.Lock()
		delete(e.watchers, id)
		e.mu.Unlock()
	}()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-ended:
			return netcfg.Errorf(netcfg.EngineGone, "%s has ended", e.name)
		case <-c:
			changed()
		}
	}
}

func (e *Engine) changed() {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, c := range e.watchers {
		select {
		case c <- struct{}{}:
		default:
		}
	}
}

// stop ends its program; start starts it anew.
func (e *Engine) stop() {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.running {
		e.running = false
		close(e.ended)
	}
}

func (e *Engine) start() {
	e.mu.Lock()
	defer e.mu.Unlock()
	if !e.running {
		e.running, e.ended = true, make(chan struct{})
	}
}

// copy is the same for another network, and this one is dead.
func (e *Engine) copy(n *Net) *Engine {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.dead = true
	return &Engine{
		name: e.name, net: n, running: e.running, ended: make(chan struct{}), calls: slices.Clone(e.calls), forbid: slices.Clone(e.forbid), broken: slices.Clone(e.broken),
		image: maps.Clone(e.image), made: maps.Clone(e.made), faults: map[Op][]fault{}, watchers: map[int]chan struct{}{},
	}
}

// A Deadman is an Engine that undoes by itself what it is not kept from.
type Deadman struct {
	*Engine
	armed map[string][]string
}

// NewDeadman is NewEngine for one.
func NewDeadman(name string, n *Net) *Deadman {
	return &Deadman{NewEngine(name, n), map[string][]string{}}
}

// Arm begins to.
func (d *Deadman) Arm(ctx context.Context, links []kernel.Link, seconds uint32) (string, error) {
	if err := d.begin(ctx, Call{Op: Arm, Links: names(links)}, links...); err != nil {
		return "", err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.serial++
	token := d.name + "-" + time.Duration(d.serial).String()
	d.armed[token] = names(links)
	return token, nil
}

// Disarm ends it.
func (d *Deadman) Disarm(ctx context.Context, token string) error {
	if err := d.begin(ctx, Call{Op: Disarm}); err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.armed, token)
	return nil
}

// Armed is how many times it would undo something.
func (d *Deadman) Armed() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.armed)
}
