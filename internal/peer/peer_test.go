package peer

import (
	"context"
	"errors"
	"fmt"
	"net"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"attune/internal/bus/bustest"
)

const (
	doorName  = "org.example.Doors"
	doorIface = "org.example.Door"
	doorPath  = dbus.ObjectPath("/org/example/door/0")
)

// door is another service.
type door struct{ hang chan struct{} }

func (d *door) Open(wide bool) (bool, *dbus.Error) { return !wide, nil }
func (d *door) Wait() *dbus.Error                  { <-d.hang; return nil }
func (d *door) Lock() *dbus.Error                  { return dbus.NewError("org.example.NoKey", []any{"no key"}) }

func (d *door) Asked(msg dbus.Message) (bool, *dbus.Error) {
	return msg.Flags&dbus.FlagAllowInteractiveAuthorization != 0, nil
}

func newDoor(t *testing.T, address string) *dbus.Conn {
	t.Helper()
	conn := bustest.Connect(t, address)
	d := &door{make(chan struct{})}
	t.Cleanup(func() { close(d.hang) })
	if err := conn.Export(d, doorPath, doorIface); err != nil {
		t.Fatal(err)
	}
	own(t, conn)
	return conn
}

func own(t *testing.T, conn *dbus.Conn) {
	t.Helper()
	if reply, err := conn.RequestName(doorName, dbus.NameFlagDoNotQueue); err != nil || reply != dbus.RequestNameReplyPrimaryOwner {
		t.Fatal(reply, err)
	}
}

func disown(t *testing.T, conn *dbus.Conn) {
	t.Helper()
	if _, err := conn.ReleaseName(doorName); err != nil {
		t.Fatal(err)
	}
}

func connect(t *testing.T, address string) *dbus.Conn {
	t.Helper()
	conn, err := Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn
}

// next is what comes next.
func next[T any](t *testing.T, c <-chan T) (v T) {
	t.Helper()
	select {
	case v = <-c:
	case <-time.After(10 * time.Second):
		t.Fatal("nothing came")
	}
	return v
}

// A peer that hangs is told as that, and one that says no in its own words.
func TestPeer(t *testing.T) {
	address := bustest.Start(t)
	newDoor(t, address)
	p := Peer{Conn: connect(t, address), Name: doorName, Path: doorPath, Deadline: 2 * time.Second}
	var shut bool
	if err := p.Call(t.Context(), doorIface, "Open", []any{&shut}, true); err != nil || shut {
		t.Errorf("Open: %v, %v", shut, err)
	}
	if err := p.Call(t.Context(), doorIface, "Wait", nil); !errors.Is(err, ErrNoAnswer) || !strings.Contains(err.Error(), "Wait of org.example.Doors: no answer in 2s") {
		t.Errorf("one that hangs: %v", err)
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errors.New("changed my mind"))
	if err := p.Call(ctx, doorIface, "Wait", nil); errors.Is(err, ErrNoAnswer) || !strings.Contains(fmt.Sprint(err), "changed my mind") {
		t.Errorf("a call that is given up: %v", err)
	}
	var no dbus.Error
	if err := p.Call(t.Context(), doorIface, "Lock", nil); !errors.As(err, &no) || no.Name != "org.example.NoKey" {
		t.Errorf("one that says no: %v", err)
	}
	if err := p.Call(t.Context(), doorIface, "Open", []any{new(string)}, true); err == nil {
		t.Error("a bool is no string")
	}
	for _, interactive := range []bool{false, true} {
		var asked bool
		p.Interactive = interactive
		if err := p.Call(t.Context(), doorIface, "Asked", []any{&asked}); err != nil || asked != interactive {
			t.Errorf("a person may be asked: sent %v, came %v (%v)", interactive, asked, err)
		}
	}
}

func TestConnect(t *testing.T) {
	if _, err := Connect(t.Context(), "unix:path="+filepath.Join(t.TempDir(), "none")); err == nil {
		t.Error("joined a bus that is not there")
	}
	// A bus that takes the connection and says nothing.
	dir := t.TempDir()
	l, err := net.Listen("unix", filepath.Join(dir, "s"))
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	begin := time.Now()
	if _, err := Connect(ctx, "unix:path="+l.Addr().String()); err == nil || time.Since(begin) > 10*time.Second {
		t.Errorf("a bus that hangs: %v after %v", err, time.Since(begin))
	}
}

