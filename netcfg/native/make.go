package native

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"time"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"

	"attune/netcfg"
	"attune/netcfg/kernel"
)

// How long things take that are waited for.
type limits struct{ carrier, router, claim time.Duration }

var usual = limits{
	carrier: 8 * time.Second,  // two gigabit ends agree within 2 to 5 s
	router:  20 * time.Second, // three solicitations 4 s apart, RFC 4861 §6.3.7, and a slow router
	claim:   5 * time.Second,  // of an IPv6 address: a second and a delay by chance, RFC 4862 §5.4
}

// pollEvery is how often is looked while somebody waits, and never else.
const pollEvery = 50 * time.Millisecond

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// until looks at a link until it is as it shall be; at least once.
func (e *Engine) until(ctx context.Context, index int, limit time.Duration, ok func(look) bool) (look, error) {
	for end := time.Now().Add(limit); ; pause(ctx, pollEvery) {
		l, err := e.look(index)
		switch {
		case err != nil || ok(l):
			return l, err
		case ctx.Err() != nil:
			return l, netcfg.Errorf(netcfg.Cancelled, "waiting for %s: %w", l.Name, context.Cause(ctx))
		case !time.Now().Before(end):
			return l, context.DeadlineExceeded
		}
	}
}

// failed is an error of the kernel with the code it stands for.
func failed(err error, format string, args ...any) error {
	code := netcfg.EngineFailed
	switch {
	case errors.Is(err, unix.ENODEV):
		code = netcfg.NotFound
	case errors.Is(err, unix.EINVAL), errors.Is(err, unix.ENETUNREACH), errors.Is(err, unix.EHOSTUNREACH), errors.Is(err, unix.ERANGE):
		code = netcfg.Invalid
	}
	return netcfg.Errorf(code, "%s: %w", fmt.Sprintf(format, args...), err)
}

// make makes a link be as its record says. Without a cable, for which it waits that
// long, all is set up as well, and it is an error nevertheless.
func (e *Engine) make(ctx context.Context, r record, now look, patience time.Duration, progress func(netcfg.Stage)) error {
	progress(netcfg.StagePrepare)
	w := wantOf(r)
	if err := e.prepare(now, w); err != nil {
		return err
	}
	progress(netcfg.StageCarrier)
	now, carrier := e.until(ctx, r.Index, patience, func(l look) bool { return l.Carrier })
	if carrier != nil && !errors.Is(carrier, context.DeadlineExceeded) {
		return carrier
	}
	progress(netcfg.StageAddress)
	if err := e.setAddresses(ctx, r, now, w); err != nil {
		return err
	}
	if err := e.setRoutes(r.Index, w); err != nil {
		return err
	}
	if carrier != nil {
		return netcfg.Errorf(netcfg.NoCarrier, "%s has no cable, or nobody is at its other end", now.Name)
	}
	if patience == 0 {
		return nil // what comes of it is seen at the next look
	}
	return e.settle(ctx, r.Index, w, progress)
}

// prepare sets what does not wait for a cable.
func (e *Engine) prepare(now look, w want) error {
	if now.MTU != w.mtu {
		if err := e.rt.LinkSetMTU(at(now.Index), w.mtu); err != nil {
			return failed(err, "setting the MTU of %s to %d", now.Name, w.mtu)
		}
	}
	sysctl, err := readSysctl(e.o.Sysctl, now.Name) // that comes and goes with the MTU
	if err == nil {
		err = setSysctl(e.o.Sysctl, now.Name, w.sysctl, sysctl)
	}
	if err == nil && !now.Up {
		if err = e.rt.LinkSetUp(at(now.Index)); err != nil {
			err = failed(err, "setting %s up", now.Name)
		}
	}
	return err
}

