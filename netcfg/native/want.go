package native

import (
	"cmp"
	"net/netip"

	"attune/netcfg"
)

// A want is what a profile makes of one link, in the kernel's words.
type want struct {
	addresses []netip.Prefix
	routes    []route
	mtu       int               // 0: as it was
	sysctl    map[string]string // of IPv6, beside those that stay as they were
	only6     bool              // of IPv6 there is what is listed, and nothing else
	router    bool              // IPv6 comes from a router alone, and so has to come
}

// metric is that of the routes of a link: as NetworkManager has those of wired ones,
// and a little more for each further link, so that no two are the same.
func metric(index int, asked uint32, g netcfg.Guard) uint32 {
	if asked == 0 {
		asked = 100 + uint32(index)
	}
	return max(asked, g.MinMetric)
}

// routerMetric is that of the routes that the kernel makes of what routers announce.
// Linux' ipv6_route.h: IP6_RT_PRIO_USER.
const routerMetric = 1024

// check says what cannot be done here.
func check(p netcfg.Profile) error {
	switch {
	case p.Kind != netcfg.Wired:
		return netcfg.Errorf(netcfg.Unsupported, "nothing here sets up a link of kind %q: neither NetworkManager nor systemd-networkd runs", p.Kind)
	case p.Dot1X != nil:
		return netcfg.Errorf(netcfg.Unsupported, "nothing here can ask to be let into a network (802.1X): neither NetworkManager nor systemd-networkd runs")
	case p.IPv4.Method == netcfg.Auto:
		return netcfg.Errorf(netcfg.Unsupported, "nothing here can ask for an IPv4 address (DHCP): neither NetworkManager nor systemd-networkd runs; give the address, or turn IPv4 off")
	case p.IPv4.Method == netcfg.Off && p.IPv6.Method == netcfg.Off:
		return netcfg.Errorf(netcfg.Invalid, "with neither IPv4 nor IPv6 there is nothing to set up")
	}
	for name, ip := range map[string]netcfg.IP{"IPv4": p.IPv4, "IPv6": p.IPv6} {
		if ip.Method == netcfg.Static && len(ip.Addresses) == 0 {
			return netcfg.Errorf(netcfg.Invalid, "%s is set by hand, and has no address", name)
		}
	}
	return nil
}

// wantOf decides what a profile makes of a link. What it does not say is as it was.
func wantOf(r record) want {
	p, index, g, before := r.Profile, r.Index, r.Guard, r.Before.Sysctl
	w := want{mtu: cmp.Or(p.MTU, r.Before.MTU), sysctl: map[string]string{}}
	for _, ip := range []netcfg.IP{p.IPv4, p.IPv6} {
		if ip.Method == netcfg.Off {
			continue
		}
		w.addresses = append(w.addresses, ip.Addresses...)
		if ip.Gateway.IsValid() {
			to := netip.PrefixFrom(netip.IPv4Unspecified(), 0)
			if ip.Gateway.Is6() {
				to = netip.PrefixFrom(netip.IPv6Unspecified(), 0)
			}
			w.routes = append(w.routes, route{To: to, Via: ip.Gateway, Metric: metric(index, 0, g), Protocol: protocol})
		}
	}
	for _, r := range p.Routes {
		w.routes = append(w.routes, route{To: r.To.Masked(), Via: r.Via, Metric: metric(index, r.Metric, g), Protocol: protocol})
	}
	inOrder(w.routes)
	if len(before) == 0 {
		return w // a kernel without IPv6
	}
	for key, value := range before {
		w.sysctl[key] = value
	}
	switch p.IPv6.Method {
	case netcfg.Off:
		w.sysctl[disable] = "1"
	case netcfg.Static:
		w.sysctl[disable], w.sysctl[acceptRA] = "0", "0"
		w.only6 = true
	default:
		w.auto(p, g)
	}
	return w
}

// auto leaves IPv6 to the routers, as the machine has it. What it asks for besides
// still has to be.
func (w *want) auto(p netcfg.Profile, g netcfg.Guard) {
	alone := p.IPv4.Method == netcfg.Off && len(p.IPv6.Addresses) == 0
	if alone || len(p.IPv6.Addresses) > 0 {
		w.sysctl[disable] = "0"
	}
	if alone && w.sysctl[acceptRA] == "0" {
		w.sysctl[acceptRA] = "1"
	}
	if _, ok := w.sysctl[raMetric]; ok && g.MinMetric > routerMetric {
		w.sysctl[raMetric] = utoa(g.MinMetric)
	}
	w.router = alone
}

// lists tells whether an address or route is of a kind of which there shall be only
// what is listed: IPv4, and IPv6 unless it comes from routers. What the kernel needs
// to speak IPv6 at all stays.
func (w want) lists(p netip.Prefix) bool {
	return p.Addr().Is4() || w.only6 && !p.Addr().IsLinkLocalUnicast()
}
