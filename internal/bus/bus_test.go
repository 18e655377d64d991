package bus

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"reflect"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"attune/internal/bus/bustest"
)

const lampText = `<node><interface name="org.example.Lamp">
<method name="Turn"><arg name="on" type="b" direction="in"/><arg name="was" type="b" direction="out"/><annotation name="org.attune1.Action" value="org.example.turn"/></method>
<method name="Colours"><arg name="names" type="as" direction="in"/><arg name="more" type="a{sv}" direction="in"/><arg name="count" type="u" direction="out"/><annotation name="org.attune1.Action" value="none"/></method>
<method name="Break"><annotation name="org.attune1.Action" value="none"/></method>
<method name="Wait"><annotation name="org.attune1.Action" value="none"/></method>
<signal name="Flickered"><arg name="times" type="u"/></signal>
<property name="On" type="b" access="readwrite"><annotation name="org.attune1.Action" value="org.example.turn"/></property>
<property name="Power" type="d" access="read"/>
<property name="Hours" type="u" access="read"><annotation name="org.freedesktop.DBus.Property.EmitsChangedSignal" value="false"/></property>
<property name="Log" type="as" access="read"><annotation name="org.freedesktop.DBus.Property.EmitsChangedSignal" value="invalidates"/></property>
</interface></node>`

const (
	lampIface = "org.example.Lamp"
	root      = dbus.ObjectPath("/org/example")
	lampPath  = dbus.ObjectPath("/org/example/lamp/0")
)

// lamp is something to serve.
type lamp struct {
	object *Object
	wait   chan struct{}
	begun  chan struct{} // a call that waits has begun
	gone   chan error
	turns  atomic.Int32 // at work at once
	most   atomic.Int32
}

func (l *lamp) part(t testing.TB) Part {
	t.Helper()
	in, err := ParseInterface([]byte(lampText))
	if err != nil {
		t.Fatal(err)
	}
	return Part{Interface: in,
		Methods: map[string]any{
			"Turn": func(_ *Call, on bool) (bool, error) {
				n := l.turns.Add(1)
				defer l.turns.Add(-1)
				l.most.Store(max(l.most.Load(), n))
				time.Sleep(time.Millisecond)
				l.object.Set(lampIface, map[string]any{"On": on, "Power": 40.0})
				return !on, nil
			},
			"Colours": func(_ *Call, names []string, more map[string]dbus.Variant) (uint32, error) {
				return uint32(len(names) + len(more)), nil
			},
			"Break": func(*Call) error { panic("the bulb") },
			"Wait": func(c *Call) error {
				l.begun <- struct{}{}
				select {
				case <-l.wait:
					return nil
				case <-c.Done():
					l.gone <- context.Cause(c)
					return c.Err()
				}
			},
		},
		Setters:    map[string]any{"On": func(_ *Call, on bool) error { l.object.Set(lampIface, map[string]any{"On": on}); return nil }},
		Properties: map[string]any{"On": false, "Power": 0.0, "Hours": uint32(7), "Log": []string{}},
	}
}

// fakeAuthority says what it is told to.
type fakeAuthority struct {
	mu    sync.Mutex
	say   func(ctx context.Context, interactive bool) error
	asked []string
}

func (a *fakeAuthority) Check(ctx context.Context, who Subject, action string, details map[string]string, interactive bool) error {
	a.mu.Lock()
	a.asked = append(a.asked, fmt.Sprintf("%s %s %s", action, details["method"], details["object"]))
	say := a.say
	a.mu.Unlock()
	return say(ctx, interactive)
}

func (a *fakeAuthority) will(say func(ctx context.Context, interactive bool) error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.say = say
}

// took are the questions since it was last asked for them.
func (a *fakeAuthority) took() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	asked := a.asked
	a.asked = nil
	return asked
}

