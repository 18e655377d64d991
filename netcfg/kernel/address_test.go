package kernel

import (
	"fmt"
	"net/netip"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"attune/internal/nettest"
)

// link reads one, by name.
func link(t *testing.T, r *Reader, name string) Link {
	t.Helper()
	links, err := r.Links()
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range links {
		if l.Name == name {
			return l
		}
	}
	t.Fatalf("no link %s", name)
	return Link{}
}

// origins are those of a link's addresses.
func origins(l Link) map[string]string {
	found := map[string]string{}
	for i, a := range l.Addresses {
		found[a.String()] = l.Details[i].Origin
	}
	return found
}

// Each address has the origin of the one who made it; one that a router's
// announcement led to is the kernel's own work.
func TestOrigins(t *testing.T) {
	s := nettest.NewSpace(t)
	s.Cable("va", "vb")
	s.IP("link set vb addrgenmode eui64 up")
	nettest.IP(t, "link set va address 52:54:00:00:00:0a up")
	for _, args := range []string{
		"addr add 10.9.0.2/24 dev va", "addr add 10.9.0.3/24 dev va valid_lft 3600 preferred_lft 1800", "addr add 169.254.3.4/16 dev va",
		"addr add 10.9.9.1 peer 10.9.9.2/30 dev va", "addr add fd09::2/64 dev va nodad", "addr add fd09::3/128 dev va valid_lft 3600 preferred_lft 1800 nodad",
		"addr add fd09::4/64 dev va valid_lft 3600 preferred_lft 1800 nodad",
	} {
		nettest.IP(t, args)
	}
	r, err := Open()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	want := map[string]string{
		"10.9.0.2/24": OriginStatic, "10.9.0.3/24": OriginDHCP, "169.254.3.4/16": OriginLinkLocal, "10.9.9.1/32": OriginStatic,
		"fd09::2/64": OriginStatic, "fd09::3/128": OriginDHCP, "fd09::4/64": OriginRA,
		"fe80::5054:ff:fe00:a/64": OriginLinkLocal, "fd0a::5054:ff:fe00:a/64": OriginRA,
	}
	var got map[string]string
	for range 50 { // until the router's link has an address to announce from
		s.Announce("vb", netip.MustParseAddr("fd0a::"))
		if got = origins(link(t, r, "va")); got["fd0a::5054:ff:fe00:a/64"] != "" {
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	for a, origin := range want {
		if got[a] != origin {
			t.Errorf("%s is %q, want %q", a, got[a], origin)
		}
	}
	if lo := origins(link(t, r, "lo")); lo["127.0.0.1/8"] != OriginKernel || lo["::1/128"] != OriginKernel {
		t.Errorf("lo: %v", lo)
	}
	if va := link(t, r, "va"); va.Hardware != "ether" || va.OperState != "up" {
		t.Errorf("va: %+v", va)
	}
}

// An address that the other end has is told as being in conflict.
func TestConflict(t *testing.T) {
	s := nettest.NewSpace(t)
	s.Cable("va", "vb")
	s.IP("addr add fd09::2/64 dev vb nodad")
	s.IP("link set vb up")
	nettest.IP(t, "addr add fd09::2/64 dev va")
	nettest.IP(t, "link set va up")
	r, err := Open()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for range 60 {
		va := link(t, r, "va")
		i := slices.Index(va.Addresses, netip.MustParsePrefix("fd09::2/64"))
		if i < 0 {
			t.Fatalf("the address is gone: %+v", va)
		}
		if va.Details[i].Conflict {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Error("no conflict")
}

// manyLinks makes pairs of links with an address each, by one process.
func manyLinks(t testing.TB, pairs int) {
	t.Helper()
	nettest.Need(t)
	var batch, undo strings.Builder
	for i := range pairs {
		fmt.Fprintf(&batch, "link add ma%d type veth peer name mb%d\naddr add 10.%d.%d.1/24 dev ma%d\naddr add fd00:%x::1/64 dev ma%d nodad\nlink set ma%d up\nlink set mb%d up\n", i, i, 100+i/200, i%200, i, i+1, i, i, i)
		fmt.Fprintf(&undo, "link del ma%d\n", i)
	}
	run := func(text string) {
		c := exec.Command("ip", "-batch", "-")
		c.Stdin = strings.NewReader(text)
		if out, err := c.CombinedOutput(); err != nil {
			t.Fatalf("ip: %v: %s", err, out)
		}
	}
	t.Cleanup(func() { run(undo.String()) })
	run(batch.String())
}

// BenchmarkLinks reads 200 links with 800 addresses and their routes.
func BenchmarkLinks(b *testing.B) {
	manyLinks(b, 100)
	r, err := Open()
	if err != nil {
		b.Fatal(err)
	}
	defer r.Close()
	b.Run("links", func(b *testing.B) {
		for b.Loop() {
			if links, err := r.Links(); err != nil || len(links) < 200 {
				b.Fatal(len(links), err)
			}
		}
	})
	b.Run("routes", func(b *testing.B) {
		for b.Loop() {
			if _, err := r.Routes(); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("addresses of links that there are", func(b *testing.B) {
		links, _ := r.Links()
		for b.Loop() {
			r.readAddresses(slices.Clone(links))
		}
	})
}

// FuzzAddress: a message of any bytes is read or refused.
func FuzzAddress(f *testing.F) {
	f.Add([]byte{2, 24, 128, 0, 7, 0, 0, 0, 8, 0, 1, 0, 10, 9, 0, 2, 8, 0, 2, 0, 10, 9, 0, 2})
	f.Add([]byte{10, 64, 0, 0, 7, 0, 0, 0, 20, 0, 1, 0, 0xfd, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 5, 0, 11, 0, 3, 0, 0, 0})
	f.Fuzz(func(t *testing.T, m []byte) {
		if a, ok := parseAddress(m); ok && (!a.prefix.IsValid() || a.origin() == "") {
			t.Errorf("%+v of %x", a, m)
		}
	})
}