// setAddresses takes away those that shall not be there, and adds those that are
// missing, once nobody answers to them.
func (e *Engine) setAddresses(ctx context.Context, r record, now look, w want) error {
	old, wanted := r.Added, w.addresses
	for _, b := range r.Before.Addresses {
		wanted = without(wanted, b.Prefix)
	}
	r.Added = slices.Clone(wanted)
	for _, a := range old { // they are not gone yet
		r.Added = append(without(r.Added, a), a)
	}
	if err := e.put(r.Index, &r); err != nil {
		return err
	}
	for _, a := range now.Addresses {
		if w.lists(a) || slices.Contains(old, a) {
			if slices.Contains(w.addresses, a) {
				continue
			}
			if err := e.removeAddress(now, a); err != nil {
				return err
			}
		}
	}
	if err := e.claim(ctx, now, w); err != nil {
		return err
	}
	now, err := e.look(r.Index) // with one address of IPv4 others of its network go
	if err != nil {
		return err
	}
	for _, a := range w.addresses {
		if err := e.addAddress(now, address{Prefix: a}); err != nil {
			return err
		}
	}
	trimmed := r
	trimmed.Added = wanted
	return e.put(r.Index, &trimmed)
}

func without(all []netip.Prefix, one netip.Prefix) []netip.Prefix {
	return slices.DeleteFunc(slices.Clone(all), func(p netip.Prefix) bool { return p == one })
}

// claim asks the others in the network whether they have one of the IPv4 addresses
// that are to be added; for IPv6 the kernel does.
func (e *Engine) claim(ctx context.Context, now look, w want) error {
	asked := slices.DeleteFunc(slices.Clone(w.addresses), func(p netip.Prefix) bool {
		return !p.Addr().Is4() || slices.Contains(now.Addresses, p)
	})
	if len(asked) == 0 || !now.Carrier {
		return nil
	}
	a, other, err := whoHas(ctx, now.Link, asked)
	if err != nil {
		return failed(err, "asking on %s who has %v", now.Name, asked)
	}
	if other != nil {
		return netcfg.Errorf(netcfg.AddressConflict, "another machine, %s, has %s", other, a)
	}
	return nil
}

func (e *Engine) removeAddress(now look, p netip.Prefix) error {
	n := &netlink.Addr{IPNet: netOf(p)}
	for _, a := range now.set.Addresses {
		if a.Prefix == p && a.Peer.IsValid() {
			n.Peer = netOf(a.Peer)
		}
	}
	err := e.rt.AddrDel(at(now.Index), n)
	if err != nil && !errors.Is(err, unix.EADDRNOTAVAIL) { // gone with another one of its network
		return failed(err, "taking %s from %s", p, now.Name)
	}
	return nil
}

// addAddress adds one that is missing, or that another machine had.
func (e *Engine) addAddress(now look, a address) error {
	if i := slices.Index(now.Addresses, a.Prefix); i >= 0 {
		if !now.Details[i].Conflict {
			return nil
		}
		if err := e.removeAddress(now, a.Prefix); err != nil {
			return err
		}
	}
	n := &netlink.Addr{IPNet: netOf(a.Prefix), Label: a.Label, Flags: a.Flags, Scope: a.Scope, ValidLft: a.Valid, PreferedLft: a.Preferred}
	if a.Peer.IsValid() {
		n.Peer = netOf(a.Peer)
	}
	if a.Broadcast.IsValid() {
		n.Broadcast = a.Broadcast.AsSlice()
	}
	if err := e.rt.AddrAdd(at(now.Index), n); err != nil && !errors.Is(err, unix.EEXIST) {
		return failed(err, "giving %s to %s", a.Prefix, now.Name)
	}
	return nil
}

// setRoutes takes away those that shall not be there, and makes those that are
// missing.
func (e *Engine) setRoutes(index int, w want) error {
	now, err := e.look(index)
	if err != nil {
		return err
	}
	going := slices.DeleteFunc(slices.Clone(now.set.Routes), func(r route) bool {
		return slices.ContainsFunc(w.routes, r.same) || r.Protocol != protocol && !w.lists(r.To)
	})
	if err := e.removeRoutes(now, going); err != nil {
		return err
	}
	return e.addRoutes(now, w.routes)
}

