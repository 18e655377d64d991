package netcfg

import (
	"context"
	"slices"
	"time"

	"attune/netcfg/kernel"
)

// onlineTime is how long it may take to find out how far the network reaches.
const onlineTime = 30 * time.Second

// Connectivity is what was found last, and the address of the page that a network
// wants to be seen first.
func (m *Manager) Connectivity() (c Connectivity, portal string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.reach, m.portal
}

// Check finds out anew how far the network reaches.
func (m *Manager) Check(ctx context.Context) (Connectivity, error) {
	if err := m.awaitReady(ctx); err != nil {
		return ConnectivityUnknown, err
	}
	return m.askOnline(ctx)
}

// uplink is the way out as it is now. m.mu is held.
func (m *Manager) uplink() Uplink {
	var u Uplink
	for _, l := range m.links {
		if l.Index == m.primary {
			u.Link = l
			u.Link.Job, u.Link.Transaction = 0, 0 // that something goes on is no other way out
		}
	}
	for _, r := range m.routes {
		if r.Link == m.primary && m.primary != 0 {
			u.Routes = append(u.Routes, r)
		}
	}
	return u
}

// followOnline asks anew whenever the way out is another one. What is asked of the
// old one meanwhile is of no interest any more.
func (m *Manager) followOnline() {
	stop := func() {}
	defer func() { stop() }()
	for {
		select {
		case <-m.base.Done():
			return
		case <-m.online:
		}
		stop()
		ctx, cancel := context.WithCancel(m.base)
		stop = cancel
		m.all.Go(func() {
			if _, err := m.askOnline(ctx); err != nil && ctx.Err() == nil {
				m.o.Log.Info("finding out how far the network reaches", "error", err)
			}
		})
	}
}

// askOnline asks about the way out as it is now. Where it has become another one
// meanwhile the answer is nobody's.
func (m *Manager) askOnline(ctx context.Context) (Connectivity, error) {
	ctx, stop := context.WithTimeoutCause(ctx, onlineTime, Errorf(TimedOut, "nobody said in time how far the network reaches"))
	defer stop()
	select {
	case m.asking <- struct{}{}:
	case <-ctx.Done():
		return ConnectivityUnknown, coded(ctx, "waiting for another who asks how far the network reaches", ctx.Err())
	}
	defer func() { <-m.asking }()
	m.mu.Lock()
	u := m.uplink()
	m.mu.Unlock()
	c, portal, err := m.reaches(ctx, u)
	if err != nil {
		return ConnectivityUnknown, coded(ctx, "finding out how far the network reaches", err)
	}
	m.mu.Lock()
	var what What
	if sameWay(u, m.uplink()) {
		if c != m.reach || portal != m.portal {
			what = OnlineChanged
		}
		m.reach, m.portal = c, portal
	}
	m.mu.Unlock()
	m.tell(what)
	return c, nil
}

// reaches is what is known without asking, or else what Online says.
func (m *Manager) reaches(ctx context.Context, u Uplink) (Connectivity, string, error) {
	switch {
	case u.Link.Index == 0:
		return ConnectivityNone, "", nil
	case m.o.Online != nil:
		return m.o.Online(ctx, u)
	case u.Link.Captive != "":
		return ConnectivityPortal, u.Link.Captive, nil
	}
	return ConnectivityUnknown, "", nil
}

// sameWay: an answer about one is one about the other.
func sameWay(a, b Uplink) bool {
	return a.Link.Index == b.Link.Index && a.Link.Captive == b.Link.Captive && slices.Equal(a.Link.Addresses, b.Link.Addresses) &&
		slices.EqualFunc(a.Routes, b.Routes, func(a, b kernel.Route) bool { return a == b })
}
