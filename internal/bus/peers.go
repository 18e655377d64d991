package bus

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/godbus/dbus/v5"

	"attune/internal/peer"
)

// serial tells cancellable questions apart.
var serial atomic.Uint64

// A caller is a connection to the bus that has called, and is still there.
type caller struct {
	Subject
	known chan struct{}      // closed once the bus has told who it is
	err   error              // or what it said instead
	here  context.Context    // done when it leaves
	gone  context.CancelFunc // it has left
	calls int                // under way
	keep  int                // others that want to hear when it leaves
}

// maxIdlePeers is how many are known at most that want nothing now.
const maxIdlePeers = 128

// peers knows who calls, until they leave the bus: most call more than once.
type peers struct {
	conn *dbus.Conn
	idle *idle // which nobody who is known lets the service be
	mu   sync.Mutex
	all  map[string]*caller
}

// arrive counts a call of a connection, and asks the bus who it is if it is new.
// What is given back ends the call.
func (ps *peers) arrive(ctx context.Context, name string) (*caller, func(), error) {
	ps.mu.Lock()
	p := ps.all[name]
	fresh := p == nil
	if fresh {
		p = &caller{known: make(chan struct{})}
		p.here, p.gone = context.WithCancel(context.Background())
		ps.all[name] = p
		ps.idle.change(1)
	}
	p.calls++
	ps.mu.Unlock()
	leave := func() { ps.release(name, p, func() { p.calls-- }) }
	if fresh {
		if p.Subject, p.err = ps.ask(name); p.err != nil {
			p.gone()
		}
		close(p.known)
	}
	select {
	case <-p.known:
	case <-ctx.Done():
		leave()
		return nil, nil, fmt.Errorf("asking the bus who %s is: %w", name, ctx.Err())
	}
	if p.err != nil {
		leave()
		return nil, nil, p.err
	}
	return p, leave, nil
}

// stay has the context of a connection outlive its calls until release.
func (ps *peers) stay(name string) (context.Context, func(), bool) {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	p := ps.all[name]
	if p == nil || p.here.Err() != nil {
		return nil, nil, false
	}
	p.keep++
	var once sync.Once
	return p.here, func() { once.Do(func() { ps.release(name, p, func() { p.keep-- }) }) }, true
}

// release forgets a connection that has left, or one too many, once nothing is
// wanted of it any more.
func (ps *peers) release(name string, p *caller, less func()) {
	ps.mu.Lock()
	less()
	over := p.here.Err() != nil || len(ps.all) > maxIdlePeers
	last := over && p.idle() && ps.all[name] == p
	if last {
		delete(ps.all, name)
	}
	ps.mu.Unlock()
	if last {
		p.gone()
		ps.match("RemoveMatch", name)
		ps.idle.change(-1)
	}
}

func (p *caller) idle() bool { return p.calls == 0 && p.keep == 0 }

// left ends what a connection had under way.
func (ps *peers) left(name string) {
	ps.mu.Lock()
	p := ps.all[name]
	ps.mu.Unlock()
	if p != nil {
		p.gone()
		ps.release(name, p, func() {})
	}
}

// match asks the bus to tell when a connection leaves, or no more. Nothing is
// waited for: the bus does what it is asked in order.
func (ps *peers) match(method, name string) {
	peer.Bus(ps.conn).Tell(peer.BusName, method, peer.OwnerRule(name))
}

// ask asks the bus who a connection is. It listens first, so that one that
// leaves meanwhile is not taken for one that is there.
func (ps *peers) ask(name string) (Subject, error) {
	ps.match("AddMatch", name)
	var told map[string]dbus.Variant
	if err := peer.Bus(ps.conn).Call(context.Background(), peer.BusName, "GetConnectionCredentials", []any{&told}, name); err != nil {
		return Subject{}, Errorf(ErrGone, "asking the bus who %s is: %w", name, err)
	}
	uid, ok := told["UnixUserID"].Value().(uint32)
	if !ok {
		return Subject{}, Errorf(ErrNotAuthorized, "asking the bus who %s is: it does not know the user", name)
	}
	gids, _ := told["UnixGroupIDs"].Value().([]uint32)
	return Subject{Sender: name, UID: uid, GIDs: gids}, nil
}

// names are those that are known now.
func (ps *peers) names() []string {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	return slices.Sorted(maps.Keys(ps.all))
}
