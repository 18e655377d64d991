package service

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"attune/internal/bus"
	"attune/internal/bus/bustest"
	"attune/internal/peer"
)

// text is a log to look into.
type text struct {
	mu  sync.Mutex
	all bytes.Buffer
}

func (l *text) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all.Write(p)
}

func (l *text) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all.String()
}

// serving is a service that runs until the test ends.
type serving struct {
	address string
	client  *dbus.Conn
	log     *text
	end     context.CancelFunc
	done    chan error
}

// serve runs one and waits until it has its name.
func serve(t *testing.T, o Options) *serving {
	t.Helper()
	if o.Address == "" {
		o.Address = bustest.Start(t)
	}
	v := &serving{address: o.Address, client: bustest.Connect(t, o.Address), log: &text{}, done: make(chan error, 1)}
	o.Env.Log = v.log
	var ctx context.Context
	ctx, v.end = context.WithCancel(context.Background())
	go func() { v.done <- Run(ctx, o) }()
	t.Cleanup(func() {
		v.end()
		if err := v.ended(t); err != nil {
			t.Errorf("the service ended: %v\n%s", err, v.log)
		}
	})
	until(t, "the service has its name", func() bool { return v.has(t) })
	return v
}

// ended waits for the end of the service.
func (v *serving) ended(t *testing.T) error {
	t.Helper()
	select {
	case err := <-v.done:
		v.done <- err
		return err
	case <-time.After(10 * time.Second):
		t.Fatal("the service does not end")
		return nil
	}
}

func (v *serving) has(t *testing.T) bool {
	t.Helper()
	has, err := peer.Has(t.Context(), v.client, Name)
	if err != nil {
		t.Fatal(err)
	}
	return has
}

// at is an object of the service.
func (v *serving) at(path dbus.ObjectPath) peer.Peer {
	return peer.Peer{Conn: v.client, Name: Name, Path: path}
}

// until waits for what others do.
func until(t *testing.T, what string, is func() bool) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); !is(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("waited in vain until %s", what)
		}
	}
}

const managed = "org.freedesktop.DBus.ObjectManager"

func TestRun(t *testing.T) {
	v := serve(t, Options{})
	var objects map[dbus.ObjectPath]map[string]map[string]dbus.Variant
	if err := v.at(Root).Call(t.Context(), managed, "GetManagedObjects", []any{&objects}); err != nil {
		t.Error(err)
	}
	second := Options{Address: v.address}
	if err := Run(t.Context(), second); err == nil || !strings.Contains(err.Error(), "another process has it") {
		t.Errorf("a second service: %v", err)
	}
	v.end()
	if err := v.ended(t); err != nil {
		t.Errorf("told to end: %v", err)
	}
	until(t, "the name is free", func() bool { return !v.has(t) })
}

// A service that nobody wants ends; one whose caller is still there does not.
func TestIdle(t *testing.T) {
	address := bustest.Start(t)
	v := serve(t, Options{Address: address, Idle: time.Second})
	panel := bustest.Connect(t, address)
	ping := peer.Peer{Conn: panel, Name: Name, Path: Root}
	if err := ping.Call(t.Context(), managed, "GetManagedObjects", nil); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-v.done:
		t.Fatalf("it ends although a caller is there: %v", err)
	case <-time.After(2 * time.Second):
	}
	panel.Close()
	if err := v.ended(t); err != nil || v.has(t) { // it was given back before
		t.Errorf("idle: %v", err)
	}
}

// Who comes while the service leaves is answered, and the service stays for it.
func TestLeaving(t *testing.T) {
	stay := make(chan func(), 1)
	held := Area{"holder", func(_ context.Context, s *bus.Server, _ Env) (func(), error) {
		stay <- s.Hold()
		return nil, nil
	}}
	v := serve(t, Options{Idle: 10 * time.Millisecond, Areas: []Area{held}})
	owners := make(chan *dbus.Signal, 20)
	v.client.Signal(owners)
	if err := v.client.AddMatchSignal(dbus.WithMatchSender(peer.BusName), dbus.WithMatchMember("NameOwnerChanged"), dbus.WithMatchArg(0, Name)); err != nil {
		t.Fatal(err)
	}
	owner := v.owner(t)
	(<-stay)()
	for sig := range owners { // until the name is given back
		if _, now, ok := peer.OwnerChange(sig); ok && now == "" {
			break
		}
	}
	late := peer.Peer{Conn: v.client, Name: owner, Path: Root}
	if err := late.Call(t.Context(), managed, "GetManagedObjects", nil); err != nil {
		t.Errorf("a late caller: %v", err)
	}
	until(t, "the service has its name again", func() bool { return v.has(t) })
	if now := v.owner(t); now != owner {
		t.Errorf("%s became %s", owner, now)
	}
}

func (v *serving) owner(t *testing.T) (owner string) {
	t.Helper()
	if err := peer.Bus(v.client).Call(t.Context(), peer.BusName, "GetNameOwner", []any{&owner}, Name); err != nil {
		t.Fatal(err)
	}
	return owner
}

// Areas are there before the name, one that fails is told and costs no other,
// and each ends with the service, one that hangs too.
func TestAreas(t *testing.T) {
	in, err := bus.ParseInterface([]byte(`<node><interface name="a.B"><property name="X" type="u" access="read"/></interface></node>`))
	if err != nil {
		t.Fatal(err)
	}
	stopped := make(chan error, 1)
	areas := []Area{
		{"the sick one", func(context.Context, *bus.Server, Env) (func(), error) { return nil, errors.New("no such thing") }},
		{"the good one", func(ctx context.Context, s *bus.Server, _ Env) (func(), error) {
			_, err := s.Add(Root+"/good", bus.Part{Interface: in, Properties: map[string]any{"X": uint32(7)}})
			return func() { stopped <- ctx.Err() }, err
		}},
		{"the hanging one", func(context.Context, *bus.Server, Env) (func(), error) { return func() { select {} }, nil }},
	}
	v := serve(t, Options{Areas: areas})
	var x dbus.Variant
	if err := v.at(Root+"/good").Call(t.Context(), "org.freedesktop.DBus.Properties", "Get", []any{&x}, "a.B", "X"); err != nil || x.Value() != uint32(7) {
		t.Errorf("the good area's object: %v, %v", x, err)
	}
	v.end()
	if err := v.ended(t); err != nil {
		t.Errorf("ended with %v", err)
	}
	if err := <-stopped; err == nil {
		t.Error("the good area is told before the end of its context")
	}
	for _, want := range []string{"the sick one is missing from the service: no such thing\n", "not all of it is done"} {
		if !strings.Contains(v.log.String(), want) {
			t.Errorf("no %q in the log:\n%s", want, v.log)
		}
	}
}

// A service without a bus ends, and says why.
func TestBusGoes(t *testing.T) {
	if err := Run(t.Context(), Options{Address: "unix:path=" + t.TempDir() + "/none"}); err == nil {
		t.Error("served without a bus")
	}
	address, kill := bustest.StartToKill(t)
	done := make(chan error, 1)
	client := bustest.Connect(t, address)
	go func() { done <- Run(t.Context(), Options{Address: address}) }()
	until(t, "the service has its name", func() bool {
		has, err := peer.Has(t.Context(), client, Name)
		return has && err == nil
	})
	kill()
	select {
	case err := <-done:
		if !errors.Is(err, errNoBus) {
			t.Errorf("the bus goes: %v", err)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("it goes on without a bus")
	}
}
