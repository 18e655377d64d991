package native

import (
	"encoding/json"
	"net/netip"
	"os"
	"strings"
	"testing"
	"time"

	"attune/internal/nettest"
	"attune/netcfg"
	"attune/netcfg/boottime"
	"attune/netcfg/kernel"
	"attune/netcfg/netcfgtest"
)

// manage has a real Manager do what is asked for, with the bed's engine as the only one.
func (b *bed) manage(w *netcfgtest.World, root kernel.Root) (m *netcfg.Manager, stop func()) {
	b.t.Helper()
	reader, err := kernel.Open()
	if err != nil {
		b.t.Fatal(err)
	}
	o := w.Options()
	o.Kernel, o.Find, o.Spare = kernel.System{Reader: reader, Root: os.DirFS("/")}, netcfgtest.NewFinder(), b.Engine
	o.Clock, o.Root = boottime.Clock{}, func() kernel.Root { return root }
	m, end := netcfgtest.Start(o)
	stop = func() { end(); reader.Close() }
	b.t.Cleanup(stop)
	return m, stop
}

var user = netcfg.Owner{Name: ":1.7", UID: 1000}

// done waits for a job.
func (b *bed) done(j *netcfg.Job, err error) error {
	b.t.Helper()
	if err != nil {
		return err
	}
	select {
	case <-j.Done():
	case <-time.After(time.Minute):
		b.t.Fatal("the job does not end")
	}
	return j.Err()
}

// A Manager does with the kernel alone what a person asks for: addresses, servers for
// names, routes, MTU; unplugged and plugged in again; its own process ended and started;
// undone when nobody confirms it; forgotten.
func TestManager(t *testing.T) {
	b := newBed(t)
	world := netcfgtest.NewWorld()
	m, stop := b.manage(world, kernel.Root{Local: true})
	va := b.link("va").Index
	if m.Engine() != "kernel" {
		t.Errorf("the engine is %q", m.Engine())
	}
	dhcp := static()
	dhcp.IPv4, dhcp.IPv6, dhcp.Routes = netcfg.IP{}, netcfg.IP{}, nil
	err := b.done(m.Configure(va, dhcp, user))
	if code(t, err, netcfg.Unsupported); err != nil && !strings.Contains(err.Error(), "DHCP") {
		t.Errorf("DHCP: %v", err)
	}
	p := static()
	p.ID = ""
	b.via = "10.9.0.9" // a Manager has gateways be in networks of the link's own
	p.Routes[0].Via = netip.MustParseAddr(b.via)
	if err := b.done(m.Configure(va, p, user)); err != nil {
		t.Fatal(err)
	}
	b.isStatic()
	link := func(ok func(netcfg.Link) bool) {
		t.Helper()
		var l netcfg.Link
		for range 100 {
			if l, err = m.Link(b.link("va").Index); err == nil && ok(l) {
				return
			}
			time.Sleep(50 * time.Millisecond)
		}
		t.Errorf("%+v, %v", l, err)
	}
	link(func(l netcfg.Link) bool {
		return l.Engine == "kernel" && l.State == netcfg.StateConnected && l.Profile != "" && len(l.DNS) == 2
	})
	b.other.IP("link set vb down")
	link(func(l netcfg.Link) bool { return l.State == netcfg.StateNoCarrier })
	b.other.IP("link set vb up")
	b.isStatic()

	tr, err := m.Begin([]int{va}, 2*time.Second, user)
	if err != nil {
		t.Fatal(err)
	}
	other := netcfg.Profile{Kind: netcfg.Wired, IPv4: netcfg.IP{Method: netcfg.Static, Addresses: prefixes("10.20.0.2/24")}, IPv6: netcfg.IP{Method: netcfg.Off}}
	if err := b.done(m.Configure(va, other, user)); err != nil {
		t.Fatal(err)
	}
	b.has("addr show dev va", "10.20.0.2/24", "!10.9.0.2/24")
	for range 100 {
		if tr.State() == "rolled-back" {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	code(t, tr.Confirm(), netcfg.RolledBack)
	b.isStatic()

	stop()
	b.Close()
	nettest.IP(t, "link set va down")
	nettest.IP(t, "link set va up")
	b.open()
	m, _ = b.manage(world, kernel.Root{Local: true})
	b.isStatic()
	link(func(l netcfg.Link) bool { return l.State == netcfg.StateConnected && l.Profile != "" })
	if err := b.done(m.Forget(va, user)); err != nil {
		t.Fatal(err)
	}
	b.isFree()
}

// What is asked of the link that the root file system comes by is refused, and the
// engine never hears of it.
func TestManagerProtects(t *testing.T) {
	b := newBed(t)
	b.boot()
	root := kernel.Root{Remote: true, Clues: []kernel.Clue{{Server: netip.MustParseAddr("10.9.0.1"), Why: "nfs on /"}}}
	m, _ := b.manage(netcfgtest.NewWorld(), root)
	va := b.link("va").Index
	for name, ask := range map[string]func() error{
		"configure":  func() error { return b.done(m.Configure(va, static(), user)) },
		"disconnect": func() error { return b.done(m.Disconnect(va, netcfg.Owner{Name: ":1.1"})) },
		"forget":     func() error { return b.done(m.Forget(va, user)) },
	} {
		if err := ask(); codeOf(err) != netcfg.Protected {
			t.Errorf("%s: %v", name, err)
		}
	}
	b.isAsBooted()
	b.isFreeOfFiles()
}

// A snapshot is the same when it has been through a file.
func TestSnapshotJSON(t *testing.T) {
	b := newBed(t)
	b.boot()
	s, err := b.Snapshot(t.Context(), b.link("va"))
	if err != nil {
		t.Fatal(err)
	}
	var read snapshot
	if err := json.Unmarshal(s, &read); err != nil {
		t.Fatal(err)
	}
	again, err := json.Marshal(read)
	if err != nil || string(again) != string(s) {
		t.Errorf("%s\n%s\n%v", s, again, err)
	}
}
