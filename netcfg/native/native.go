// Package native sets up links where no manager of networks runs, by the kernel
// alone: addresses that are given, gateways, routes, MTU, up and down.
//
// It asks nobody for an address: DHCP is Unsupported. IPv6 addresses that come of
// what routers announce are the kernel's work, and are allowed; servers for names
// that routers announce (RFC 8106) are not heard.
//
// Everything is found again by a daemon that is started anew: in the file of records,
// and by the number that routes of ours carry, kernel.Protocol.
package native

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/netip"
	"slices"
	"sync"
	"time"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"

	"attune/netcfg"
	"attune/netcfg/kernel"
)

// Options are what an Engine needs of its surroundings.
type Options struct {
	Root   fs.FS                // of the machine: what /sys tells of links
	Files  Files                // of /run/attune/network
	Sysctl Sysctl               // Proc("/proc/sys/net/ipv6/conf")
	Now    func() time.Duration // since the machine was started, sleep included

	// BootDNS is whom to ask for names as whoever started the machine was told.
	// Nil: nobody was. See the function of that name.
	BootDNS func() ([]netip.Addr, []string)
}

// Engine is one for the network namespace that it was made in.
type Engine struct {
	o      Options
	rt     *netlink.Handle
	reader *kernel.Reader
	limits limits
	poke   chan struct{} // a look is due though the kernel told nothing

	mu        sync.Mutex
	records   map[int]*record // by index of the link, as what follows
	was       map[int]*history
	busy      map[int]bool // being changed; true: somebody asked for that
	protected map[int]bool
}

var _ netcfg.Engine = (*Engine)(nil)

// New makes one that goes on from what its files say.
func New(o Options) (*Engine, error) {
	rt, err := netlink.NewHandle(unix.NETLINK_ROUTE)
	if err != nil {
		return nil, fmt.Errorf("opening a socket to the kernel's network: %w", err)
	}
	reader, err := kernel.Open()
	if err != nil {
		rt.Close()
		return nil, err
	}
	e := &Engine{o: o, rt: rt, reader: reader, limits: usual, poke: make(chan struct{}, 1), was: map[int]*history{}, busy: map[int]bool{}}
	if err := e.load(); err != nil {
		e.Close()
		return nil, err
	}
	return e, nil
}

// Close gives back what New took. The links stay as they are.
func (e *Engine) Close() {
	e.rt.Close()
	e.reader.Close()
}

// Name is "kernel".
func (e *Engine) Name() string { return "kernel" }

// Protect has these links left alone. What is done to one link changes no other, but
// one that is protected from now on may have been set up before, and may be being
// mended just now: that is waited for.
func (e *Engine) Protect(ctx context.Context, links []kernel.Link) error {
	protected := map[int]bool{}
	for _, l := range links {
		protected[l.Index] = true
	}
	e.mu.Lock()
	e.protected = protected
	e.mu.Unlock()
	for index := range protected {
		for e.mending(index) {
			if ctx.Err() != nil {
				return netcfg.Errorf(netcfg.Cancelled, "waiting for a link to be left alone: %w", context.Cause(ctx))
			}
			pause(ctx, pollEvery)
		}
	}
	return nil
}

// mending tells whether a link is being changed without anybody having asked.
func (e *Engine) mending(index int) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	asked, busy := e.busy[index]
	return busy && !asked
}

// hold has a link to itself until the function that it gives is called.
func (e *Engine) hold(ctx context.Context, index int) (release func(), err error) {
	for {
		e.mu.Lock()
		_, taken := e.busy[index]
		if !taken {
			e.busy[index] = true
		}
		e.mu.Unlock()
		if !taken {
			return func() { e.release(index) }, nil
		}
		if ctx.Err() != nil {
			return nil, netcfg.Errorf(netcfg.Cancelled, "waiting for another change of the link: %w", context.Cause(ctx))
		}
		pause(ctx, pollEvery)
	}
}

// release gives a link back. What the kernel told meanwhile has not been looked at.
func (e *Engine) release(index int) {
	e.mu.Lock()
	delete(e.busy, index)
	e.mu.Unlock()
	select {
	case e.poke <- struct{}{}:
	default:
	}
}

// Up makes a link be as a profile says. See netcfg.Engine.
func (e *Engine) Up(ctx context.Context, link kernel.Link, p netcfg.Profile, g netcfg.Guard, progress func(netcfg.Stage)) error {
	if err := check(p); err != nil {
		return err
	}
	release, err := e.hold(ctx, link.Index)
	if err != nil {
		return err
	}
	defer release()
	now, err := e.look(link.Index)
	if err != nil {
		return err
	}
	if p.IPv6.Method == netcfg.Static && len(now.set.Sysctl) == 0 {
		return netcfg.Errorf(netcfg.Unsupported, "there is no IPv6 on %s: the kernel has none, or the MTU is below 1280", now.Name)
	}
	r := e.keep(now)
	r.Profile, r.Guard, r.Down = p, g, false
	if err := e.put(link.Index, &r); err != nil {
		return err
	}
	err = e.make(ctx, r, now, e.limits.carrier, progress)
	e.outcome(link.Index, err)
	return e.told(err)
}

// told is an outcome, after whom to ask for names has been written down.
func (e *Engine) told(err error) error {
	links, readErr := e.reader.Links()
	if readErr == nil {
		readErr = e.writeDNS(links)
	}
	if err == nil && readErr != nil {
		return netcfg.Errorf(netcfg.EngineFailed, "%w", readErr)
	}
	return err
}

