package native

import (
	"context"
	"errors"
	"io/fs"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"attune/internal/nettest"
	"attune/netcfg"
	"attune/netcfg/kernel"
)

func TestMain(m *testing.M) { nettest.Main(m) }

// hurry has the kernel wait 0.1 s for those who have an IPv6 address of va, rather
// than up to 2 s.
func hurry(t *testing.T) {
	t.Helper()
	for name, value := range map[string]string{"neigh/va/retrans_time_ms": "100", "conf/va/router_solicitation_delay": "0"} {
		if err := os.WriteFile("/proc/sys/net/ipv6/"+name, []byte(value), 0); err != nil {
			t.Fatal(err)
		}
	}
}

// dir is a directory as Files.
type dir string

func (d dir) Read(name string) ([]byte, error) { return os.ReadFile(filepath.Join(string(d), name)) }

func (d dir) Write(name string, data []byte, perm fs.FileMode) error {
	name = filepath.Join(string(d), name)
	return errors.Join(os.MkdirAll(filepath.Dir(name), 0o755), os.WriteFile(name, data, perm))
}

func (d dir) Remove(name string) error {
	err := os.Remove(filepath.Join(string(d), name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// A bed is an engine with a cable from va to vb in another network, where the
// gateway 10.9.0.1 and fd09::1 is.
type bed struct {
	*Engine
	t     *testing.T
	other *nettest.Space
	files dir
	via   string // the gateway of a route of static()
	stop  func()
}

const macA = "52:54:00:00:00:0a"

func newBed(t *testing.T) *bed {
	t.Helper()
	b := &bed{t: t, other: nettest.NewSpace(t), files: dir(t.TempDir()), via: "10.7.0.1"}
	b.plugIn()
	b.open()
	t.Cleanup(func() { b.Close() })
	return b
}

// plugIn makes the link and its cable, as an adapter that is put in does.
func (b *bed) plugIn() {
	b.t.Helper()
	b.other.Cable("va", "vb")
	hurry(b.t)
	nettest.IP(b.t, "link set va address "+macA)
	b.other.IP("link set vb up")
	b.other.IP("addr add 10.9.0.1/24 dev vb")
	b.other.IP("addr add fd09::1/64 dev vb nodad")
}

// open makes the engine, as a daemon that is started does.
func (b *bed) open() {
	b.t.Helper()
	e, err := New(Options{Root: os.DirFS("/"), Files: b.files, Sysctl: Proc("/proc/sys/net/ipv6/conf"), Now: sinceBoot})
	if err != nil {
		b.t.Fatal(err)
	}
	e.limits = limits{carrier: 2 * time.Second, router: 5 * time.Second, claim: 5 * time.Second}
	b.Engine = e
}

func sinceBoot() time.Duration {
	var ts unix.Timespec
	unix.ClockGettime(unix.CLOCK_BOOTTIME, &ts)
	return time.Duration(ts.Nano())
}

// watch has the engine watch until the test ends, or stop is called.
func (b *bed) watch() {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error)
	go func() { done <- b.Watch(ctx, func() {}) }()
	b.stop = func() {
		b.stop = func() {}
		cancel()
		if err := <-done; err != nil {
			b.t.Errorf("watching: %v", err)
		}
	}
	b.t.Cleanup(func() { b.stop() })
}

func (b *bed) link(name string) kernel.Link {
	b.t.Helper()
	links, err := b.reader.Links()
	if err != nil {
		b.t.Fatal(err)
	}
	i := slices.IndexFunc(links, func(l kernel.Link) bool { return l.Name == name })
	if i < 0 {
		b.t.Fatalf("no link %s", name)
	}
	return links[i]
}

func (b *bed) up(p netcfg.Profile) error {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.t.Context(), time.Minute)
	defer cancel()
	return b.Up(ctx, b.link("va"), p, netcfg.Guard{}, func(netcfg.Stage) {})
}

func (b *bed) managed() netcfg.Managed {
	b.t.Helper()
	all, err := b.Links(b.t.Context())
	if err != nil {
		b.t.Fatal(err)
	}
	return all[b.link("va").Index]
}

// has looks whether a command of iproute2 prints all of these words, within some time,
// and prints none of those that begin with an exclamation mark.
func (b *bed) has(args string, words ...string) {
	b.t.Helper()
	var out string
	var wrong []string
	for range 60 {
		out = " " + strings.Join(strings.Fields(nettest.IP(b.t, args)), " ") + " "
		wrong = nil
		for _, w := range words {
			absent, isAbsent := strings.CutPrefix(w, "!")
			if strings.Contains(out, " "+absent+" ") == isAbsent {
				wrong = append(wrong, w)
			}
		}
		if len(wrong) == 0 {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	b.t.Errorf("ip %s: %q is not so in%s", args, wrong, out)
}

// code fails a test unless an error has it.
func code(t *testing.T, err error, want netcfg.Code) {
	t.Helper()
	if got := codeOf(err); got != want {
		t.Errorf("%q (%v), want %q", got, err, want)
	}
}

func prefixes(all ...string) (found []netip.Prefix) {
	for _, s := range all {
		found = append(found, netip.MustParsePrefix(s))
	}
	return found
}

// static is a profile with all that can be asked for here.
func static() netcfg.Profile {
	addr := netip.MustParseAddr
	return netcfg.Profile{
		ID: "desk", Kind: netcfg.Wired, MTU: 1400, Metered: "yes",
		IPv4:   netcfg.IP{Method: netcfg.Static, Addresses: prefixes("10.9.0.2/24", "10.9.0.3/24"), Gateway: addr("10.9.0.1")},
		IPv6:   netcfg.IP{Method: netcfg.Static, Addresses: prefixes("fd09::2/64"), Gateway: addr("fd09::1")},
		Routes: []netcfg.Route{{To: netip.MustParsePrefix("10.8.0.0/16"), Via: addr("10.7.0.1"), Metric: 7}, {To: netip.MustParsePrefix("10.7.0.0/16")}, {To: netip.MustParsePrefix("fd08::/32"), Via: addr("fd09::9")}},
		DNS:    []netip.Addr{addr("10.9.0.53"), addr("fd09::53")}, Search: []string{"lan.example"},
	}
}
