package native

import (
	"fmt"
	"io/fs"
	"maps"
	"net"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"attune/netcfg"
)

// ipv6 is how the kernel has it by itself.
func ipv6(disabled, ra string) map[string]string {
	return map[string]string{disable: disabled, acceptRA: ra, raMetric: "1024"}
}

func TestWant(t *testing.T) {
	addr := netip.MustParseAddr
	four := netcfg.IP{Method: netcfg.Static, Addresses: prefixes("10.9.0.2/24"), Gateway: addr("10.9.0.1")}
	six := netcfg.IP{Method: netcfg.Static, Addresses: prefixes("fd09::2/64"), Gateway: addr("fe80::1")}
	off := netcfg.IP{Method: netcfg.Off}
	for _, row := range []struct {
		name   string
		p      netcfg.Profile
		guard  uint32
		before map[string]string
		want   string
	}{
		{"IPv4 alone", netcfg.Profile{IPv4: four, IPv6: off}, 0, ipv6("0", "1"), "10.9.0.2/24; 0.0.0.0/0 via 10.9.0.1 metric 107; mtu 1500; disable_ipv6=1 accept_ra=1 ra_defrtr_metric=1024"},
		{"IPv6 left to routers", netcfg.Profile{IPv4: four, MTU: 1400}, 0, ipv6("0", "1"), "10.9.0.2/24; 0.0.0.0/0 via 10.9.0.1 metric 107; mtu 1400; disable_ipv6=0 accept_ra=1 ra_defrtr_metric=1024"},
		{"IPv6 left off, as the machine has it", netcfg.Profile{IPv4: four}, 0, ipv6("1", "0"), "10.9.0.2/24; 0.0.0.0/0 via 10.9.0.1 metric 107; mtu 1500; disable_ipv6=1 accept_ra=0 ra_defrtr_metric=1024"},
		{"routers alone, on a machine that has IPv6 off", netcfg.Profile{IPv4: off}, 0, ipv6("1", "0"), "; ; mtu 1500; disable_ipv6=0 accept_ra=1 ra_defrtr_metric=1024; a router"},
		{"routers, and an address besides", netcfg.Profile{IPv4: off, IPv6: netcfg.IP{Addresses: prefixes("fd09::2/64")}}, 0, ipv6("1", "2"), "fd09::2/64; ; mtu 1500; disable_ipv6=0 accept_ra=2 ra_defrtr_metric=1024"},
		{"both", netcfg.Profile{IPv4: four, IPv6: six}, 0, ipv6("0", "1"), "10.9.0.2/24 fd09::2/64; 0.0.0.0/0 via 10.9.0.1 metric 107, ::/0 via fe80::1 metric 107; mtu 1500; disable_ipv6=0 accept_ra=0 ra_defrtr_metric=1024; only"},
		{"behind the root file system's route", netcfg.Profile{IPv4: four, Routes: []netcfg.Route{{To: netip.MustParsePrefix("10.8.3.4/16"), Via: addr("10.9.0.7"), Metric: 5}, {To: netip.MustParsePrefix("10.7.0.0/16"), Metric: 5000}}}, 2000, ipv6("0", "1"),
			"10.9.0.2/24; 10.7.0.0/16 metric 5000, 0.0.0.0/0 via 10.9.0.1 metric 2000, 10.8.0.0/16 via 10.9.0.7 metric 2000; mtu 1500; disable_ipv6=0 accept_ra=1 ra_defrtr_metric=2000"},
		{"a kernel without IPv6", netcfg.Profile{IPv4: four}, 0, nil, "10.9.0.2/24; 0.0.0.0/0 via 10.9.0.1 metric 107; mtu 1500;"},
		{"what is off has no addresses", netcfg.Profile{IPv4: four, IPv6: netcfg.IP{Method: netcfg.Off, Addresses: prefixes("fd09::2/64"), Gateway: addr("fd09::1")}}, 0, nil, "10.9.0.2/24; 0.0.0.0/0 via 10.9.0.1 metric 107; mtu 1500;"},
	} {
		before := maps.Clone(row.before)
		w := wantOf(record{Index: 7, Profile: row.p, Guard: netcfg.Guard{MinMetric: row.guard}, Before: facts{MTU: 1500, Sysctl: row.before}})
		var routes, addresses, sysctl []string
		for _, r := range w.routes {
			via := ""
			if r.Via.IsValid() {
				via = " via " + r.Via.String()
			}
			if r.Protocol != protocol {
				t.Errorf("%s: %+v does not carry our number", row.name, r)
			}
			routes = append(routes, fmt.Sprintf("%v%s metric %d", r.To, via, r.Metric))
		}
		for _, a := range w.addresses {
			addresses = append(addresses, a.String())
		}
		for _, key := range []string{disable, acceptRA, raMetric} {
			if value, ok := w.sysctl[key]; ok {
				sysctl = append(sysctl, key+"="+value)
			}
		}
		got := fmt.Sprintf("%s; %s; mtu %d; %s", strings.Join(addresses, " "), strings.Join(routes, ", "), w.mtu, strings.Join(sysctl, " "))
		if w.router {
			got += "; a router"
		}
		if w.only6 {
			got += "; only"
		}
		if strings.TrimSpace(got) != row.want {
			t.Errorf("%s: %s, want %s", row.name, got, row.want)
		}
		if !maps.Equal(before, row.before) {
			t.Errorf("%s: what was before has been changed", row.name)
		}
	}
}