// logged is what the service has to say.
type logged struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// world is a bus with a lamp on it.
type world struct {
	address string
	server  *Server
	lamp    *lamp
	log     *logged
	name    string
}

func newWorld(t testing.TB, opt Options) *world {
	t.Helper()
	w := &world{address: bustest.Start(t), log: &logged{}, lamp: &lamp{wait: make(chan struct{}), begun: make(chan struct{}, 1000), gone: make(chan error, 100)}}
	opt.Root, opt.Log = root, w.log
	w.server = NewServer(opt)
	var err error
	if w.lamp.object, err = w.server.Add(lampPath, w.lamp.part(t)); err != nil {
		t.Fatal(err)
	}
	if err := w.server.Connect(context.Background(), w.address); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.server.Conn().Close() })
	w.name = "org.example.Lamps"
	if err := w.server.Own(w.name); err != nil {
		t.Fatal(err)
	}
	return w
}

func call(ctx context.Context, o dbus.BusObject, method string, flags dbus.Flags, args ...any) *dbus.Call {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	return o.CallWithContext(ctx, method, flags, args...)
}

// errorName is under which name an error came.
func errorName(err error) string {
	var e dbus.Error
	if errors.As(err, &e) {
		return e.Name
	}
	return fmt.Sprint(err)
}

func TestCalls(t *testing.T) {
	w := newWorld(t, Options{})
	o := bustest.Connect(t, w.address).Object(w.name, lampPath)
	var n uint32
	if err := call(t.Context(), o, lampIface+".Colours", 0, []string{"red", "blue"}, map[string]dbus.Variant{"x": dbus.MakeVariant(1)}).Store(&n); err != nil || n != 3 {
		t.Errorf("Colours: %d, %v", n, err)
	}
	if err := call(t.Context(), o, "Colours", 0, []string{"red"}, map[string]dbus.Variant{}).Store(&n); err != nil || n != 1 {
		t.Errorf("Colours without an interface: %d, %v", n, err)
	}
	for _, test := range []struct {
		name, method string
		args         []any
		want         string
	}{
		{"too few", lampIface + ".Turn", nil, ErrInvalidArgs},
		{"too many", lampIface + ".Turn", []any{true, true}, ErrInvalidArgs},
		{"a string for a bool", lampIface + ".Turn", []any{"on"}, ErrInvalidArgs},
		{"a number for strings", lampIface + ".Colours", []any{[]int32{1}, map[string]dbus.Variant{}}, ErrInvalidArgs},
		{"no such method", lampIface + ".Smash", nil, "org.freedesktop.DBus.Error.UnknownMethod"},
		{"no such interface", "org.example.Door.Open", nil, "org.freedesktop.DBus.Error.UnknownInterface"},
		{"no such property", propertiesIface + ".Get", []any{lampIface, "Weight"}, errUnknownProperty},
		{"a property of no interface", propertiesIface + ".Get", []any{"org.example.Door", "Weight"}, errUnknownInterface},
		{"a property that is only read", propertiesIface + ".Set", []any{lampIface, "Power", dbus.MakeVariant(1.0)}, errReadOnly},
		{"a property of another type", propertiesIface + ".Set", []any{lampIface, "On", dbus.MakeVariant("yes")}, ErrInvalidArgs},
	} {
		if got := errorName(call(t.Context(), o, test.method, 0, test.args...).Err); got != test.want {
			t.Errorf("%s: %s, want %s", test.name, got, test.want)
		}
	}
	if got := errorName(call(t.Context(), bustest.Connect(t, w.address).Object(w.name, "/org/example/door"), lampIface+".Turn", 0, true).Err); !strings.HasPrefix(got, "org.freedesktop.DBus.Error.") {
		t.Errorf("no such object: %s", got)
	}
}

