package netcfg

import (
	"fmt"
	"net/netip"
	"slices"
)

func checkIPv4(p Profile) error { return field("ipv4", checkIP(p.IPv4, is4)) }
func checkIPv6(p Profile) error { return field("ipv6", checkIP(p.IPv6, is6)) }

func is4(a netip.Addr) error {
	if !a.Is4() {
		return fmt.Errorf("%s: want an IPv4 address", a)
	}
	return nil
}

// is6: one with a zone is about one machine's link, which profiles are not.
func is6(a netip.Addr) error {
	if !a.Is6() || a.Is4In6() || a.Zone() != "" {
		return fmt.Errorf("%s: want an IPv6 address", a)
	}
	return nil
}

// checkIP holds one family's addresses and its gateway to what each other says.
func checkIP(ip IP, family func(netip.Addr) error) error {
	switch {
	case ip.Method != Auto && ip.Method != Static && ip.Method != Off:
		return fmt.Errorf("method: want %q, %q or nothing", Static, Off)
	case ip.Method == Static && len(ip.Addresses) == 0:
		return fmt.Errorf("addresses: there is none")
	case ip.Method == Off && (len(ip.Addresses) > 0 || ip.Gateway.IsValid()):
		return fmt.Errorf("addresses: the method is %q", Off)
	case len(ip.Addresses) > maxAddresses:
		return fmt.Errorf("addresses: %d: want at most %d", len(ip.Addresses), maxAddresses)
	}
	for i, a := range ip.Addresses {
		if err := hostAddress(a, family); err != nil {
			return field("addresses", err)
		}
		if slices.ContainsFunc(ip.Addresses[:i], func(b netip.Prefix) bool { return b.Addr() == a.Addr() }) {
			return fmt.Errorf("addresses: %s is there twice", a.Addr())
		}
	}
	if !ip.Gateway.IsValid() {
		return nil
	}
	return field("gateway", gateway(ip, family))
}

// hostAddress is one that a link can have, with the network it is in.
func hostAddress(p netip.Prefix, family func(netip.Addr) error) error {
	if !p.IsValid() {
		return fmt.Errorf("there is one without a length, or none")
	}
	if err := family(p.Addr()); err != nil {
		return err
	}
	if err := unicast(p.Addr()); err != nil {
		return err
	}
	if p.Bits() == 0 {
		return fmt.Errorf("%s: a network with everything in it", p)
	}
	if edge(p, p.Addr()) {
		return fmt.Errorf("%s: this is the network itself, or all of it at once, and no host", p)
	}
	return nil
}

// edge: the first and the last address of an IPv4 network are no host's, unless
// there are only two. RFC 1122 §3.2.1.3, RFC 3021.
func edge(p netip.Prefix, a netip.Addr) bool {
	if !a.Is4() || p.Bits() > 30 {
		return false
	}
	last := p.Masked().Addr().As4()
	for bit := p.Bits(); bit < 32; bit++ {
		last[bit/8] |= 0x80 >> (bit % 8)
	}
	return a == p.Masked().Addr() || a == netip.AddrFrom4(last)
}

var (
	thisNet  = netip.MustParsePrefix("0.0.0.0/8")   // RFC 1122 §3.2.1.3
	reserved = netip.MustParsePrefix("240.0.0.0/4") // RFC 1112 §4, and broadcast
)

// unicast is an address that one machine on a network has.
func unicast(a netip.Addr) error {
	switch {
	case !a.IsValid():
		return fmt.Errorf("there is none")
	case a.IsUnspecified(), thisNet.Contains(a), reserved.Contains(a):
		return fmt.Errorf("%s is no machine's", a)
	case a.IsLoopback():
		return fmt.Errorf("%s is this machine itself and on no network", a)
	case a.IsMulticast():
		return fmt.Errorf("%s is of many machines at once", a)
	}
	return nil
}

// gateway: a way out has to be on the link itself, and another machine. What is
// link-local is on every link.
func gateway(ip IP, family func(netip.Addr) error) error {
	g := ip.Gateway
	if err := family(g); err != nil {
		return err
	}
	if err := unicast(g); err != nil {
		return err
	}
	if slices.ContainsFunc(ip.Addresses, func(a netip.Prefix) bool { return a.Addr() == g }) {
		return fmt.Errorf("%s is this link's own address", g)
	}
	if g.Is6() && g.IsLinkLocalUnicast() {
		return nil
	}
	return near(ip, g)
}

// near: an address is in one of the networks that a family's addresses are in.
func near(ip IP, a netip.Addr) error {
	for _, p := range ip.Addresses {
		if p.Contains(a) && !edge(p, a) {
			return nil
		}
	}
	return fmt.Errorf("%s is in none of the networks of the addresses, so that nobody knows how to reach it", a)
}

func checkRoutes(p Profile) error {
	if len(p.Routes) > maxRoutes {
		return fmt.Errorf("routes: %d: want at most %d", len(p.Routes), maxRoutes)
	}
	for i, r := range p.Routes {
		if err := checkRoute(p, r); err != nil {
			return field("routes", err)
		}
		if slices.ContainsFunc(p.Routes[:i], func(o Route) bool { return o.To == r.To && o.Metric == r.Metric }) {
			return fmt.Errorf("routes: %s is there twice", r.To)
		}
	}
	return nil
}

func checkRoute(p Profile, r Route) error {
	if !r.To.IsValid() {
		return fmt.Errorf("there is one that leads nowhere")
	}
	ip, family := p.IPv4, is4
	if r.To.Addr().Is6() {
		ip, family = p.IPv6, is6
	}
	to := r.To.Addr()
	switch {
	case family(to) != nil:
		return family(to)
	case ip.Method == Off:
		return fmt.Errorf("%s: its family is off", r.To)
	case r.To != r.To.Masked():
		return fmt.Errorf("%s: want the network, %s", r.To, r.To.Masked())
	case r.To.Bits() > 0 && (to.IsMulticast() || to.IsLoopback() || thisNet.Contains(to) || reserved.Contains(to)):
		return fmt.Errorf("%s is no network that is reached by one link", r.To)
	case !r.Via.IsValid():
		return nil
	}
	if err := family(r.Via); err != nil {
		return err
	}
	if err := unicast(r.Via); err != nil {
		return err
	}
	if slices.ContainsFunc(ip.Addresses, func(a netip.Prefix) bool { return a.Addr() == r.Via }) {
		return fmt.Errorf("%s: %s is this link's own address", r.To, r.Via)
	}
	if ip.Method != Static || r.Via.Is6() && r.Via.IsLinkLocalUnicast() {
		return nil // which networks there will be is not known before
	}
	return near(ip, r.Via)
}

func checkDNS(p Profile) error {
	if len(p.DNS) > maxDNS {
		return fmt.Errorf("dns: %d: want at most %d", len(p.DNS), maxDNS)
	}
	for i, a := range p.DNS {
		if err := unicast(a); err != nil {
			return field("dns", err)
		}
		if a.Is4In6() || a.Zone() != "" {
			return fmt.Errorf("dns: %s: want a plain address", a)
		}
		if slices.Contains(p.DNS[:i], a) {
			return fmt.Errorf("dns: %s is there twice", a)
		}
	}
	if len(p.Search) > maxSearch {
		return fmt.Errorf("search: %d: want at most %d", len(p.Search), maxSearch)
	}
	for _, s := range p.Search {
		if err := domain(s); err != nil {
			return field("search", err)
		}
	}
	return nil
}