// settings are a Sysctl in memory that notes what was set.
type settings struct {
	now map[string]string
	set []string
}

func (s *settings) Get(_, key string) (string, error) {
	if v, ok := s.now[key]; ok {
		return v, nil
	}
	return "", fs.ErrNotExist
}

func (s *settings) Set(_, key, value string) error {
	s.now[key] = value
	s.set = append(s.set, key+"="+value)
	return nil
}

// Only what differs is set, and IPv6 is started anew when routers are to be heard, or
// no longer to be.
func TestSetSysctl(t *testing.T) {
	for name, row := range map[string]struct {
		now, wanted map[string]string
		set         string
	}{
		"as it is":          {ipv6("0", "1"), ipv6("0", "1"), ""},
		"off":               {ipv6("0", "1"), ipv6("1", "1"), "disable_ipv6=1"},
		"on":                {ipv6("1", "1"), ipv6("0", "1"), "disable_ipv6=0"},
		"no routers":        {ipv6("0", "1"), ipv6("0", "0"), "accept_ra=0 disable_ipv6=1 disable_ipv6=0"},
		"on, and routers":   {ipv6("1", "0"), ipv6("0", "1"), "accept_ra=1 disable_ipv6=0"},
		"without IPv6":      {nil, ipv6("0", "1"), ""},
		"nothing is wanted": {ipv6("0", "1"), nil, ""},
	} {
		s := &settings{now: maps.Clone(row.now)}
		now, err := readSysctl(s, "eth0")
		if err != nil || !maps.Equal(now, row.now) {
			t.Errorf("%s: read %v, %v", name, now, err)
		}
		if err := setSysctl(s, "eth0", row.wanted, now); err != nil || strings.Join(s.set, " ") != row.set {
			t.Errorf("%s: %q, %v; want %q", name, s.set, err, row.set)
		}
	}
}

func TestResolv(t *testing.T) {
	addr := netip.MustParseAddr
	boot := func() ([]netip.Addr, []string) { return []netip.Addr{addr("192.0.2.1")}, []string{"boot.example"} }
	profile := func(own bool, search []string, servers ...string) *record {
		r := &record{Profile: netcfg.Profile{OwnDNS: own, Search: search}}
		for _, s := range servers {
			r.Profile.DNS = append(r.Profile.DNS, addr(s))
		}
		return r
	}
	for name, row := range map[string]struct {
		records []*record
		boot    func() ([]netip.Addr, []string)
		want    string
	}{
		"nobody":                          {nil, nil, ""},
		"as started":                      {nil, boot, "nameserver 192.0.2.1\nsearch boot.example\n"},
		"a profile that says nothing":     {[]*record{profile(false, nil)}, boot, "nameserver 192.0.2.1\nsearch boot.example\n"},
		"a profile that wants nobody":     {[]*record{profile(true, nil)}, boot, ""},
		"two profiles":                    {[]*record{profile(false, []string{"a.example"}, "192.0.2.5", "fe80::1%va"), profile(false, nil, "192.0.2.5", "2001:db8::5")}, boot, "nameserver 192.0.2.5\nnameserver fe80::1%va\nnameserver 2001:db8::5\nsearch a.example\n"},
		"a domain that would be two":      {[]*record{profile(false, []string{"a\nnameserver 203.0.113.6", "b c", "d#", "e;", "", "f.example"}, "192.0.2.5")}, nil, "nameserver 192.0.2.5\nsearch f.example\n"},
		"domains, and servers by booting": {[]*record{profile(false, []string{"a.example"})}, boot, "nameserver 192.0.2.1\nsearch a.example boot.example\n"},
	} {
		if got := strings.TrimPrefix(resolv(row.records, row.boot), resolvHead); got != row.want {
			t.Errorf("%s: %q, want %q", name, got, row.want)
		}
	}
}

