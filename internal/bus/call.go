package bus

import (
	"context"
	"errors"
	"reflect"
	"runtime/debug"

	"github.com/godbus/dbus/v5"
)

// A Call is one that is being answered. Its context is done when the caller
// leaves the bus, and when its time is up.
type Call struct {
	context.Context
	Subject
	Path        dbus.ObjectPath
	Interface   string
	Member      string
	Interactive bool // a person may be asked for a password

	server *Server
}

// May asks whether the caller may do more than what the interface file says the
// method needs.
func (c *Call) May(action string, details map[string]string) error {
	return c.server.may(c, action, details)
}

// Stay is done when the caller leaves the bus, and outlives the call until
// release. It is not ok if the caller has left already.
func (c *Call) Stay() (here context.Context, release func(), ok bool) {
	return c.server.peers.stay(c.Sender)
}

// may asks the authority. Root needs none: it could do without us.
func (s *Server) may(c *Call, action string, details map[string]string) error {
	switch {
	case action == Anyone || c.UID == 0:
		return nil
	case s.opt.Authority == nil:
		return Errorf(ErrNotAuthorized, "%s: nobody can be asked who may", action)
	}
	about := map[string]string{"method": c.Interface + "." + c.Member, "object": string(c.Path)}
	for k, v := range details {
		about[k] = legible(v)
	}
	return s.opt.Authority.Check(c, c.Subject, action, about, c.Interactive)
}

// wanted is a call that has come in and is not begun.
type wanted struct {
	sender string
	msg    *dbus.Message
}

// target is a method of an object, as godbus asks for it.
type target struct {
	object *Object
	iface  string
	*method
}

// DecodeArguments keeps the message: what is in it is looked at once it is known
// that the call is not one too many.
func (t target) DecodeArguments(_ *dbus.Conn, sender string, msg *dbus.Message, _ []any) ([]any, error) {
	return []any{wanted{sender, msg}}, nil
}

// NumArguments is not asked of what decodes its arguments itself, nor are the
// other three.
func (t target) NumArguments() int       { return len(t.in) }
func (t target) NumReturns() int         { return t.f.Type().NumOut() - 1 }
func (t target) ArgumentValue(i int) any { return reflect.Zero(t.in[i]).Interface() }
func (t target) ReturnValue(i int) any   { return reflect.Zero(t.f.Type().Out(i)).Interface() }

// Call answers one.
func (t target) Call(args ...any) ([]any, error) {
	w := args[0].(wanted)
	results, err := t.object.server.answer(t, w)
	if err != nil {
		return nil, wire(err)
	}
	return results, nil
}

var errTooMany = &Error{ErrLimitsExceeded, errors.New("too many calls at once: wait for an answer before the next")}

// answer is the way of every call: not one too many, from somebody who is known,
// of the right types, allowed, one at a time where it changes something.
func (s *Server) answer(t target, w wanted) (results []any, err error) {
	leave := s.limits.enter(w.sender)
	if leave == nil {
		return nil, errTooMany
	}
	defer leave()
	defer s.Hold()()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	p, end, err := s.peers.arrive(ctx, w.sender)
	if err != nil {
		return nil, err
	}
	defer end()
	defer context.AfterFunc(p.here, cancel)()
	if leave := s.limits.enterUser(p.UID); leave != nil {
		defer leave()
	} else {
		return nil, errTooMany
	}
	in, err := t.arguments(w.msg.Body)
	if err != nil {
		return nil, err
	}
	c := &Call{Context: ctx, Subject: p.Subject, Path: t.object.path, Interface: t.iface, Member: t.name, server: s,
		Interactive: w.msg.Flags&dbus.FlagAllowInteractiveAuthorization != 0}
	var details map[string]string
	if t.details != nil {
		details = t.details(t.name, values(in))
	}
	if err := s.may(c, t.action, details); err != nil {
		return nil, err
	}
	return t.changing(c, in)
}

// changing runs the function when it is the turn of the call. A person may have
// taken minutes to allow it: the time that it has begins here.
func (t target) changing(c *Call, in []reflect.Value) ([]any, error) {
	timed, stop := context.WithTimeoutCause(c.Context, c.server.opt.Deadline, errDeadline)
	defer stop()
	c.Context = timed
	if t.writes {
		select {
		case t.object.turn <- struct{}{}:
			defer func() { <-t.object.turn }()
		case <-timed.Done():
			return nil, Errorf(ErrTimedOut, "waiting for another call to %s: %w", t.object.path, context.Cause(timed))
		}
	}
	return t.run(c, in)
}

var errDeadline = errors.New("the time for one call is up")

// arguments are what the message brought, as the types that the function takes.
func (t target) arguments(body []any) ([]reflect.Value, error) {
	if len(body) != len(t.in) {
		return nil, Errorf(ErrInvalidArgs, "%s takes %d arguments, not %d", t.name, len(t.in), len(body))
	}
	vals, ptrs := make([]reflect.Value, len(t.in)), make([]any, len(t.in))
	for i, typ := range t.in {
		if got, want := dbus.SignatureOf(body[i]), dbus.SignatureOfType(typ); got != want {
			return nil, Errorf(ErrInvalidArgs, "argument %d of %s is of type %q, not %q", i+1, t.name, want, got)
		}
		v := reflect.New(typ)
		vals[i], ptrs[i] = v.Elem(), v.Interface()
	}
	if err := dbus.Store(body, ptrs...); err != nil {
		return nil, Errorf(ErrInvalidArgs, "arguments of %s: %w", t.name, err)
	}
	return vals, nil
}

// run calls the function. A mistake in it is the end of the call and of nothing
// else.
func (t target) run(c *Call, in []reflect.Value) (results []any, err error) {
	defer func() {
		if r := recover(); r != nil {
			c.server.logf("%s.%s at %s: a mistake in attune: %v\n%s", t.iface, t.name, t.object.path, r, debug.Stack())
			results, err = nil, Errorf(ErrMistake, "%s: a mistake in attune, which its log describes", t.name)
		}
	}()
	out := t.f.Call(append([]reflect.Value{reflect.ValueOf(c)}, in...))
	last := out[len(out)-1]
	if e, _ := last.Interface().(error); e != nil {
		return nil, e
	}
	return values(out[:len(out)-1]), nil
}

func values(vs []reflect.Value) []any {
	all := make([]any, len(vs))
	for i, v := range vs {
		all[i] = v.Interface()
	}
	return all
}