// ours are the routes that carry our number.
func ours(routes []route) []route {
	return slices.DeleteFunc(slices.Clone(routes), func(r route) bool { return r.Protocol != protocol })
}

func netlinkRoute(index int, r route) *netlink.Route {
	n := &netlink.Route{LinkIndex: index, Dst: netOf(r.To), Priority: int(r.Metric), Protocol: netlink.RouteProtocol(r.Protocol),
		Scope: netlink.Scope(r.Scope), Flags: r.Flags, Table: unix.RT_TABLE_MAIN}
	switch {
	case r.Via.IsValid():
		n.Gw = r.Via.AsSlice()
	case r.To.Addr().Is4():
		n.Scope = unix.RT_SCOPE_LINK
	}
	if r.Source.IsValid() {
		n.Src = r.Source.AsSlice()
	}
	return n
}

func (e *Engine) removeRoutes(now look, routes []route) error {
	for _, r := range routes {
		if err := e.rt.RouteDel(netlinkRoute(now.Index, r)); err != nil && !errors.Is(err, unix.ESRCH) {
			return failed(err, "taking the route to %s from %s", r.To, now.Name)
		}
	}
	return nil
}

func (e *Engine) addRoutes(now look, routes []route) error {
	for _, r := range routes {
		if slices.ContainsFunc(now.set.Routes, r.same) {
			continue
		}
		err := e.rt.RouteAppend(netlinkRoute(now.Index, r))
		switch {
		case err == nil, errors.Is(err, unix.EEXIST):
		case r.Via.IsValid():
			return failed(err, "making the route to %s over %s, which has to be in a network of %s", r.To, r.Via, now.Name)
		default:
			return failed(err, "making the route to %s", r.To)
		}
	}
	return nil
}

// settle waits until the addresses are nobody else's, and routers have told theirs,
// and looks whether all is as asked for.
func (e *Engine) settle(ctx context.Context, index int, w want, progress func(netcfg.Stage)) error {
	if w.router {
		_, err := e.until(ctx, index, e.limits.router, look.routed)
		if errors.Is(err, context.DeadlineExceeded) {
			return netcfg.Errorf(netcfg.NoAddress, "no router has announced an IPv6 network")
		}
		if err != nil {
			return err
		}
	}
	l, err := e.until(ctx, index, e.limits.claim, func(l look) bool { return l.claimed(w) })
	if err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	progress(netcfg.StageVerify)
	if err := l.verify(w); err != nil {
		return err
	}
	progress(netcfg.StageDone)
	return nil
}

// routed tells whether a link has an address that a router's announcement led to.
func (l look) routed() bool {
	return slices.ContainsFunc(l.Details, func(d kernel.Detail) bool { return d.Origin == kernel.OriginRA && !d.Tentative && !d.Conflict })
}

// claimed tells whether it is known of each address whether another machine has it.
func (l look) claimed(w want) bool {
	for i, a := range l.Addresses {
		if d := l.Details[i]; slices.Contains(w.addresses, a) && d.Tentative && !d.Conflict {
			return false
		}
	}
	return true
}

// verify says what is not as asked for.
func (l look) verify(w want) error {
	for _, a := range w.addresses {
		i := slices.Index(l.Addresses, a)
		switch {
		case i < 0:
			return netcfg.Errorf(netcfg.EngineFailed, "%s has not got %s", l.Name, a)
		case l.Details[i].Conflict:
			return netcfg.Errorf(netcfg.AddressConflict, "another machine has %s", a.Addr())
		case l.Details[i].Tentative:
			return netcfg.Errorf(netcfg.TimedOut, "it is not known yet whether another machine has %s", a.Addr())
		}
	}
	for _, r := range w.routes {
		if !slices.ContainsFunc(l.set.Routes, r.same) {
			return netcfg.Errorf(netcfg.EngineFailed, "%s has no route to %s", l.Name, r.To)
		}
	}
	if l.MTU != w.mtu {
		return netcfg.Errorf(netcfg.EngineFailed, "%s has an MTU of %d, not %d", l.Name, l.MTU, w.mtu)
	}
	return nil
}
