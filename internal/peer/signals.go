package peer

import (
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/godbus/dbus/v5"
)

// A Match says which signals are wanted. What is empty lets all through, but
// for Sender.
type Match struct {
	Sender    string          // a name on the bus, of whoever has it at the time
	Path      dbus.ObjectPath // of this object
	Below     dbus.ObjectPath // of this object and those below it
	Interface string
	Member    string
}

// rule is the match as the bus is told it. D-Bus Specification, "Match Rules".
func (m Match) rule() string {
	rule := "type='signal'"
	for _, part := range [][2]string{{"sender", m.Sender}, {"path", string(m.Path)}, {"path_namespace", string(m.Below)},
		{"interface", m.Interface}, {"member", m.Member}} {
		if part[1] != "" {
			rule += "," + part[0] + "='" + part[1] + "'"
		}
	}
	return rule
}

// fits holds a signal against the match, but for who sent it: what others of the
// connection want comes as well.
func (m Match) fits(sig *dbus.Signal) bool {
	dot := strings.LastIndexByte(sig.Name, '.')
	return (m.Path == "" || sig.Path == m.Path) &&
		(m.Below == "" || m.Below == "/" || sig.Path == m.Below || strings.HasPrefix(string(sig.Path), string(m.Below)+"/")) &&
		(m.Interface == "" || sig.Name[:dot] == m.Interface) &&
		(m.Member == "" || sig.Name[dot+1:] == m.Member)
}

var errNobody = errors.New("subscribing to signals of nobody in particular")

// Subscribe calls f with each signal that matches, one at a time, in the order
// in which they came, until it is cancelled or the connection ends, which
// conn.Context tells. It returns once the bus knows. The connection is one of
// Connect: then an f that takes long holds up nothing but itself, and what
// comes for it meanwhile waits, however much that is.
//
// A stranger can send a signal to us alone that looks like the sender's. It is
// not taken, and does not wait either.
//
// f may cancel. It may be called once more while cancel returns.
func Subscribe(conn *dbus.Conn, m Match, f func(*dbus.Signal)) (cancel func(), err error) {
	if m.Sender == "" {
		return nil, errNobody
	}
	l, err := listen(conn, m.Sender, m.rule())
	if err != nil {
		return nil, fmt.Errorf("subscribing to signals of %s: %w", m.Sender, err)
	}
	go l.run(func(sig *dbus.Signal) bool { return sig.Sender == l.owner && m.fits(sig) }, f)
	return l.cancel, nil
}

// A listener hears the signals of a connection, and knows who has a name.
type listener struct {
	conn   *dbus.Conn
	name   string
	rules  []string
	in     chan *dbus.Signal
	cancel func() // once or more often
	ended  chan struct{}

	owner string        // as of the last signal
	asked dbus.Sequence // where among what came the bus said who was the first
}

// listen listens first and asks then who has the name, so that no change is
// missed.
func listen(conn *dbus.Conn, name string, rules ...string) (*listener, error) {
	l := &listener{conn: conn, name: name, rules: append(rules, OwnerRule(name)), in: make(chan *dbus.Signal), ended: make(chan struct{})}
	conn.Signal(l.in)
	for i, rule := range l.rules {
		if err := Bus(conn).Call(conn.Context(), BusName, "AddMatch", nil, rule); err != nil {
			l.rules = l.rules[:i]
			l.end()
			return nil, err
		}
	}
	var err error
	if l.owner, l.asked, err = owner(conn, name); err != nil {
		l.end()
		return nil, err
	}
	l.cancel = sync.OnceFunc(l.end)
	return l, nil
}

func (l *listener) end() {
	close(l.ended)
	l.conn.RemoveSignal(l.in)
	for _, rule := range l.rules {
		Bus(l.conn).Tell(BusName, "RemoveMatch", rule)
	}
}

// changes tells whether a signal says that the name has another owner than was
// known.
func (l *listener) changes(sig *dbus.Signal) bool {
	name, _, ok := OwnerChange(sig)
	return ok && name == l.name && sig.Sequence > l.asked
}

// run hands the signals that are to be kept to f. It always takes what comes:
// godbus's own queue is of what anybody sent.
func (l *listener) run(keep func(*dbus.Signal) bool, f func(*dbus.Signal)) {
	out := make(chan *dbus.Signal)
	defer close(out)
	go func() {
		for sig := range out {
			f(sig)
		}
	}()
	var waiting []*dbus.Signal
	for {
		var next chan<- *dbus.Signal
		var first *dbus.Signal
		if len(waiting) > 0 {
			next, first = out, waiting[0]
		}
		select {
		case sig, ok := <-l.in:
			if !ok {
				return
			}
			if l.changes(sig) {
				_, l.owner, _ = OwnerChange(sig)
			}
			if keep(sig) {
				waiting = append(waiting, sig)
			}
		case next <- first:
			waiting = waiting[1:]
		case <-l.ended:
			return
		}
	}
}