// A mistake in a handler ends the call, not the service.
func TestMistake(t *testing.T) {
	w := newWorld(t, Options{})
	o := bustest.Connect(t, w.address).Object(w.name, lampPath)
	for range 3 {
		if got := errorName(call(t.Context(), o, lampIface+".Break", 0).Err); got != ErrMistake {
			t.Fatalf("a handler that panics: %s", got)
		}
	}
	var n uint32
	if err := call(t.Context(), o, lampIface+".Colours", 0, []string{"red"}, map[string]dbus.Variant{}).Store(&n); err != nil || n != 1 {
		t.Errorf("the next call: %d, %v", n, err)
	}
	if log := w.log.String(); !strings.Contains(log, "the bulb") || !strings.Contains(log, "bus_test.go") {
		t.Errorf("the log does not say where: %s", log)
	}
}

func TestIntrospect(t *testing.T) {
	w := newWorld(t, Options{})
	conn := bustest.Connect(t, w.address)
	for path, want := range map[dbus.ObjectPath][]string{
		"/":            {`<node name="org"/>`},
		"/org":         {`<node name="example"/>`},
		root:           {`<node name="lamp"/>`, managerIface},
		root + "/lamp": {`<node name="0"/>`},
		lampPath:       {`<interface name="org.example.Lamp">`, `<arg name="was" type="b" direction="out">`, `value="org.example.turn"`, propertiesIface},
	} {
		var text string
		if err := call(t.Context(), conn.Object(w.name, path), introspectIface+".Introspect", 0).Store(&text); err != nil {
			t.Errorf("%s: %v", path, err)
		}
		for _, s := range want {
			if !strings.Contains(text, s) {
				t.Errorf("%s: no %s in %s", path, s, text)
			}
		}
	}
}

// What changes at once is told in one signal, in the order in which it happened,
// and what does not change is not told.
func TestProperties(t *testing.T) {
	w := newWorld(t, Options{})
	conn := bustest.Connect(t, w.address)
	if err := conn.AddMatchSignal(dbus.WithMatchSender(w.name)); err != nil {
		t.Fatal(err)
	}
	heard := make(chan *dbus.Signal, 1000)
	conn.Signal(heard)
	o := conn.Object(w.name, lampPath)
	w.lamp.object.Set(lampIface, map[string]any{"On": true, "Power": 60.0, "Hours": uint32(8), "Log": []string{"x"}})
	w.lamp.object.Set(lampIface, map[string]any{"On": true})
	w.lamp.object.Set(lampIface, map[string]any{"Hours": uint32(9)})
	w.lamp.object.Signal(lampIface, "Flickered", uint32(3))
	sig := <-heard
	changed, _ := sig.Body[1].(map[string]dbus.Variant)
	if sig.Name != propertiesIface+".PropertiesChanged" || len(changed) != 2 || changed["On"].Value() != true || changed["Power"].Value() != 60.0 || !reflect.DeepEqual(sig.Body[2], []string{"Log"}) {
		t.Errorf("first signal: %v", sig)
	}
	if sig = <-heard; sig.Name != lampIface+".Flickered" || sig.Body[0] != uint32(3) {
		t.Errorf("second signal: %v", sig)
	}
	var all map[string]dbus.Variant
	if err := call(t.Context(), o, propertiesIface+".GetAll", 0, lampIface).Store(&all); err != nil || len(all) != 4 || all["Hours"].Value() != uint32(9) {
		t.Errorf("GetAll: %v, %v", all, err)
	}
	if err := call(t.Context(), o, propertiesIface+".Set", 0, lampIface, "On", dbus.MakeVariant(false)).Err; err != nil {
		t.Errorf("Set: %v", err)
	}
	if v, err := o.GetProperty(lampIface + ".On"); err != nil || v.Value() != false {
		t.Errorf("after Set: %v, %v", v, err)
	}
	for range 100 { // objects that come and go are told in their order
		if _, err := w.server.Add("/org/example/lamp/1", (&lamp{}).part(t)); err != nil {
			t.Fatal(err)
		}
		w.server.Remove("/org/example/lamp/1")
	}
	for i := 0; i < 200; {
		sig := <-heard
		if !strings.HasPrefix(sig.Name, managerIface) {
			continue
		}
		if want := []string{"InterfacesAdded", "InterfacesRemoved"}[i%2]; sig.Name != managerIface+"."+want || sig.Path != root {
			t.Fatalf("signal %d: %v, want %s", i, sig, want)
		}
		i++
	}
	var objects map[dbus.ObjectPath]map[string]map[string]dbus.Variant
	if err := call(t.Context(), conn.Object(w.name, root), managerIface+".GetManagedObjects", 0).Store(&objects); err != nil || len(objects) != 1 || len(objects[lampPath][lampIface]) != 4 {
		t.Errorf("GetManagedObjects: %v, %v", objects, err)
	}
}