// A file of another engine is left alone by one that has nothing to say.
func TestOthersResolv(t *testing.T) {
	e := &Engine{o: Options{Files: dir(t.TempDir())}, records: map[int]*record{}}
	const theirs = "# Written by another\nnameserver 192.0.2.1\n"
	if err := e.o.Files.Write(resolvFile, []byte(theirs), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := e.writeDNS(nil); err != nil {
		t.Error(err)
	}
	if got, err := e.o.Files.Read(resolvFile); err != nil || string(got) != theirs {
		t.Errorf("%q, %v", got, err)
	}
}

func TestBootDNS(t *testing.T) {
	servers, search := BootDNS(fstest.MapFS{
		"proc/net/pnp":      {Data: []byte("#PROTO: DHCP\ndomain lan.example\nnameserver 192.0.2.1\nbootserver 192.0.2.9\n")},
		"run/net-eth1.conf": {Data: []byte("DEVICE='eth1'\nIPV4DNS0='192.0.2.2'\nIPV4DNS1='0.0.0.0'\nDNSDOMAIN='other.example'\n")},
	})
	if fmt.Sprint(servers) != "[192.0.2.1 192.0.2.2]" || !slices.Equal(search, []string{"lan.example", "other.example"}) {
		t.Errorf("%v %v", servers, search)
	}
}

func TestClaims(t *testing.T) {
	own, other := net.HardwareAddr{2, 0, 0, 0, 0, 1}, net.HardwareAddr{2, 0, 0, 0, 0, 2}
	a := netip.MustParseAddr("10.9.0.2")
	message := func(from net.HardwareAddr, sender, target string) []byte {
		m := append([]byte{0, 1, 8, 0, 6, 4, 0, 1}, from...)
		m = append(append(m, netip.MustParseAddr(sender).AsSlice()...), 0, 0, 0, 0, 0, 0)
		return append(m, netip.MustParseAddr(target).AsSlice()...)
	}
	for name, row := range map[string]struct {
		m    []byte
		says bool
	}{
		"who has it answers":           {message(other, "10.9.0.2", "0.0.0.0"), true},
		"who has it asks for another":  {message(other, "10.9.0.2", "10.9.0.1"), true},
		"somebody is about to take it": {message(other, "0.0.0.0", "10.9.0.2"), true},
		"somebody looks for it":        {message(other, "10.9.0.9", "10.9.0.2"), false},
		"our own question":             {message(own, "0.0.0.0", "10.9.0.2"), false},
		"of another address":           {message(other, "10.9.0.3", "10.9.0.1"), false},
		"too short":                    {message(other, "10.9.0.2", "0.0.0.0")[:27], false},
		"not of Ethernet":              {append([]byte{0, 6}, message(other, "10.9.0.2", "0.0.0.0")[2:]...), false},
	} {
		if got := claims(row.m, own, a); (got != nil) != row.says {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// FuzzClaims: a message of any bytes is read or ignored.
func FuzzClaims(f *testing.F) {
	f.Add([]byte{0, 1, 8, 0, 6, 4, 0, 2, 2, 0, 0, 0, 0, 2, 10, 9, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0})
	f.Fuzz(func(t *testing.T, m []byte) {
		if got := claims(m, net.HardwareAddr{2, 0, 0, 0, 0, 1}, netip.MustParseAddr("10.9.0.2")); got != nil && len(got) != 6 {
			t.Errorf("%x: %v", m, got)
		}
	})
}
