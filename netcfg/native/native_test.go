package native

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"attune/internal/nettest"
	"attune/netcfg"
	"attune/netcfg/kernel"
)

// isStatic looks whether va is as static() says.
func (b *bed) isStatic() {
	b.t.Helper()
	b.has("addr show dev va", "10.9.0.2/24", "10.9.0.3/24", "fd09::2/64", "mtu 1400", "!tentative")
	index := fmt.Sprint(100 + b.link("va").Index)
	b.has("route show dev va", "default via 10.9.0.1 proto 97 metric "+index, "10.7.0.0/16 proto 97 scope link metric "+index, "10.8.0.0/16 via "+b.via+" proto 97 metric 7")
	b.has("-6 route show dev va", "default via fd09::1 proto 97 metric "+index, "fd08::/32 via fd09::9 proto 97 metric "+index)
}

// isFree looks whether nothing of ours is left.
func (b *bed) isFree() {
	b.t.Helper()
	b.has("addr show dev va", "!10.9.0.2/24", "!10.9.0.3/24", "!fd09::2/64", "mtu 1500")
	b.has("route show table all dev va", "!97")
	b.has("-6 route show table all dev va", "!97")
	for _, name := range []string{resolvFile, recordsFile} {
		if text, err := b.files.Read(name); err == nil {
			b.t.Errorf("%s is left: %s", name, text)
		}
	}
}

// All of a profile is made, stays over unplugging, over being set down and up, over the
// adapter's being pulled out and the daemon's end; and goes.
func TestScenario(t *testing.T) {
	b := newBed(t)
	if m := b.managed(); !m.Settable || m.State != netcfg.StateDown || m.Profile != "" {
		t.Errorf("before: %+v", m)
	}
	b.watch()
	var stages []netcfg.Stage
	if err := b.Up(t.Context(), b.link("va"), static(), netcfg.Guard{}, func(s netcfg.Stage) { stages = append(stages, s) }); err != nil {
		t.Fatal(err)
	}
	if want := []netcfg.Stage{netcfg.StagePrepare, netcfg.StageCarrier, netcfg.StageAddress, netcfg.StageVerify, netcfg.StageDone}; fmt.Sprint(stages) != fmt.Sprint(want) {
		t.Errorf("stages: %v", stages)
	}
	b.isStatic()
	if m := b.managed(); m.State != netcfg.StateConnected || m.Profile != "desk" || !m.Metered || m.DHCP || len(m.DNS) != 2 || m.Foreign != "" {
		t.Errorf("up: %+v", m)
	}
	resolv := func(want string) {
		t.Helper()
		var text []byte
		for range 60 {
			if text, _ = b.files.Read(resolvFile); strings.TrimPrefix(string(text), resolvHead) == want {
				return
			}
			time.Sleep(50 * time.Millisecond)
		}
		t.Errorf("resolv.conf: %q, want %q", text, want)
	}
	const servers = "nameserver 10.9.0.53\nnameserver fd09::53\nsearch lan.example\n"
	resolv(servers)

	b.other.IP("link set vb down") // unplugged
	b.has("link show dev va", "<NO-CARRIER,BROADCAST,MULTICAST,UP>")
	resolv("")
	if m := b.managed(); m.State != netcfg.StateNoCarrier || m.Profile != "desk" {
		t.Errorf("unplugged: %+v", m)
	}
	b.other.IP("link set vb up")
	b.isStatic()
	resolv(servers)

	nettest.IP(t, "link set va down") // the kernel drops IPv6 and all routes
	nettest.IP(t, "link set va up")
	b.isStatic()

	nettest.IP(t, "link del va")
	resolv("")
	b.plugIn()
	b.isStatic()
	resolv(servers)

	b.stop() // the daemon ends; meanwhile something is dropped
	b.Close()
	nettest.IP(t, "addr del 10.9.0.2/24 dev va")
	nettest.IP(t, "addr flush dev va scope global")
	b.open()
	if m := b.managed(); m.Profile != "desk" {
		t.Errorf("after a new start: %+v", m)
	}
	b.watch()
	b.isStatic()

	if err := b.Forget(t.Context(), b.link("va")); err != nil {
		t.Error(err)
	}
	b.isFree()
	if err := b.Forget(t.Context(), b.link("va")); err != nil {
		t.Errorf("again: %v", err)
	}
}