// Down makes a link have no addresses, and sets it down.
func (e *Engine) Down(ctx context.Context, link kernel.Link) error {
	release, err := e.hold(ctx, link.Index)
	if err != nil {
		return err
	}
	defer release()
	now, err := e.look(link.Index)
	if err != nil {
		return err
	}
	r := e.keep(now)
	r.Profile, r.Down = netcfg.Profile{}, true
	if err := e.put(link.Index, &r); err != nil {
		return err
	}
	e.outcome(link.Index, nil)
	for _, a := range now.set.Addresses {
		if err := e.removeAddress(now, a.Prefix); err != nil {
			return err
		}
	}
	if err := e.rt.LinkSetDown(at(link.Index)); err != nil {
		return failed(err, "setting %s down", now.Name)
	}
	gone := r
	gone.Added = nil
	if err := e.put(link.Index, &gone); err != nil {
		return err
	}
	return e.told(nil)
}

// Forget puts back what there was before the first Up or Down.
func (e *Engine) Forget(ctx context.Context, link kernel.Link) error {
	release, err := e.hold(ctx, link.Index)
	if err != nil {
		return err
	}
	defer release()
	now, err := e.look(link.Index)
	if err != nil {
		return err
	}
	r, ok := e.get(link.Index)
	if !ok { // or its record was lost: then at least the routes that carry our number go
		return e.removeRoutes(now, ours(now.set.Routes))
	}
	return e.told(e.putBack(now, r, r.Before, nil))
}

// A snapshot is a link and what was asked for it.
type snapshot struct {
	Record *record `json:"record,omitempty"`
	Facts  facts   `json:"facts"`
}

// Snapshot is how the link is, and what had been asked for it.
func (e *Engine) Snapshot(_ context.Context, link kernel.Link) (json.RawMessage, error) {
	now, err := e.look(link.Index)
	if err != nil {
		return nil, err
	}
	s := snapshot{Facts: now.set}
	if r, ok := e.get(link.Index); ok {
		s.Record = &r
	}
	return json.Marshal(s)
}

// Restore makes it be so again. What others did to it meanwhile stays.
func (e *Engine) Restore(ctx context.Context, link kernel.Link, data json.RawMessage) error {
	var s snapshot
	if err := json.Unmarshal(data, &s); err != nil {
		return fmt.Errorf("reading what was kept of %s: %w", link.Name, err)
	}
	release, err := e.hold(ctx, link.Index)
	if err != nil {
		return err
	}
	defer release()
	now, err := e.look(link.Index)
	if err != nil {
		return err
	}
	if s.Record != nil { // the link may have been made again meanwhile
		s.Record.Index, s.Record.Name = now.Index, now.Name
	}
	r, _ := e.get(link.Index)
	return e.told(e.putBack(now, r, s.Facts, s.Record))
}

// Links are all but the loopback: those that can be set up, and the others, each with
// why not.
func (e *Engine) Links(context.Context) (map[int]netcfg.Managed, error) {
	links, err := e.reader.Links()
	if err != nil {
		return nil, err
	}
	kernel.Describe(e.o.Root, links)
	e.adopt(links)
	e.mu.Lock()
	defer e.mu.Unlock()
	found := map[int]netcfg.Managed{}
	for _, l := range links {
		if !l.Loopback {
			found[l.Index] = e.managed(l)
		}
	}
	return found, nil
}

func (e *Engine) managed(l kernel.Link) netcfg.Managed {
	m := netcfg.Managed{State: stateOf(l), Why: unfit(l)}
	m.Settable = m.Why == ""
	r, ok := e.records[l.Index]
	switch {
	case !ok && m.State == netcfg.StateConnected:
		m.Foreign = "what the machine was started with"
	case ok && r.Down:
		m.State = netcfg.StateDown
	case ok:
		m.Profile, m.DNS, m.Search = r.Profile.ID, texts(r.Profile.DNS), r.Profile.Search
		m.Metered = r.Profile.Metered == "yes"
		if h := e.was[l.Index]; h != nil && h.failed != nil && m.State != netcfg.StateNoCarrier {
			m.State = netcfg.StateFailed
		}
	}
	if e.busy[l.Index] {
		m.State = netcfg.StateConnecting
	}
	return m
}

// stateOf is how far a link is, by itself.
func stateOf(l kernel.Link) netcfg.State {
	switch {
	case !l.Up:
		return netcfg.StateDown
	case !l.Carrier:
		return netcfg.StateNoCarrier
	case slices.ContainsFunc(l.Details, func(d kernel.Detail) bool { return d.Origin != kernel.OriginLinkLocal }):
		return netcfg.StateConnected
	}
	return netcfg.StateUnmanaged
}

// unfit says why a link is none that a profile could be for.
func unfit(l kernel.Link) string {
	switch {
	case l.Wireless:
		return "it is a radio, and nothing here joins wireless networks"
	case l.Hardware != "ether":
		return "it is no Ethernet"
	case l.Master != 0:
		return "it is a part of another link"
	case l.Kind != "" && l.Kind != "veth":
		return fmt.Sprintf("it is of kind %s: whoever made it sets it up", l.Kind)
	}
	return ""
}

func texts(addresses []netip.Addr) (all []string) {
	for _, a := range addresses {
		all = append(all, a.String())
	}
	return all
}