// Two calls that change an object never do so at once.
func TestTurns(t *testing.T) {
	w := newWorld(t, Options{})
	var wait sync.WaitGroup
	for range 4 {
		o := bustest.Connect(t, w.address).Object(w.name, lampPath)
		for i := range 8 {
			wait.Go(func() {
				if err := call(t.Context(), o, lampIface+".Turn", 0, i%2 == 0).Err; err != nil {
					t.Error(err)
				}
			})
		}
	}
	wait.Wait()
	if most := w.lamp.most.Load(); most != 1 {
		t.Errorf("%d calls changed the lamp at once", most)
	}
}

// A caller that leaves takes what it wanted with it.
func TestCallerLeaves(t *testing.T) {
	w := newWorld(t, Options{})
	conn := bustest.Connect(t, w.address)
	conn.Object(w.name, lampPath).Go(lampIface+".Wait", 0, nil)
	<-w.lamp.begun
	conn.Close()
	select {
	case <-w.lamp.gone:
	case <-time.After(10 * time.Second):
		t.Fatal("the handler does not hear that its caller has left")
	}
	for end := time.Now().Add(10 * time.Second); len(w.server.peers.names()) > 0; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("still known: %v", w.server.peers.names())
		}
	}
}

// One that calls without end is told so, and others are served meanwhile.
func TestFlood(t *testing.T) {
	w := newWorld(t, Options{})
	bad := bustest.Connect(t, w.address).Object(w.name, lampPath)
	good := bustest.Connect(t, w.address).Object(w.name, lampPath)
	before := runtime.NumGoroutine()
	const calls = 10000
	done := make(chan *dbus.Call, calls)
	go func() {
		for range calls {
			bad.Go(lampIface+".Wait", 0, done)
		}
	}()
	quickest := quickestOf(t, good)
	for range calls - defaultLimits.Sender {
		if got := errorName((<-done).Err); got != ErrLimitsExceeded {
			t.Fatalf("one call too many: %s", got)
		}
	}
	if quickest = min(quickest, quickestOf(t, good)); quickest > 100*time.Millisecond {
		t.Errorf("another caller waited %v at the least", quickest)
	}
	close(w.lamp.wait)
	for range defaultLimits.Sender {
		if err := (<-done).Err; err != nil {
			t.Error(err)
		}
	}
	for end := time.Now().Add(10 * time.Second); runtime.NumGoroutine() > before+10; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%d goroutines, %d before", runtime.NumGoroutine(), before)
		}
	}
}

// quickestOf is the shortest of some calls: what else the machine does is not the
// service's.
func quickestOf(t *testing.T, o dbus.BusObject) time.Duration {
	t.Helper()
	quickest := time.Hour
	for range 11 {
		begin := time.Now()
		if err := call(t.Context(), o, lampIface+".Colours", 0, []string{"red"}, map[string]dbus.Variant{}).Err; err != nil {
			t.Fatal(err)
		}
		quickest = min(quickest, time.Since(begin))
	}
	return quickest
}

