package kernel

import (
	"cmp"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"

	"github.com/vishvananda/netlink"
	"github.com/vishvananda/netlink/nl"
	"golang.org/x/sys/unix"
)

// A Route is one of the main table. rtnetlink(7), RTM_GETROUTE.
type Route struct {
	To      netip.Prefix // 0.0.0.0/0 and ::/0 for those to everywhere
	Gateway netip.Addr   // not valid: what it leads to is on the link itself
	Link    int          // index
	Metric  int
	Origin  string // who made it: "kernel", "boot", "static", "dhcp", "ra", "attune"; a number where there is no name
}

// Protocol is the number that routes of ours carry, so that they are told from
// others: one that neither iproute2's rt_protos nor the kernel's rtnetlink.h has a
// name for.
const Protocol = 97

// originOf is the name of a route's protocol.
func originOf(p netlink.RouteProtocol) string {
	if p == Protocol {
		return "attune"
	}
	return p.String()
}

// A Reader asks the kernel about the network of one namespace.
type Reader struct {
	rt      *netlink.Handle
	sockets map[int]*nl.SocketHandle // for what the handle does not ask
}

// Open makes one for the namespace of the calling thread.
func Open() (*Reader, error) {
	rt, err := netlink.NewHandle(unix.NETLINK_ROUTE)
	if err != nil {
		return nil, fmt.Errorf("opening a socket to the kernel's network: %w", err)
	}
	own, err := nl.Subscribe(unix.NETLINK_ROUTE) // to no group
	if err != nil {
		rt.Close()
		return nil, fmt.Errorf("opening a socket to the kernel's network: %w", err)
	}
	own.SetReceiveTimeout(&nl.SocketTimeoutTv)
	return &Reader{rt, map[int]*nl.SocketHandle{unix.NETLINK_ROUTE: {Socket: own}}}, nil
}

// Close ends it.
func (r *Reader) Close() {
	r.rt.Close()
	for _, s := range r.sockets {
		s.Close()
	}
}

// maxDumps is how often a list is asked for that changes while it is told. The
// last one is taken as it is.
const maxDumps = 5

// Dump asks until a list was not changed while it was told; netlink(7), NLM_F_DUMP_INTR.
func Dump[T any](ask func() ([]T, error)) (all []T, err error) {
	for range maxDumps {
		if all, err = ask(); !errors.Is(err, netlink.ErrDumpInterrupted) {
			return all, err
		}
	}
	return all, nil
}

// Links are all there are, by index, with their addresses.
func (r *Reader) Links() ([]Link, error) {
	found, err := Dump(r.rt.LinkList)
	if err != nil {
		return nil, fmt.Errorf("reading the network interfaces: %w", err)
	}
	links := make([]Link, len(found))
	for i, l := range found {
		links[i] = linkOf(l)
	}
	slices.SortFunc(links, func(a, b Link) int { return cmp.Compare(a.Index, b.Index) })
	return links, r.readAddresses(links)
}

func linkOf(l netlink.Link) Link {
	a := l.Attrs()
	link := Link{
		Index: a.Index, Name: a.Name, AltNames: a.AltNames, MAC: a.HardwareAddr, PermanentMAC: a.PermHWAddr,
		Loopback: a.RawFlags&unix.IFF_LOOPBACK != 0, Up: a.RawFlags&unix.IFF_UP != 0, Carrier: a.RawFlags&unix.IFF_LOWER_UP != 0,
		MTU: a.MTU, Master: a.MasterIndex, Parent: a.ParentIndex, Hardware: a.EncapType, OperState: a.OperState.String(),
	}
	if kind := l.Type(); kind != "device" {
		link.Kind = kind
	}
	// What a pair gives here is its other end, often in another namespace, where
	// the same number is another link's.
	if link.Kind == "veth" || link.Kind == "netkit" || link.Parent == link.Index {
		link.Parent = 0
	}
	return link
}

// Routes are those of the main table, which all but the cleverest machines use.
func (r *Reader) Routes() ([]Route, error) {
	found, err := Dump(func() ([]netlink.Route, error) { return r.rt.RouteList(nil, netlink.FAMILY_ALL) })
	if err != nil {
		return nil, fmt.Errorf("reading the routes: %w", err)
	}
	var routes []Route
	for _, f := range found {
		if f.Type != unix.RTN_UNICAST {
			continue
		}
		route := Route{Link: f.LinkIndex, Metric: f.Priority, Origin: originOf(f.Protocol), Gateway: addressOf(f.Gw)}
		var ok bool
		if route.To, ok = prefixOf(f.Dst); !ok {
			route.To = netip.PrefixFrom(netip.IPv4Unspecified(), 0)
			if f.Family == unix.AF_INET6 {
				route.To = netip.PrefixFrom(netip.IPv6Unspecified(), 0)
			}
		}
		if len(f.MultiPath) == 0 {
			routes = append(routes, route)
		}
		for _, hop := range f.MultiPath {
			way := route
			way.Link, way.Gateway = hop.LinkIndex, addressOf(hop.Gw)
			routes = append(routes, way)
		}
	}
	return routes, nil
}

// To are the links by which an address is reached now; none if it is not.
func (r *Reader) To(a netip.Addr) []int {
	found, err := r.rt.RouteGet(net.IP(a.AsSlice()))
	if err != nil {
		return nil
	}
	var links []int
	for _, f := range found {
		if f.LinkIndex != 0 {
			links = append(links, f.LinkIndex)
		}
	}
	return links
}

func addressOf(ip net.IP) netip.Addr {
	a, _ := netip.AddrFromSlice(ip)
	return a.Unmap()
}

func prefixOf(n *net.IPNet) (netip.Prefix, bool) {
	if n == nil {
		return netip.Prefix{}, false
	}
	ones, bits := n.Mask.Size()
	a, ok := netip.AddrFromSlice(n.IP)
	if !ok || bits == 0 {
		return netip.Prefix{}, false
	}
	if bits == 32 {
		a = a.Unmap()
	}
	return netip.PrefixFrom(a, ones), true
}
