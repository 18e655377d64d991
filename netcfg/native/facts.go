package native

import (
	"fmt"
	"net"
	"net/netip"
	"slices"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"

	"attune/netcfg"
	"attune/netcfg/kernel"
)

// facts are how a link is, as far as anybody sets it: what the kernel does by itself,
// and what it made of routers' announcements, is not among them.
type facts struct {
	Up        bool              `json:"up"`
	MTU       int               `json:"mtu"`
	Addresses []address         `json:"addresses,omitempty"`
	Routes    []route           `json:"routes,omitempty"`
	Sysctl    map[string]string `json:"sysctl,omitempty"`
	At        float64           `json:"at"` // seconds since the machine was started
}

// An address is one of a link. rtnetlink(7), RTM_NEWADDR.
type address struct {
	Prefix    netip.Prefix `json:"prefix"`
	Peer      netip.Prefix `json:"peer,omitzero"`
	Broadcast netip.Addr   `json:"broadcast,omitzero"`
	Label     string       `json:"label,omitempty"`
	Flags     int          `json:"flags,omitempty"`
	Scope     int          `json:"scope,omitempty"`
	Valid     int          `json:"valid,omitempty"` // seconds from when it was read, 0: for ever
	Preferred int          `json:"preferred,omitempty"`
}

// A route is one of the main table by one link. rtnetlink(7), RTM_NEWROUTE.
type route struct {
	To       netip.Prefix `json:"to"`
	Via      netip.Addr   `json:"via,omitzero"`
	Source   netip.Addr   `json:"source,omitzero"`
	Metric   uint32       `json:"metric,omitempty"`
	Protocol int          `json:"protocol,omitempty"`
	Scope    int          `json:"scope,omitempty"`
	Flags    int          `json:"flags,omitempty"` // RTNH_F_ONLINK
}

// protocol is what routes of ours carry.
const protocol = kernel.Protocol

// inOrder puts routes in an order in which they can be made: by those without a
// gateway the gateways of the others are reached.
func inOrder(routes []route) {
	slices.SortStableFunc(routes, func(a, b route) int {
		switch {
		case a.Via.IsValid() == b.Via.IsValid():
			return 0
		case a.Via.IsValid():
			return 1
		}
		return -1
	})
}

// same tells whether two routes are one, whoever made them.
func (r route) same(o route) bool {
	return r.To == o.To && r.Via == o.Via && r.Metric == o.Metric
}

// A look is all there is to know of a link at one time.
type look struct {
	kernel.Link
	set facts
}

// look reads how a link is now. Links that were made again are found here.
func (e *Engine) look(index int) (l look, err error) {
	links, err := e.reader.Links()
	if err != nil {
		return l, err
	}
	e.adopt(links)
	i := slices.IndexFunc(links, func(l kernel.Link) bool { return l.Index == index })
	if i < 0 {
		return l, netcfg.Errorf(netcfg.NotFound, "there is no link %d any more", index)
	}
	l.Link = links[i]
	l.set = facts{Up: l.Up, MTU: l.MTU, At: e.o.Now().Seconds()}
	if l.set.Addresses, err = e.addresses(l.Link); err != nil {
		return l, err
	}
	if l.set.Routes, err = e.routes(index); err != nil {
		return l, err
	}
	l.set.Sysctl, err = readSysctl(e.o.Sysctl, l.Name)
	return l, err
}

// ofKernel tells whether an address comes and goes by the kernel's own doing.
func ofKernel(l kernel.Link, p netip.Prefix) bool {
	i := slices.Index(l.Addresses, p)
	if i < 0 {
		return false
	}
	switch l.Details[i].Origin {
	case kernel.OriginRA, kernel.OriginKernel:
		return true
	case kernel.OriginLinkLocal:
		return p.Addr().Is6()
	}
	return false
}

func (e *Engine) addresses(l kernel.Link) (all []address, err error) {
	found, err := kernel.Dump(func() ([]netlink.Addr, error) { return e.rt.AddrList(at(l.Index), netlink.FAMILY_ALL) })
	if err != nil {
		return nil, fmt.Errorf("reading the addresses of %s: %w", l.Name, err)
	}
	for _, f := range found {
		a := address{Prefix: prefixOf(f.IPNet), Peer: prefixOf(f.Peer), Label: f.Label, Scope: f.Scope,
			Flags: f.Flags &^ (unix.IFA_F_PERMANENT | unix.IFA_F_TENTATIVE | unix.IFA_F_DADFAILED | unix.IFA_F_SECONDARY | unix.IFA_F_DEPRECATED)}
		if f.Flags&unix.IFA_F_PERMANENT == 0 {
			a.Valid, a.Preferred = f.ValidLft, f.PreferedLft
		}
		a.Broadcast, _ = netip.AddrFromSlice(f.Broadcast)
		if a.Prefix.IsValid() && !ofKernel(l, a.Prefix) {
			all = append(all, a)
		}
	}
	return all, nil
}

func (e *Engine) routes(index int) (all []route, err error) {
	found, err := kernel.Dump(func() ([]netlink.Route, error) { return e.rt.RouteList(at(index), netlink.FAMILY_ALL) })
	if err != nil {
		return nil, fmt.Errorf("reading the routes: %w", err)
	}
	for _, f := range found {
		if f.Type != unix.RTN_UNICAST || f.Protocol == unix.RTPROT_KERNEL || f.Protocol == unix.RTPROT_RA || len(f.MultiPath) > 0 {
			continue
		}
		r := route{To: prefixOf(f.Dst), Metric: uint32(f.Priority), Protocol: int(f.Protocol), Scope: int(f.Scope), Flags: f.Flags & unix.RTNH_F_ONLINK}
		r.Via, _ = netip.AddrFromSlice(f.Gw)
		r.Source, _ = netip.AddrFromSlice(f.Src)
		if !r.To.IsValid() {
			r.To = netip.PrefixFrom(netip.IPv4Unspecified(), 0)
			if f.Family == unix.AF_INET6 {
				r.To = netip.PrefixFrom(netip.IPv6Unspecified(), 0)
			}
		}
		all = append(all, r)
	}
	inOrder(all)
	return all, nil
}

func prefixOf(n *net.IPNet) netip.Prefix {
	if n == nil {
		return netip.Prefix{}
	}
	ones, bits := n.Mask.Size()
	a, _ := netip.AddrFromSlice(n.IP)
	if bits == 32 {
		a = a.Unmap()
	}
	return netip.PrefixFrom(a, ones)
}

func netOf(p netip.Prefix) *net.IPNet {
	return &net.IPNet{IP: p.Addr().AsSlice(), Mask: net.CIDRMask(p.Bits(), p.Addr().BitLen())}
}

// at is a link by its number alone: names change.
func at(index int) netlink.Link {
	return &netlink.Device{LinkAttrs: netlink.LinkAttrs{Index: index}}
}