// Idle is when nobody wants anything, and all who did have gone.
func TestIdle(t *testing.T) {
	w := newWorld(t, Options{})
	conn := bustest.Connect(t, w.address)
	done := make(chan *dbus.Call, 1)
	conn.Object(w.name, lampPath).Go(lampIface+".Wait", 0, done)
	<-w.lamp.begun
	const long = 100 * time.Millisecond
	idle := w.server.Idle(long, nil)
	notIdle := func(why string) {
		t.Helper()
		select {
		case <-idle:
			t.Fatalf("idle while %s", why)
		case <-time.After(3 * long):
		}
	}
	notIdle("a call is under way")
	close(w.lamp.wait)
	<-done
	notIdle("a caller is there, who may listen")
	other := bustest.Connect(t, w.address)
	if err := call(t.Context(), other.Object(w.name, lampPath), lampIface+".Turn", 0, true).Err; err != nil {
		t.Fatal(err)
	}
	conn.Close()
	notIdle("one of two callers is there")
	left := time.Now()
	other.Close()
	select {
	case <-idle:
		if waited := time.Since(left); waited < long {
			t.Errorf("idle %v after the last caller left", waited)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("never idle")
	}
}

// One caller too many is forgotten, and keeps the service no longer than its call
// takes.
func TestIdleBound(t *testing.T) {
	w := newWorld(t, Options{})
	var conns []*dbus.Conn
	for range maxIdlePeers + 1 {
		conn := bustest.Connect(t, w.address)
		if err := call(t.Context(), conn.Object(w.name, lampPath), lampIface+".Turn", 0, true).Err; err != nil {
			t.Fatal(err)
		}
		conns = append(conns, conn)
	}
	for _, conn := range conns[:maxIdlePeers] {
		conn.Close()
	}
	select {
	case <-w.server.Idle(time.Millisecond, nil):
	case <-time.After(10 * time.Second):
		t.Fatalf("never idle: known are %v", w.server.peers.names())
	}
}

// Callers that come and go are forgotten.
func TestManyCallers(t *testing.T) {
	w := newWorld(t, Options{})
	for range 2 * maxIdlePeers {
		conn := bustest.Connect(t, w.address)
		if err := call(t.Context(), conn.Object(w.name, lampPath), lampIface+".Turn", 0, true).Err; err != nil {
			t.Fatal(err)
		}
	}
	if n := len(w.server.peers.names()); n == 0 || n > maxIdlePeers+1 {
		t.Errorf("%d callers are known that are still there", n)
	}
	for range 2 * maxIdlePeers {
		conn := bustest.Connect(t, w.address)
		if err := call(t.Context(), conn.Object(w.name, lampPath), lampIface+".Turn", 0, true).Err; err != nil {
			t.Fatal(err)
		}
		conn.Close()
	}
	if n := len(w.server.peers.names()); n > maxIdlePeers+1 {
		t.Errorf("%d callers are known, most of them gone", n)
	}
}

// Callers that ask for all objects at once are given one answer, a true one.
func TestManagedIsShared(t *testing.T) {
	w := newWorld(t, Options{})
	at := func(path dbus.ObjectPath) *Object {
		w.server.mu.Lock()
		defer w.server.mu.Unlock()
		return w.server.objects[path]
	}
	ask := func() *managed {
		t.Helper()
		all, err := at(root).managed(nil)
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	first := ask()
	if ask() != first {
		t.Error("two answers where nothing has changed")
	}
	at(lampPath).Set(lampIface, map[string]any{"Power": 7.5})
	second := ask()
	if second == first || (*second)[lampPath][lampIface]["Power"].Value() != 7.5 {
		t.Errorf("after a change: %v", *second)
	}
	w.server.Remove(lampPath)
	if third := ask(); len(*third) != len(*second)-1 {
		t.Errorf("after an object went: %v", *third)
	}
	runtime.KeepAlive(first)
	runtime.KeepAlive(second)
}