// Who has a name is told at once, and each change in its order.
func TestWatch(t *testing.T) {
	address := bustest.Start(t)
	a, b, us := bustest.Connect(t, address), bustest.Connect(t, address), connect(t, address)
	owners := make(chan string, 1000)
	cancel, err := Watch(us, doorName, func(owner string) { owners <- owner })
	if err != nil {
		t.Fatal(err)
	}
	if len(owners) != 1 || <-owners != "" {
		t.Fatal("the first word, before Watch returns, is that nobody has it")
	}
	if has, err := Has(t.Context(), us, doorName); err != nil || has {
		t.Errorf("Has: %v, %v", has, err)
	}
	var want []string
	for i := range 100 {
		conn := []*dbus.Conn{a, b}[i%2]
		own(t, conn)
		disown(t, conn)
		want = append(want, conn.Names()[0], "")
	}
	for i, w := range want {
		if got := next(t, owners); got != w {
			t.Fatalf("change %d: %q, want %q", i, got, w)
		}
	}
	own(t, a)
	if has, err := Has(t.Context(), us, doorName); err != nil || !has {
		t.Errorf("Has: %v, %v", has, err)
	}
	if got := next(t, owners); got != a.Names()[0] {
		t.Errorf("owner %q", got)
	}
	// One that comes later hears who has it, and the same changes.
	late := make(chan string, 10)
	cancelLate, err := Watch(us, doorName, func(owner string) { late <- owner })
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	cancel()
	a.Close()
	if got := []string{next(t, late), next(t, late)}; !slices.Equal(got, want[:2]) {
		t.Errorf("the second watcher heard %q, want %q", got, want[:2])
	}
	cancelLate()
	if len(owners) > 0 {
		t.Error("told after it was cancelled")
	}
	us.Close()
	if _, err := Watch(us, doorName, func(string) { t.Error("told without a bus") }); err == nil {
		t.Error("watching without a bus")
	}
}

// A change that happened before the bus said who has the name says nothing new.
func TestWatchOverlap(t *testing.T) {
	address := bustest.Start(t)
	a, us := bustest.Connect(t, address), connect(t, address)
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for {
			select {
			case <-stop:
				return
			default:
			}
			_, _ = a.RequestName(doorName, dbus.NameFlagDoNotQueue)
			_, _ = a.ReleaseName(doorName)
		}
	}()
	for range 50 {
		owners := make(chan string, 100000)
		cancel, err := Watch(us, doorName, func(owner string) { owners <- owner })
		if err != nil {
			t.Fatal(err)
		}
		last := next(t, owners)
		for range 20 {
			got := next(t, owners)
			if got == last {
				t.Fatalf("%q twice in a row", got)
			}
			last = got
		}
		cancel()
	}
	close(stop)
	<-stopped
}

func emit(t *testing.T, conn *dbus.Conn, path dbus.ObjectPath, name string, args ...any) {
	t.Helper()
	if err := conn.Emit(path, name, args...); err != nil {
		t.Fatal(err)
	}
}

// pretend sends a signal to one connection alone, as anybody can.
func pretend(t *testing.T, conn *dbus.Conn, to string, path dbus.ObjectPath, iface, member string, args ...any) {
	t.Helper()
	call := conn.Send(&dbus.Message{Type: dbus.TypeSignal, Body: args, Headers: map[dbus.HeaderField]dbus.Variant{
		dbus.FieldDestination: dbus.MakeVariant(to),
		dbus.FieldPath:        dbus.MakeVariant(path),
		dbus.FieldInterface:   dbus.MakeVariant(iface),
		dbus.FieldMember:      dbus.MakeVariant(member),
		dbus.FieldSignature:   dbus.MakeVariant(dbus.SignatureOf(args...)),
	}}, nil)
	if call.Err != nil {
		t.Fatal(call.Err)
	}
}

