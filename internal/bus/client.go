package bus

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

	Deadline time.Duration // zero: callDeadline
}

// Call calls a method and waits for the answer, which it stores where the
// results say; nil for an answer that nobody wants.
func (p Peer) Call(ctx context.Context, iface, method string, results []any, args ...any) error {
	limit := p.Deadline
	if limit == 0 {
		limit = callDeadline
	}
	ctx, cancel := context.WithTimeoutCause(ctx, limit, fmt.Errorf("no answer in %v", limit))
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
		return fmt.Errorf("%s.%s of %s: %w", iface, method, p.Name, err)
	}
	return nil
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
