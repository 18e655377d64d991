package bus

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"attune/internal/bus/bustest"
	"attune/internal/peer"
)

// Users that every machine has: a bus does not take others.
const (
	nobody = 65534
	daemon = 1
)

// Who may is asked before anything is done, and only of those who are not root.
func TestAuthority(t *testing.T) {
	a := &fakeAuthority{}
	w := newWorld(t, Options{Authority: a})
	root := bustest.Connect(t, w.address).Object(w.name, lampPath)
	conn := bustest.ConnectAs(t, w.address, nobody)
	user := conn.Object(w.name, lampPath)
	asking := peer.Peer{Conn: conn, Name: w.name, Path: lampPath, Interactive: true}
	no := Errorf(ErrNotAuthorized, "no")
	var interactive atomic.Bool
	a.will(func(_ context.Context, i bool) error { interactive.Store(i); return no })
	if err := call(t.Context(), root, lampIface+".Turn", 0, true).Err; err != nil {
		t.Errorf("root: %v", err)
	}
	if asked := a.took(); len(asked) > 0 {
		t.Errorf("asked about root: %q", asked)
	}
	for _, test := range []struct {
		iface, method, member string
		args                  []any
	}{
		{lampIface, "Turn", "Turn", []any{false}},
		{propertiesIface, "Set", "On", []any{lampIface, "On", dbus.MakeVariant(false)}},
	} {
		if got := errorName(asking.Call(t.Context(), test.iface, test.method, nil, test.args...)); got != ErrNotAuthorized {
			t.Errorf("%s by a user who may not: %s", test.method, got)
		}
		if asked, want := a.took(), []string{"org.example.turn " + lampIface + "." + test.member + " " + string(lampPath)}; !slices.Equal(asked, want) {
			t.Errorf("%s: asked %q, want %q", test.method, asked, want)
		}
		if !interactive.Load() {
			t.Errorf("%s: the caller's word that a person may be asked was lost", test.method)
		}
		if v, err := root.GetProperty(lampIface + ".On"); err != nil || v.Value() != true {
			t.Errorf("%s by a user who may not: done all the same (%v, %v)", test.method, v, err)
		}
	}
	if err := call(t.Context(), user, lampIface+".Colours", 0, []string{}, map[string]dbus.Variant{}).Err; err != nil {
		t.Errorf("what anybody may: %v", err)
	}
	if got := errorName(call(t.Context(), user, lampIface+".Turn", 0, "on").Err); got != ErrInvalidArgs {
		t.Errorf("arguments of another type: %s", got)
	}
	if asked := a.took(); len(asked) > 0 {
		t.Errorf("asked about what anybody may, or nobody can: %q", asked)
	}
	a.will(func(_ context.Context, i bool) error { interactive.Store(i); return nil })
	if err := call(t.Context(), user, lampIface+".Turn", 0, false).Err; err != nil || interactive.Load() {
		t.Errorf("a user who may: %v", err)
	}
}

// No authority is no permission.
func TestNoAuthority(t *testing.T) {
	w := newWorld(t, Options{})
	if got := errorName(call(t.Context(), bustest.ConnectAs(t, w.address, nobody).Object(w.name, lampPath), lampIface+".Turn", 0, true).Err); got != ErrNotAuthorized {
		t.Errorf("a user whom nobody can be asked about: %s", got)
	}
}

// A question to a person that outlives who wanted it is taken back, and holds
// nobody else up.
func TestQuestion(t *testing.T) {
	a := &fakeAuthority{}
	ended := make(chan error, 1)
	begun := make(chan struct{})
	a.say = func(ctx context.Context, interactive bool) error {
		if !interactive {
			return nil
		}
		close(begun)
		<-ctx.Done()
		ended <- ctx.Err()
		return ctx.Err()
	}
	w := newWorld(t, Options{Authority: a, Deadline: time.Second})
	conn := bustest.ConnectAs(t, w.address, nobody)
	go func() {
		_ = peer.Peer{Conn: conn, Name: w.name, Path: lampPath, Interactive: true}.Call(context.Background(), lampIface, "Turn", nil, true)
	}()
	<-begun
	other := bustest.ConnectAs(t, w.address, daemon).Object(w.name, lampPath)
	if err := call(t.Context(), other, lampIface+".Turn", 0, true).Err; err != nil {
		t.Errorf("another call while a person is asked: %v", err)
	}
	select {
	case <-ended:
		t.Error("the deadline of a call is taken from a person's time")
	case <-time.After(1500 * time.Millisecond):
	}
	conn.Close()
	select {
	case <-ended:
	case <-time.After(10 * time.Second):
		t.Error("the question stands although the caller has gone")
	}
}

// A user with many connections does not have all there is.
func TestFloodOfAUser(t *testing.T) {
	w := newWorld(t, Options{})
	limits := defaultLimits
	conns := limits.Total/limits.Sender + 2
	done := make(chan *dbus.Call, conns*limits.Sender)
	for range conns {
		o := bustest.ConnectAs(t, w.address, nobody).Object(w.name, lampPath)
		for range limits.Sender {
			o.Go(lampIface+".Wait", 0, done)
		}
	}
	for range conns*limits.Sender - limits.User {
		if got := errorName((<-done).Err); got != ErrLimitsExceeded {
			t.Fatalf("one call too many: %s", got)
		}
	}
	good := bustest.ConnectAs(t, w.address, daemon).Object(w.name, lampPath)
	if took := quickestOf(t, good); took > 100*time.Millisecond {
		t.Errorf("another user waited %v at the least", took)
	}
	close(w.lamp.wait)
}