// Only what was asked for comes, and only from who has the name.
func TestSubscribe(t *testing.T) {
	address := bustest.Start(t)
	door, other, us := newDoor(t, address), bustest.Connect(t, address), connect(t, address)
	heard := make(chan string, 1000)
	subscribe := func(m Match) (cancel func()) {
		t.Helper()
		cancel, err := Subscribe(us, m, func(sig *dbus.Signal) { heard <- fmt.Sprint(sig.Path, sig.Body) })
		if err != nil {
			t.Fatal(err)
		}
		return cancel
	}
	if _, err := Subscribe(us, Match{Path: doorPath}, nil); err == nil {
		t.Error("signals of anybody")
	}
	cancel := subscribe(Match{Sender: doorName, Below: "/org/example/door", Interface: doorIface})
	whole := subscribe(Match{Sender: doorName, Path: "/org/example/gate", Member: "Moved"})
	for i := range 3 {
		emit(t, door, doorPath, doorIface+".Moved", i)
		emit(t, door, "/org/example/door", doorIface+".Stopped", i)
		emit(t, door, "/org/example/doorbell", doorIface+".Moved", i)
		emit(t, door, doorPath, "org.example.Lamp.Moved", i)
		emit(t, other, doorPath, doorIface+".Moved", i)
		pretend(t, other, us.Names()[0], doorPath, doorIface, "Moved", i)
		pretend(t, other, us.Names()[0], "/org/freedesktop/DBus", BusName, "NameOwnerChanged", doorName, "", other.Names()[0])
	}
	for i := range 3 {
		for _, path := range []dbus.ObjectPath{doorPath, "/org/example/door"} {
			if got, want := next(t, heard), fmt.Sprint(path, []any{int32(i)}); got != want {
				t.Fatalf("heard %s, want %s", got, want)
			}
		}
	}
	// Who has the name later is heard, and who had it is not.
	disown(t, door)
	own(t, other)
	emit(t, door, doorPath, doorIface+".Moved", 10)
	if err := Bus(door).Call(t.Context(), BusName, "GetId", nil); err != nil { // what was sent before has been passed on
		t.Fatal(err)
	}
	emit(t, other, doorPath, doorIface+".Moved", 11)
	if got, want := next(t, heard), fmt.Sprint(doorPath, []any{int32(11)}); got != want {
		t.Errorf("heard %s, want %s", got, want)
	}
	cancel()
	emit(t, other, doorPath, doorIface+".Moved", 12)
	emit(t, other, "/org/example/gate", doorIface+".Moved", 13)
	if got, want := next(t, heard), fmt.Sprint("/org/example/gate", []any{int32(13)}); got != want {
		t.Errorf("heard %s, want %s", got, want)
	}
	whole()
}

// A subscriber that takes long holds nobody up, and misses nothing.
func TestSlowSubscriber(t *testing.T) {
	address := bustest.Start(t)
	door, us := newDoor(t, address), connect(t, address)
	const many = 5000
	begun, on, slow := make(chan struct{}, 1), make(chan struct{}), make(chan int32, many)
	m := Match{Sender: doorName, Interface: doorIface}
	if _, err := Subscribe(us, m, func(sig *dbus.Signal) {
		select {
		case begun <- struct{}{}:
		default:
		}
		<-on
		slow <- sig.Body[0].(int32)
	}); err != nil {
		t.Fatal(err)
	}
	quick := make(chan int32, many)
	if _, err := Subscribe(us, m, func(sig *dbus.Signal) { quick <- sig.Body[0].(int32) }); err != nil {
		t.Fatal(err)
	}
	for i := range many {
		emit(t, door, doorPath, doorIface+".Moved", int32(i))
	}
	next(t, begun)
	for i := range int32(many) {
		if got := next(t, quick); got != i {
			t.Fatalf("the quick one heard %d, want %d", got, i)
		}
	}
	if err := (Peer{Conn: us, Name: doorName, Path: doorPath}).Call(t.Context(), doorIface, "Open", nil, true); err != nil {
		t.Errorf("a call meanwhile: %v", err)
	}
	close(on)
	for i := range int32(many) {
		if got := next(t, slow); got != i {
			t.Fatalf("the slow one heard %d, want %d", got, i)
		}
	}
}
