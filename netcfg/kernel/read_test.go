package kernel

import (
	"net/netip"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"attune/internal/corpus"
)

// inNamespace runs f on a thread with a network of its own, which ends with it.
func inNamespace(t *testing.T, f func(t *testing.T)) {
	t.Helper()
	if os.Geteuid() != 0 {
		corpus.Missing(t, "not root: no network namespace can be made")
	}
	if _, err := exec.LookPath("ip"); err != nil {
		corpus.Missing(t, "ip is not installed")
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		runtime.LockOSThread() // and never unlocked: the thread ends
		if err := unix.Unshare(unix.CLONE_NEWNET); err != nil {
			t.Errorf("making a network namespace: %v", err)
			return
		}
		f(t)
	}()
	<-done
}

// ip runs one command of iproute2 in the thread's namespace.
func ip(t *testing.T, args string) string {
	out, err := exec.Command("ip", strings.Fields(args)...).CombinedOutput()
	if err != nil {
		t.Errorf("ip %s: %v: %s", args, err, out)
	}
	return string(out)
}

// What is read is what iproute2 set.
func TestReader(t *testing.T) {
	inNamespace(t, func(t *testing.T) {
		for _, args := range []string{
			"link set lo up", "link add va type veth peer name vb", "link add br0 type bridge", "link set vb master br0",
			"link add link va name vm type macvlan", "link set va address 52:54:00:00:00:0a mtu 1400 up", "link set vb up", "link set br0 up",
			"link property add dev va altname first",
			"addr add 10.9.0.2/24 dev va", "addr add fd09::2/64 dev va nodad", "route add default via 10.9.0.1 dev va metric 77 proto dhcp", "route add 10.8.0.0/16 via 10.9.0.9",
			"-6 route add default via fd09::1 dev va proto ra",
			"route add 10.7.0.0/16 nexthop via 10.9.0.5 nexthop via 10.9.0.6", "route add blackhole 10.6.0.0/16", "route add 10.5.0.0/16 dev va proto 97", "route add 10.4.0.0/16 dev va proto 98",
		} {
			ip(t, args)
		}
		r, err := Open()
		if err != nil {
			t.Error(err)
			return
		}
		defer r.Close()
		links, err := r.Links()
		if err != nil {
			t.Error(err)
			return
		}
		byName := map[string]Link{}
		for _, l := range links {
			byName[l.Name] = l
		}
		va, vb, br, vm := byName["va"], byName["vb"], byName["br0"], byName["vm"]
		if len(links) != 5 || !byName["lo"].Loopback {
			t.Errorf("links: %+v", links)
		}
		if va.Kind != "veth" || va.MAC.String() != "52:54:00:00:00:0a" || va.MTU != 1400 || !va.Up || !va.Carrier || va.Parent != 0 || !slices.Equal(va.AltNames, []string{"first"}) {
			t.Errorf("va: %+v", va)
		}
		if !slices.Contains(va.Addresses, netip.MustParsePrefix("10.9.0.2/24")) || !slices.Contains(va.Addresses, netip.MustParsePrefix("fd09::2/64")) {
			t.Errorf("addresses: %v", va.Addresses)
		}
		if vb.Master != br.Index || br.Kind != "bridge" || vm.Parent != va.Index || vm.Up || vm.Carrier {
			t.Errorf("vb %+v\nbr0 %+v\nvm %+v", vb, br, vm)
		}
		routes, err := r.Routes()
		if err != nil {
			t.Error(err)
		}
		addr := netip.MustParseAddr
		for _, want := range []Route{
			{netip.MustParsePrefix("0.0.0.0/0"), addr("10.9.0.1"), va.Index, 77, "dhcp"},
			{netip.MustParsePrefix("10.8.0.0/16"), addr("10.9.0.9"), va.Index, 0, "boot"},
			{netip.MustParsePrefix("10.9.0.0/24"), netip.Addr{}, va.Index, 0, "kernel"},
			{netip.MustParsePrefix("::/0"), addr("fd09::1"), va.Index, 1024, "ra"},
			{netip.MustParsePrefix("10.5.0.0/16"), netip.Addr{}, va.Index, 0, "attune"},
			{netip.MustParsePrefix("10.4.0.0/16"), netip.Addr{}, va.Index, 0, "98"},
			{netip.MustParsePrefix("10.7.0.0/16"), addr("10.9.0.6"), va.Index, 0, "boot"},
		} {
			if !slices.Contains(routes, want) {
				t.Errorf("no %+v in\n%+v", want, routes)
			}
		}
		if slices.ContainsFunc(routes, func(r Route) bool { return r.To == netip.MustParsePrefix("10.6.0.0/16") }) {
			t.Error("a blackhole is a route to somewhere")
		}
		if got := r.To(addr("10.8.1.1")); !slices.Equal(got, []int{va.Index}) {
			t.Errorf("10.8.1.1 is reached by %v", got)
		}
		if got := r.To(addr("fd09::7")); !slices.Equal(got, []int{va.Index}) {
			t.Errorf("fd09::7 is reached by %v", got)
		}
		ip(t, "route del default")
		if got := r.To(addr("1.1.1.1")); got != nil {
			t.Errorf("1.1.1.1 is reached by %v", got)
		}
		// The bridge's part and what stands on a protected link go with it.
		got := Protect(Root{Remote: true, Clues: []Clue{{Server: addr("10.9.0.1"), Why: "nfs on /"}}}, links, r.To)
		if len(got) != 1 || len(got[va.Index]) != 1 || !strings.Contains(got[va.Index][0], "nfs on /") {
			t.Errorf("protected: %v", got)
		}
		got = Protect(Root{Remote: true, Clues: []Clue{{Name: "vm", Why: "x"}}}, links, r.To)
		if len(got) != 2 || got[va.Index] == nil {
			t.Errorf("protected, by what is on it: %v", got)
		}
	})
}
