// Package bus puts objects on a message bus. What an object offers is written
// in an interface file, who may have it is asked of an Authority, and a caller
// that floods, vanishes or sends rubbish costs nobody else anything.
//
// It knows the bus, and nothing of what is served.
package bus

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"sync"
	"time"
	"weak"

	"github.com/godbus/dbus/v5"

	"attune/internal/peer"
)

// Options are what a Server is made of.
type Options struct {
	Root      dbus.ObjectPath // above all objects; GetManagedObjects is here
	Authority Authority       // nil: nobody but root may
	Limits    Limits          // zero: what has proved enough
	Deadline  time.Duration   // of one call, without what a person needs; zero: 25 s, as callers wait
	Log       io.Writer       // what went wrong on our side
}

// A Server holds objects and answers calls to them. It is a dbus.Handler.
type Server struct {
	opt    Options
	conn   *dbus.Conn
	limits *limiter
	peers  *peers

	// mu is held while objects change and while it is told that they did, so
	// that what is told is in the order in which it happened.
	mu      sync.Mutex
	objects map[dbus.ObjectPath]*Object
	managed weak.Pointer[managed] // nil: not asked for since an object changed, or nobody has it any more

	idle idle

	logging sync.Mutex // one line at a time, from whichever call
}

// logf says what went wrong on our side.
func (s *Server) logf(format string, args ...any) {
	s.logging.Lock()
	defer s.logging.Unlock()
	fmt.Fprintf(s.opt.Log, format, args...)
}

// NewServer makes one that is on no bus yet.
func NewServer(opt Options) *Server {
	if opt.Limits == (Limits{}) {
		opt.Limits = defaultLimits
	}
	if opt.Deadline == 0 {
		opt.Deadline = peer.CallDeadline
	}
	if opt.Log == nil {
		opt.Log = io.Discard
	}
	s := &Server{opt: opt, limits: newLimiter(opt.Limits), objects: map[dbus.ObjectPath]*Object{}}
	s.peers = &peers{idle: &s.idle, all: map[string]*caller{}}
	s.idle.since = time.Now()
	s.objects[opt.Root] = newObject(s, opt.Root)
	return s
}

// Connect joins the bus at an address. It answers calls from then on, so all
// objects that must be there at once are added before.
func (s *Server) Connect(ctx context.Context, address string) error {
	conn, err := peer.Dial(ctx, address, s.refuse, dbus.WithHandler(s))
	if err != nil {
		return err
	}
	s.mu.Lock()
	s.conn, s.peers.conn = conn, conn
	s.mu.Unlock()
	signals := make(chan *dbus.Signal, 16)
	conn.Signal(signals)
	if err := peer.Join(conn); err != nil {
		return err
	}
	go s.listen(signals)
	return nil
}

// refuse answers a message that was too long to be read.
func (s *Server) refuse(sender string, serial uint32) {
	text := fmt.Sprintf("a message of more than %d bytes is not read", peer.MaxMessage)
	s.conn.Send(&dbus.Message{Type: dbus.TypeError, Flags: dbus.FlagNoReplyExpected, Body: []any{text}, Headers: map[dbus.HeaderField]dbus.Variant{
		dbus.FieldDestination: dbus.MakeVariant(sender),
		dbus.FieldErrorName:   dbus.MakeVariant(ErrLimitsExceeded),
		dbus.FieldReplySerial: dbus.MakeVariant(serial),
		dbus.FieldSignature:   dbus.MakeVariant(dbus.SignatureOf(text)),
	}}, nil)
}

// Conn is the connection, for what the service asks of others.
func (s *Server) Conn() *dbus.Conn { return s.conn }

// Own takes a name on the bus.
func (s *Server) Own(name string) error {
	reply, err := s.conn.RequestName(name, dbus.NameFlagDoNotQueue)
	if err == nil && reply != dbus.RequestNameReplyPrimaryOwner && reply != dbus.RequestNameReplyAlreadyOwner {
		err = errors.New("another process has it")
	}
	if err != nil {
		return fmt.Errorf("taking the name %s on the bus: %w", name, err)
	}
	return nil
}

// listen hears who leaves the bus.
func (s *Server) listen(signals <-chan *dbus.Signal) {
	for sig := range signals {
		if name, owner, ok := peer.OwnerChange(sig); ok && owner == "" {
			s.peers.left(name)
		}
	}
}

// Add puts an object on the bus.
func (s *Server) Add(path dbus.ObjectPath, parts ...Part) (*Object, error) {
	if !path.IsValid() {
		return nil, fmt.Errorf("adding an object to the bus: %q is no path", path)
	}
	o := newObject(s, path)
	for _, p := range parts {
		bound, err := bind(p)
		if err != nil {
			return nil, fmt.Errorf("adding %s to the bus: %w", path, err)
		}
		o.parts[p.Interface.Name] = bound
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	// The root is there from the first, with nothing in it.
	if old := s.objects[path]; old != nil && (path != s.opt.Root || len(old.parts) > 0) {
		return nil, fmt.Errorf("adding %s to the bus: it is there already", path)
	}
	s.objects[path] = o
	s.managed = weak.Pointer[managed]{}
	if path != s.opt.Root {
		s.emit(s.opt.Root, managerIface, "InterfacesAdded", path, o.properties())
	}
	return o, nil
}

// Remove takes an object off the bus. Calls to it that are under way go on.
func (s *Server) Remove(path dbus.ObjectPath) {
	s.mu.Lock()
	defer s.mu.Unlock()
	o := s.objects[path]
	if o == nil || path == s.opt.Root {
		return
	}
	delete(s.objects, path)
	s.managed = weak.Pointer[managed]{}
	s.emit(s.opt.Root, managerIface, "InterfacesRemoved", path, slices.Sorted(maps.Keys(o.parts)))
}

// emit tells everybody, once there is a bus. The lock is held.
func (s *Server) emit(path dbus.ObjectPath, iface, member string, args ...any) {
	if s.conn == nil {
		return
	}
	if err := s.conn.Emit(path, iface+"."+member, args...); err != nil && !errors.Is(err, dbus.ErrClosed) {
		s.logf("telling the bus of %s.%s at %s: %v\n", iface, member, path, err)
	}
}

// LookupObject is what dbus.Handler asks.
func (s *Server) LookupObject(path dbus.ObjectPath) (dbus.ServerObject, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if o := s.objects[path]; o != nil {
		return o, true
	}
	if s.above(path) {
		return branch{s, path}, true
	}
	return nil, false
}