// What cannot be done is refused before anything is touched, in a sentence.
func TestRefused(t *testing.T) {
	b := newBed(t)
	before := nettest.IP(t, "addr show dev va")
	for name, row := range map[string]struct {
		change func(*netcfg.Profile)
		code   netcfg.Code
		says   string
	}{
		"DHCP":       {func(p *netcfg.Profile) { p.IPv4 = netcfg.IP{} }, netcfg.Unsupported, "DHCP"},
		"802.1X":     {func(p *netcfg.Profile) { p.Dot1X = &netcfg.Dot1X{Password: "secret"} }, netcfg.Unsupported, "802.1X"},
		"a radio":    {func(p *netcfg.Profile) { p.Kind = "wifi" }, netcfg.Unsupported, "wifi"},
		"nothing":    {func(p *netcfg.Profile) { p.IPv4.Method, p.IPv6.Method = netcfg.Off, netcfg.Off }, netcfg.Invalid, "neither"},
		"no address": {func(p *netcfg.Profile) { p.IPv6.Addresses = nil }, netcfg.Invalid, "IPv6"},
	} {
		p := static()
		row.change(&p)
		err := b.up(p)
		code(t, err, row.code)
		if err != nil && (!strings.Contains(err.Error(), row.says) || strings.Contains(err.Error(), "secret")) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if after := nettest.IP(t, "addr show dev va"); after != before {
		t.Errorf("before:\n%safter:\n%s", before, after)
	}
	b.isFree()
	gone := b.link("va")
	nettest.IP(t, "link del va")
	code(t, b.Up(t.Context(), gone, static(), netcfg.Guard{}, func(netcfg.Stage) {}), netcfg.NotFound)
	code(t, b.Down(t.Context(), gone), netcfg.NotFound)
	code(t, b.Forget(t.Context(), gone), netcfg.NotFound)
}

// A gateway that no network of the link leads to, and an MTU that the link cannot
// have, are the profile's faults.
func TestImpossible(t *testing.T) {
	b := newBed(t)
	p := static()
	p.IPv4.Gateway = netip.MustParseAddr("10.200.0.1")
	code(t, b.up(p), netcfg.Invalid)
	p = static()
	p.MTU = 70_000
	code(t, b.up(p), netcfg.Invalid)
	if m := b.managed(); m.State != netcfg.StateFailed {
		t.Errorf("%+v", m)
	}
	if err := b.up(static()); err != nil {
		t.Error(err)
	}
	b.isStatic()
}

// boot sets va up as the kernel's ip= and an initramfs do.
func (b *bed) boot() {
	for _, args := range []string{
		"link set va mtu 1450 up", "addr add 10.9.0.77/24 brd + dev va label va:boot", "addr add 10.9.0.78/24 dev va valid_lft 3000 preferred_lft 2000",
		"addr add 10.66.0.1 peer 10.66.0.2/30 dev va", "addr add fd09::77/64 dev va nodad",
		"route add 10.55.0.0/16 dev va proto boot", "route add default via 10.9.0.1 dev va proto boot", "route add 10.44.0.0/16 via 10.55.0.1 dev va src 10.9.0.77",
		"-6 route add fd55::/32 via fd09::1 dev va src fd09::77",
	} {
		nettest.IP(b.t, args)
	}
}

func (b *bed) isAsBooted() {
	b.t.Helper()
	b.has("addr show dev va", "mtu 1450", "10.9.0.77/24 brd 10.9.0.255 scope global va:boot", "10.9.0.78/24 scope global secondary dynamic", "10.66.0.1 peer 10.66.0.2/30", "fd09::77/64", "!10.9.0.2/24", "!fd09::2/64")
	b.has("route show dev va", "default via 10.9.0.1", "10.55.0.0/16 scope link", "10.44.0.0/16 via 10.55.0.1 src 10.9.0.77", "!97")
	b.has("-6 route show dev va", "fd55::/32 via fd09::1 src fd09::77", "!97")
}

// What the machine was started with goes for a profile, and comes back with Forget
// and with Restore.
func TestBootAndBack(t *testing.T) {
	b := newBed(t)
	b.boot()
	b.isAsBooted()
	if m := b.managed(); m.Foreign == "" || m.State != netcfg.StateConnected {
		t.Errorf("booted: %+v", m)
	}
	back, err := b.Snapshot(t.Context(), b.link("va"))
	if err != nil {
		t.Fatal(err)
	}
	for name, undo := range map[string]func() error{
		"forgotten": func() error { return b.Forget(t.Context(), b.link("va")) },
		"restored":  func() error { return b.Restore(t.Context(), b.link("va"), back) },
	} {
		t.Run(name, func(t *testing.T) {
			for _, change := range []func() error{
				func() error { return b.up(static()) },
				func() error { return b.Down(t.Context(), b.link("va")) },
				func() error {
					p := static()
					p.IPv4, p.Routes = netcfg.IP{Method: netcfg.Off}, nil
					return b.up(p)
				},
			} {
				if err := change(); err != nil {
					t.Fatal(err)
				}
				b.has("addr show dev va", "!10.9.0.77/24", "!10.9.0.78/24", "!peer", "!fd09::77/64")
				b.has("route show dev va", "!10.44.0.0/16", "!boot")
			}
			if err := undo(); err != nil {
				t.Fatal(err)
			}
			b.isAsBooted()
			b.isFreeOfFiles()
		})
	}
}

func (b *bed) isFreeOfFiles() {
	b.t.Helper()
	if _, err := b.files.Read(recordsFile); err == nil {
		b.t.Error("a record is left")
	}
}

// Restore puts back what was asked for before, and takes away only ours.
func TestRestore(t *testing.T) {
	b := newBed(t)
	if err := b.up(static()); err != nil {
		t.Fatal(err)
	}
	back, err := b.Snapshot(t.Context(), b.link("va"))
	if err != nil {
		t.Fatal(err)
	}
	other := netcfg.Profile{ID: "other", Kind: netcfg.Wired, IPv4: netcfg.IP{Method: netcfg.Static, Addresses: prefixes("10.20.0.2/24"), Gateway: netip.MustParseAddr("10.20.0.1")}, IPv6: netcfg.IP{Method: netcfg.Off}}
	if err := b.up(other); err != nil {
		t.Fatal(err)
	}
	b.has("addr show dev va", "10.20.0.2/24", "mtu 1500", "!10.9.0.2/24", "!inet6")
	nettest.IP(t, "addr add 10.30.0.1/24 dev va") // somebody else's
	nettest.IP(t, "route add 10.31.0.0/16 dev va")
	if err := b.Restore(t.Context(), b.link("va"), back); err != nil {
		t.Fatal(err)
	}
	b.isStatic()
	b.has("addr show dev va", "!10.20.0.2/24", "10.30.0.1/24")
	b.has("route show dev va", "10.31.0.0/16")
	if m := b.managed(); m.Profile != "desk" {
		t.Errorf("%+v", m)
	}
	if err := b.Restore(t.Context(), b.link("va"), []byte(`{"facts":`)); err == nil {
		t.Error("half a snapshot was taken")
	}
	if err := b.Forget(t.Context(), b.link("va")); err != nil {
		t.Error(err)
	}
	b.has("addr show dev va", "10.30.0.1/24")
	nettest.IP(t, "addr del 10.30.0.1/24 dev va")
	b.isFree()
}

// Down is for good: no cable that is plugged in changes it.
func TestDown(t *testing.T) {
	b := newBed(t)
	b.watch()
	if err := b.up(static()); err != nil {
		t.Fatal(err)
	}
	if err := b.Down(t.Context(), b.link("va")); err != nil {
		t.Fatal(err)
	}
	b.other.IP("link set vb down")
	b.other.IP("link set vb up")
	nettest.IP(t, "link del va")
	b.plugIn()
	time.Sleep(300 * time.Millisecond) // there is nothing that would tell
	b.has("addr show dev va", "DOWN", "!10.9.0.2/24", "!fd09::2/64")
	if m := b.managed(); m.State != netcfg.StateDown || m.Profile != "" {
		t.Errorf("%+v", m)
	}
	if err := b.up(static()); err != nil {
		t.Fatal(err)
	}
	b.isStatic()
}

// Without a cable it is an error, and yet all is so as soon as there is one.
func TestNoCable(t *testing.T) {
	b := newBed(t)
	b.watch()
	b.other.IP("link set vb down")
	code(t, b.up(static()), netcfg.NoCarrier)
	if m := b.managed(); m.State != netcfg.StateNoCarrier || m.Profile != "desk" {
		t.Errorf("%+v", m)
	}
	b.other.IP("link set vb up")
	b.isStatic()
	for range 60 {
		if b.managed().State == netcfg.StateConnected {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Errorf("plugged in: %+v", b.managed())
}

// An address that another machine has is not taken; when that machine has gone and the
// cable is plugged in again, it is.
func TestConflict(t *testing.T) {
	for _, taken := range []string{"10.9.0.3/24", "fd09::2/64"} {
		t.Run(taken[:4], func(t *testing.T) {
			b := newBed(t)
			b.watch()
			nodad := ""
			if strings.Contains(taken, ":") {
				nodad = " nodad"
			}
			b.other.IP("addr add " + taken + " dev vb" + nodad)
			code(t, b.up(static()), netcfg.AddressConflict)
			if m := b.managed(); m.State != netcfg.StateFailed {
				t.Errorf("%+v", m)
			}
			b.other.IP("addr del " + taken + " dev vb")
			b.other.IP("link set vb down")
			b.has("link show dev va", "<NO-CARRIER,BROADCAST,MULTICAST,UP>")
			time.Sleep(300 * time.Millisecond) // until it has been seen
			b.other.IP("link set vb up")
			b.isStatic()
		})
	}
}

// IPv6 by a router needs nobody but the kernel. A profile with addresses of its own
// hears none, until it is forgotten.
func TestRouter(t *testing.T) {
	b := newBed(t)
	b.other.IP("link set vb addrgenmode eui64")
	auto := netcfg.Profile{ID: "auto", Kind: netcfg.Wired, IPv4: netcfg.IP{Method: netcfg.Off}}
	code(t, b.up(auto), netcfg.NoAddress)
	announce := func() { b.other.Announce("vb", netip.MustParseAddr("fd0a::")) }
	done := make(chan error)
	go func() { done <- b.up(auto) }()
	for waiting := true; waiting; {
		announce()
		select {
		case err := <-done:
			if waiting = false; err != nil {
				t.Error(err)
			}
		case <-time.After(300 * time.Millisecond):
		}
	}
	b.has("-6 route show dev va", "default")
	if m := b.managed(); m.State != netcfg.StateConnected || m.Profile != "auto" {
		t.Errorf("%+v", m)
	}
	if err := b.up(static()); err != nil {
		t.Fatal(err)
	}
	announce()
	b.has("-6 addr show dev va", "fd09::2/64", "!dynamic", "!mngtmpaddr")
	b.has("-6 route show dev va", "!ra")
	if err := b.Forget(t.Context(), b.link("va")); err != nil {
		t.Fatal(err)
	}
	nettest.IP(t, "link set va up")
	b.has("-6 addr show dev va", "!tentative", "fe80::5054:ff:fe00:a/64")
	announce()
	b.has("-6 addr show dev va", "fd0a::5054:ff:fe00:a/64")
}

// Beside what routers announce a profile may have addresses, which go with it; those
// of somebody else stay.
func TestBesideRouter(t *testing.T) {
	b := newBed(t)
	nettest.IP(t, "addr add fd07::7/64 dev va nodad")
	p := netcfg.Profile{ID: "both", Kind: netcfg.Wired, IPv4: netcfg.IP{Method: netcfg.Off}, IPv6: netcfg.IP{Addresses: prefixes("fd09::2/64"), Gateway: netip.MustParseAddr("fd09::1")}}
	if err := b.up(p); err != nil {
		t.Fatal(err)
	}
	b.has("-6 addr show dev va", "fd09::2/64", "fd07::7/64")
	b.has("-6 route show dev va", "default via fd09::1 proto 97")
	p.IPv6 = netcfg.IP{Addresses: prefixes("fd09::3/64")}
	if err := b.up(p); err != nil {
		t.Fatal(err)
	}
	b.has("-6 addr show dev va", "!fd09::2/64", "fd09::3/64", "fd07::7/64")
	b.has("-6 route show dev va", "!97")
	if err := b.Forget(t.Context(), b.link("va")); err != nil {
		t.Fatal(err)
	}
	b.has("addr show dev va", "!fd09::3/64", "DOWN")
}

// Where IPv6 cannot be set up as asked for, that is said, and nothing pretended.
func TestNoSysctl(t *testing.T) {
	b := newBed(t)
	b.o.Sysctl = readOnly{b.o.Sysctl}
	code(t, b.up(static()), netcfg.Unsupported)
	p := static()
	p.IPv6 = netcfg.IP{}
	p.Routes = p.Routes[:2]
	if err := b.up(p); err != nil {
		t.Errorf("IPv6 left as it is: %v", err)
	}
}

type readOnly struct{ Sysctl }

func (readOnly) Set(string, string, string) error { return os.ErrPermission }

// Who sets up the link otherwise again and again wins: the kernel alone knows no peace.
func TestGiveIn(t *testing.T) {
	b := newBed(t)
	b.watch()
	p := netcfg.Profile{ID: "x", Kind: netcfg.Wired, IPv4: netcfg.IP{Method: netcfg.Static, Addresses: prefixes("10.9.0.2/24")}}
	if err := b.up(p); err != nil {
		t.Fatal(err)
	}
	for i := 0; b.managed().State != netcfg.StateFailed; i++ {
		if i == mostMends+2 {
			t.Fatalf("%d times, and on: %+v", i, b.managed())
		}
		b.has("addr show dev va", "10.9.0.2/24")
		nettest.IP(t, "addr del 10.9.0.2/24 dev va")
		for range 40 { // until it is there again, or given up
			if b.managed().State == netcfg.StateFailed || len(b.link("va").Addresses) > 1 {
				break
			}
			time.Sleep(50 * time.Millisecond)
		}
	}
	if err := b.up(p); err != nil {
		t.Error(err)
	}
	b.has("addr show dev va", "10.9.0.2/24")
}

// A link that has come to be protected is left alone from then on.
func TestProtectedLater(t *testing.T) {
	b := newBed(t)
	b.watch()
	if err := b.up(static()); err != nil {
		t.Fatal(err)
	}
	if err := b.Protect(t.Context(), []kernel.Link{b.link("va")}); err != nil {
		t.Fatal(err)
	}
	nettest.IP(t, "addr del fd09::2/64 dev va")
	time.Sleep(500 * time.Millisecond) // there is nothing that would tell
	b.has("addr show dev va", "!fd09::2/64")
}

// Whatever is done to one link, another one stays as it is, and no route of ours is
// ahead of those by which the root file system is reached.
func TestOtherLinks(t *testing.T) {
	b := newBed(t)
	b.other.Cable("root0", "root1")
	for _, args := range []string{"addr add 10.1.0.2/24 dev root0", "link set root0 mtu 1490 up", "route add default via 10.1.0.1 dev root0 proto boot metric 300", "addr add fd01::2/64 dev root0 nodad", "-6 route add default via fd01::1 dev root0 metric 300"} {
		nettest.IP(t, args)
	}
	b.other.IP("link set root1 up")
	state := func() string {
		return nettest.IP(t, "-o link show dev root0") + nettest.IP(t, "-o -4 addr show dev root0") + nettest.IP(t, "-o -6 addr show dev root0 scope global") +
			nettest.IP(t, "route show dev root0") + nettest.IP(t, "-6 route show dev root0 proto boot")
	}
	b.has("link show dev root0", "<BROADCAST,MULTICAST,UP,LOWER_UP>")
	before := state()
	guard := netcfg.Guard{MinMetric: 301}
	random := rand.New(rand.NewPCG(1, 2))
	var snapshots [][]byte
	b.limits.carrier = 0 // the cable is in; nobody waits for addresses
	for range 60 {
		switch va := b.link("va"); random.IntN(5) {
		case 0, 1:
			p := static()
			p.MTU = 1300 + random.IntN(200)
			if random.IntN(2) == 0 {
				p.IPv6 = netcfg.IP{}
				p.Routes = p.Routes[:random.IntN(3)]
				if len(p.Routes) == 1 {
					p.Routes = nil
				}
			}
			if err := b.Up(t.Context(), va, p, guard, func(netcfg.Stage) {}); err != nil && codeOf(err) != netcfg.NoCarrier {
				t.Fatal(err)
			}
		case 2:
			if err := b.Down(t.Context(), va); err != nil {
				t.Fatal(err)
			}
		case 3:
			if err := b.Forget(t.Context(), va); err != nil {
				t.Fatal(err)
			}
		case 4:
			s, err := b.Snapshot(t.Context(), va)
			if err != nil {
				t.Fatal(err)
			}
			snapshots = append(snapshots, s)
			if err := b.Restore(t.Context(), va, snapshots[random.IntN(len(snapshots))]); err != nil {
				t.Fatal(err)
			}
		}
		if now := state(); now != before {
			t.Fatalf("before:\n%snow:\n%s", before, now)
		}
		routes, err := b.reader.Routes()
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range routes {
			if r.Origin == "attune" && r.Metric < int(guard.MinMetric) {
				t.Fatalf("%+v is ahead of the root file system's", r)
			}
		}
	}
}

// Who cancels does not wait.
func TestCancel(t *testing.T) {
	b := newBed(t)
	b.limits.carrier = time.Minute
	b.other.IP("link set vb down")
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		time.Sleep(200 * time.Millisecond)
		cancel()
	}()
	start := time.Now()
	code(t, b.Up(ctx, b.link("va"), static(), netcfg.Guard{}, func(netcfg.Stage) {}), netcfg.Cancelled)
	if d := time.Since(start); d > 5*time.Second {
		t.Errorf("after %v", d)
	}
}

// A damaged file of records costs what it said; our routes go nevertheless.
func TestDamagedRecords(t *testing.T) {
	b := newBed(t)
	if err := b.up(static()); err != nil {
		t.Fatal(err)
	}
	b.Close()
	if info, err := os.Stat(filepath.Join(string(b.files), recordsFile)); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	for _, text := range []string{"", "[{", `[null,{"index":"x"}]`, `[null]`} {
		if err := b.files.Write(recordsFile, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		b.open()
		if m := b.managed(); m.Profile != "" {
			t.Errorf("%q: %+v", text, m)
		}
		b.Close()
	}
	b.open()
	if err := b.Forget(t.Context(), b.link("va")); err != nil {
		t.Error(err)
	}
	b.has("route show table all dev va", "!97")
	b.has("-6 route show table all dev va", "!97")
}

// While nothing happens nobody is woken.
func TestIdle(t *testing.T) {
	b := newBed(t)
	if err := b.up(static()); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	var told atomic.Int32
	done := make(chan error)
	go func() { done <- b.Watch(ctx, func() { told.Add(1) }) }()
	quiet := -1
	for range 20 { // the kernel has some more to tell of a link that has just come up
		before := told.Load()
		time.Sleep(time.Second)
		if quiet++; told.Load() != before {
			quiet = 0
		}
		if quiet == 2 {
			break
		}
	}
	if quiet < 2 {
		t.Errorf("told %d times", told.Load())
	}
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
}
