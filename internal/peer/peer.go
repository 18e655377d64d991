// Package peer talks to other services on a message bus: calls that end, signals
// that come in order from whom they say, and who has a name.
//
// It knows the bus, and neither what is asked there nor how to be asked: objects
// of our own are internal/bus's.
package peer

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/godbus/dbus/v5"
)

// A Peer is an object of another service. Every call to it has a deadline: one
// that hangs is the peer's, and must not become ours.
type Peer struct {
	Conn *dbus.Conn
	Name string // on the bus
	Path dbus.ObjectPath

	// Interactive has the peer ask a person for a password where it must.
	Interactive bool

	Deadline time.Duration // zero: CallDeadline
}

// CallDeadline is how long callers wait that do not say how long. libdbus,
// GDBus and sd-bus all have 25 seconds.
const CallDeadline = 25 * time.Second

// ErrNoAnswer is of a peer that let the deadline pass.
var ErrNoAnswer = errors.New("no answer")

// Call calls a method and waits for the answer, which it stores where the
// results say; nil for an answer that nobody wants.
func (p Peer) Call(ctx context.Context, iface, method string, results []any, args ...any) error {
	_, err := p.call(ctx, iface, method, results, args...)
	return err
}

// call is Call, and gives the answer's place among all that came.
func (p Peer) call(ctx context.Context, iface, method string, results []any, args ...any) (dbus.Sequence, error) {
	limit := p.Deadline
	if limit == 0 {
		limit = CallDeadline
	}
	ctx, cancel := context.WithTimeoutCause(ctx, limit, fmt.Errorf("%w in %v", ErrNoAnswer, limit))
	defer cancel()
	call := <-p.start(ctx, iface, method, args...).Done
	err := call.Err
	if err == nil && results != nil {
		err = call.Store(results...)
	}
	if err != nil && ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		err = context.Cause(ctx)
	}
	if err != nil {
		err = fmt.Errorf("%s.%s of %s: %w", iface, method, p.Name, err)
	}
	return call.ResponseSequence, err
}

// Tell calls a method, and waits for nothing: the peer is told not to answer.
func (p Peer) Tell(iface, method string, args ...any) {
	p.Conn.Object(p.Name, p.Path).Go(iface+"."+method, dbus.FlagNoReplyExpected, nil, args...)
}

// start sends the call. godbus's own objects drop the flag that lets a person be
// asked (5.2.4, createCall), so the message is made here.
func (p Peer) start(ctx context.Context, iface, method string, args ...any) *dbus.Call {
	msg := &dbus.Message{Type: dbus.TypeMethodCall, Body: args, Headers: map[dbus.HeaderField]dbus.Variant{
		dbus.FieldPath:        dbus.MakeVariant(p.Path),
		dbus.FieldDestination: dbus.MakeVariant(p.Name),
		dbus.FieldInterface:   dbus.MakeVariant(iface),
		dbus.FieldMember:      dbus.MakeVariant(method),
	}}
	if p.Interactive {
		msg.Flags = dbus.FlagAllowInteractiveAuthorization
	}
	if len(args) > 0 {
		msg.Headers[dbus.FieldSignature] = dbus.MakeVariant(dbus.SignatureOf(args...))
	}
	return p.Conn.SendWithContext(ctx, msg, make(chan *dbus.Call, 1))
}
