package bus

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/godbus/dbus/v5"
)

const (
	busName = "org.freedesktop.DBus"
	busPath = "/org/freedesktop/DBus"
)

// busAnswer is how long the bus itself may take to answer.
const busAnswer = 5 * time.Second

// serial tells cancellable questions apart.
var serial atomic.Uint64

// A peer is a connection to the bus that has called, and is still there.
type peer struct {
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
	mu   sync.Mutex
	all  map[string]*peer
}

// arrive counts a call of a connection, and asks the bus who it is if it is new.
// What is given back ends the call.
func (ps *peers) arrive(ctx context.Context, name string) (*peer, func(), error) {
	ps.mu.Lock()
	p := ps.all[name]
	fresh := p == nil
	if fresh {
		p = &peer{known: make(chan struct{})}
		p.here, p.gone = context.WithCancel(context.Background())
		ps.all[name] = p
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
func (ps *peers) release(name string, p *peer, less func()) {
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
	}
}

func (p *peer) idle() bool { return p.calls == 0 && p.keep == 0 }

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
	rule := "type='signal',sender='" + busName + "',interface='" + busName + "',member='NameOwnerChanged',path='" + busPath + "',arg0='" + name + "'"
	ps.conn.BusObject().Go(busName+"."+method, dbus.FlagNoReplyExpected, nil, rule)
}

// ask asks the bus who a connection is. It listens first, so that one that
// leaves meanwhile is not taken for one that is there.
func (ps *peers) ask(name string) (Subject, error) {
	ps.match("AddMatch", name)
	ctx, cancel := context.WithTimeout(context.Background(), busAnswer)
	defer cancel()
	var told map[string]dbus.Variant
	if err := ps.conn.BusObject().CallWithContext(ctx, busName+".GetConnectionCredentials", 0, name).Store(&told); err != nil {
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