// fakePolkit is one that answers as it is told.
type fakePolkit struct {
	cancelled chan string
	answer    atomic.Pointer[func(flags uint32) (any, *dbus.Error)]
}

func (p *fakePolkit) CheckAuthorization(subject polkitSubject, action string, details map[string]string, flags uint32, id string) (any, *dbus.Error) {
	if subject.Kind != "system-bus-name" || subject.Details["name"].Value() == "" {
		return nil, dbus.MakeFailedError(fmt.Errorf("odd subject %v", subject))
	}
	return (*p.answer.Load())(flags)
}

func (p *fakePolkit) CancelCheckAuthorization(id string) *dbus.Error {
	p.cancelled <- id
	return nil
}

// What is not plainly yes is no.
func TestPolkit(t *testing.T) {
	type result struct {
		Authorized, Challenge bool
		Details               map[string]string
	}
	address := bustest.Start(t)
	p := &Polkit{Conn: bustest.Connect(t, address), Quick: 2 * time.Second, Patient: 2 * time.Second}
	ask := func(interactive bool) error {
		return p.Check(t.Context(), Subject{Sender: ":1.5", UID: nobody}, "org.example.turn", nil, interactive)
	}
	if got := ask(false); wire(got).Name != ErrNotAuthorized {
		t.Errorf("no polkit: %v", got)
	}
	fake := &fakePolkit{cancelled: make(chan string, 10)}
	conn := bustest.Connect(t, address)
	if err := conn.Export(fake, polkitPath, polkitIface); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.RequestName(polkitName, dbus.NameFlagDoNotQueue); err != nil {
		t.Fatal(err)
	}
	hang := make(chan struct{})
	t.Cleanup(func() { close(hang) })
	for _, test := range []struct {
		name        string
		interactive bool
		answer      func(flags uint32) (any, *dbus.Error)
		want        string // "" is yes
	}{
		{"yes", false, func(uint32) (any, *dbus.Error) { return result{Authorized: true}, nil }, ""},
		{"no", false, func(uint32) (any, *dbus.Error) { return result{}, nil }, ErrNotAuthorized},
		{"a password would do", false, func(uint32) (any, *dbus.Error) { return result{Challenge: true}, nil }, ErrInteractive},
		{"a password was asked for, in vain", true, func(uint32) (any, *dbus.Error) {
			return result{Challenge: true, Details: map[string]string{"polkit.dismissed": "true"}}, nil
		}, ErrNotAuthorized},
		{"both yes and not yet", false, func(uint32) (any, *dbus.Error) { return result{Authorized: true, Challenge: true}, nil }, ErrNotAuthorized},
		{"interactive", true, func(flags uint32) (any, *dbus.Error) { return result{Authorized: flags == 1}, nil }, ""},
		{"not interactive", false, func(flags uint32) (any, *dbus.Error) { return result{Authorized: flags == 0}, nil }, ""},
		{"an error", false, func(uint32) (any, *dbus.Error) { return nil, dbus.MakeFailedError(errors.New("action not registered")) }, ErrNotAuthorized},
		{"an answer of another type", false, func(uint32) (any, *dbus.Error) { return "yes", nil }, ErrNotAuthorized},
		{"numbers for yes", false, func(uint32) (any, *dbus.Error) {
			return struct {
				A, B uint32
				C    map[string]string
			}{1, 0, nil}, nil
		}, ErrNotAuthorized},
		{"hung", false, func(uint32) (any, *dbus.Error) { <-hang; return result{Authorized: true}, nil }, ErrNotAuthorized},
		{"hung while it asks", true, func(uint32) (any, *dbus.Error) { <-hang; return result{Authorized: true}, nil }, ErrNotAuthorized},
	} {
		fake.answer.Store(&test.answer)
		err := ask(test.interactive)
		got := ""
		if err != nil {
			got = wire(err).Name
		}
		if got != test.want {
			t.Errorf("%s: %q (%v), want %q", test.name, got, err, test.want)
		}
	}
	for range 2 {
		select {
		case <-fake.cancelled:
		case <-time.After(10 * time.Second):
			t.Fatal("a question without an answer is not taken back")
		}
	}
	if len(fake.cancelled) > 0 {
		t.Error("more taken back than asked")
	}
}

func TestGroups(t *testing.T) {
	g := Groups{"org.example.turn": {5, 6}}
	for _, test := range []struct {
		action string
		gids   []uint32
		ok     bool
	}{
		{"org.example.turn", []uint32{1, 6}, true},
		{"org.example.turn", []uint32{1}, false},
		{"org.example.turn", nil, false},
		{"org.example.other", []uint32{5}, false},
	} {
		if err := g.Check(t.Context(), Subject{GIDs: test.gids}, test.action, nil, true); (err == nil) != test.ok {
			t.Errorf("%s, groups %v: %v", test.action, test.gids, err)
		}
	}
	if err := Groups(nil).Check(t.Context(), Subject{GIDs: []uint32{0}}, "org.example.turn", nil, true); err == nil {
		t.Error("no list, and somebody may")
	}
}
