// Package netcfgtest is a machine with a network that is made up, and engines,
// which do to it what is asked of them or what a test has them do instead.
//
// Nothing in it takes time but what a test says shall.
package netcfgtest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/netip"
	"slices"
	"sync"

	"attune/netcfg/kernel"
)

// A Net is the network as a kernel has it. It is a netcfg.Kernel.
type Net struct {
	mu       sync.Mutex
	dead     bool // the process that asks was killed
	serial   int
	links    map[int]*link
	root     kernel.Root
	watchers map[int]chan struct{}
	broken   error
}

type link struct {
	kernel.Link
	Lease  netip.Prefix // what a DHCP server at the other end gives; not valid: there is none
	Router netip.Addr   // that it tells of
	routes []kernel.Route
}

// NewNet is one with a loopback, and a root file system on a disk.
func NewNet() *Net {
	n := &Net{links: map[int]*link{}, watchers: map[int]chan struct{}{}, root: kernel.Root{Local: true}}
	lo := n.Add("lo")
	n.Change(lo, func(l *kernel.Link) { l.Loopback, l.Hardware, l.MAC, l.PermanentMAC = true, "loopback", nil, nil })
	return n
}

// Add plugs a wired adapter in, its cable too. The number is its index.
func (n *Net) Add(name string) int {
	n.mu.Lock()
	n.serial++
	i := n.serial
	mac := net.HardwareAddr{0x52, 0x54, 0, 0, byte(i >> 8), byte(i)}
	n.links[i] = &link{Link: kernel.Link{Index: i, Name: name, Hardware: "ether", MAC: mac, PermanentMAC: mac, Up: true, Carrier: true, MTU: 1500}}
	n.mu.Unlock()
	n.changed()
	return i
}

// Remove pulls an adapter out. Back plugs the same one in again, which has another
// number then.
func (n *Net) Remove(index int) (back func() int) {
	n.mu.Lock()
	l := n.links[index]
	delete(n.links, index)
	n.mu.Unlock()
	n.changed()
	return func() int {
		n.mu.Lock()
		n.serial++
		l.Index, l.Addresses, l.routes = n.serial, nil, nil
		n.links[l.Index] = l
		n.mu.Unlock()
		n.changed()
		return l.Index
	}
}

// Change changes a link.
func (n *Net) Change(index int, change func(*kernel.Link)) {
	n.mu.Lock()
	if l := n.links[index]; l != nil {
		change(&l.Link)
	}
	n.mu.Unlock()
	n.changed()
}

// Plug says whether a cable is plugged in.
func (n *Net) Plug(index int, in bool) {
	n.Change(index, func(l *kernel.Link) { l.Carrier = in })
}

// Serve has a DHCP server at the other end of a link: "192.0.2.50/24" is what it
// gives, "192.0.2.1" or "" the router it tells of. "" as the first: none.
func (n *Net) Serve(index int, lease, router string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	l := n.links[index]
	l.Lease, l.Router = netip.Prefix{}, netip.Addr{}
	if lease != "" {
		l.Lease = netip.MustParsePrefix(lease)
	}
	if router != "" {
		l.Router = netip.MustParseAddr(router)
	}
}

// Set makes a link have an address, and a default route if there is a router: as
// something did that no engine is.
func (n *Net) Set(index int, address, router string, metric int) {
	p := netip.MustParsePrefix(address)
	routes := []kernel.Route{{To: p.Masked(), Link: index, Origin: "kernel"}}
	if router != "" {
		routes = append(routes, kernel.Route{To: everywhere(p.Addr()), Gateway: netip.MustParseAddr(router), Link: index, Metric: metric, Origin: "boot"})
	}
	n.set(index, []netip.Prefix{p}, routes, 0)
}

func everywhere(a netip.Addr) netip.Prefix {
	p, err := a.Prefix(0)
	if err != nil {
		panic(err)
	}
	return p
}

func (n *Net) set(index int, addresses []netip.Prefix, routes []kernel.Route, mtu int) {
	n.mu.Lock()
	if l := n.links[index]; l != nil {
		l.Addresses, l.routes = slices.Clone(addresses), slices.Clone(routes)
		if mtu == 0 {
			mtu = 1500
		}
		l.MTU = mtu
	}
	n.mu.Unlock()
	n.changed()
}

// SetRoot says where the root file system comes from.
func (n *Net) SetRoot(r kernel.Root) {
	n.mu.Lock()
	n.root = r
	n.mu.Unlock()
	n.changed()
}

// Root is where it comes from.
func (n *Net) Root() kernel.Root {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.root
}

// Break has reading fail, with nil no more.
func (n *Net) Break(err error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.broken = err
}

var errDead = errors.New("who asks was killed")

func (n *Net) readable() error {
	if n.dead {
		return errDead
	}
	return n.broken
}

// Links are all links, by index.
func (n *Net) Links() ([]kernel.Link, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	var all []kernel.Link
	for _, i := range slices.Sorted(maps.Keys(n.links)) {
		l := n.links[i].Link
		l.Addresses = slices.Clone(l.Addresses)
		all = append(all, l)
	}
	return all, n.readable()
}

// Link is one of Links; it panics if there is none.
func (n *Net) Link(index int) kernel.Link {
	n.mu.Lock()
	defer n.mu.Unlock()
	l := n.links[index]
	if l == nil {
		panic(fmt.Sprintf("no link %d", index))
	}
	return l.Link
}

// Routes are those of all links.
func (n *Net) Routes() ([]kernel.Route, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.routes(), n.readable()
}

func (n *Net) routes() (all []kernel.Route) {
	for _, i := range slices.Sorted(maps.Keys(n.links)) {
		all = append(all, n.links[i].routes...)
	}
	return all
}

// To is the link by which an address is reached: that of the most particular route,
// and of those the one with the least metric.
func (n *Net) To(a netip.Addr) []int {
	n.mu.Lock()
	defer n.mu.Unlock()
	var best *kernel.Route
	for _, r := range n.routes() {
		if r.To.Contains(a) && (best == nil || r.To.Bits() > best.To.Bits() || r.To.Bits() == best.To.Bits() && r.Metric < best.Metric) {
			best = &r
		}
	}
	if best == nil {
		return nil
	}
	return []int{best.Link}
}

// Watch calls changed after each change.
func (n *Net) Watch(ctx context.Context, changed func()) error {
	c := make(chan struct{}, 1)
	n.mu.Lock()
	n.serial++
	id := n.serial
	n.watchers[id] = c
	n.mu.Unlock()
	defer func() {
		n.mu.Lock()
		delete(n.watchers, id)
		n.mu.Unlock()
	}()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-c:
			changed()
		}
	}
}

func (n *Net) changed() {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.dead {
		return
	}
	for _, c := range n.watchers {
		select {
		case c <- struct{}{}:
		default:
		}
	}
}
