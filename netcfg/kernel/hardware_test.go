package kernel

import (
	"context"
	"net/netip"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"attune/internal/treetest"
)

func TestDescribe(t *testing.T) {
	const pci = "../../devices/pci0000:00/"
	root := treetest.Of(map[string]string{
		"sys/class/net/enp1s0": "-> " + pci + "0000:00:01.0/net/enp1s0", "sys/devices/pci0000:00/0000:00:01.0/net/enp1s0/speed": "2500\n",
		"sys/devices/pci0000:00/0000:00:01.0/net/enp1s0/device": "-> ../..", "sys/devices/pci0000:00/0000:00:01.0/driver": "-> ../../../bus/pci/drivers/igc",
		"sys/class/net/wlp2s0": "-> " + pci + "0000:00:02.0/net/wlp2s0", "sys/devices/pci0000:00/0000:00:02.0/net/wlp2s0/phy80211/name": "phy0\n",
		"sys/devices/pci0000:00/0000:00:02.0/net/wlp2s0/speed":  "-1\n",
		"sys/devices/pci0000:00/0000:00:02.0/net/wlp2s0/device": "-> ../..", "sys/devices/pci0000:00/0000:00:02.0/driver": "-> ../../../bus/pci/drivers/iwlwifi",
		"sys/class/net/veth0/speed": "10000\n",
	})
	links := []Link{{Name: "lo", Loopback: true}, {Name: "enp1s0", Carrier: true}, {Name: "wlp2s0", Carrier: true}, {Name: "veth0"}, {Name: "\xff", Carrier: true}, {Name: "gone", Carrier: true}}
	Describe(root, links)
	type facts struct {
		driver   string
		speed    int
		wireless bool
	}
	for i, want := range []facts{{}, {"igc", 2500, false}, {"iwlwifi", 0, true}, {}, {}, {}} {
		if l := links[i]; (facts{l.Driver, l.Speed, l.Wireless}) != want {
			t.Errorf("%q: %+v, want %+v", l.Name, l, want)
		}
	}
}

func TestSwitches(t *testing.T) {
	root := treetest.Of(map[string]string{
		"sys/class/rfkill/rfkill1/name": "hci0\n", "sys/class/rfkill/rfkill1/type": "bluetooth\n", "sys/class/rfkill/rfkill1/soft": "1\n", "sys/class/rfkill/rfkill1/hard": "0\n",
		"sys/class/rfkill/rfkill0/name": "phy0\n", "sys/class/rfkill/rfkill0/type": "wlan\n", "sys/class/rfkill/rfkill0/soft": "0\n", "sys/class/rfkill/rfkill0/hard": "1\n",
		"sys/class/rfkill/rfkill2/uevent": "", // going
		"sys/class/rfkill/other":          "",
	})
	want := []Switch{{"0", "phy0", "wlan", false, true}, {"1", "hci0", "bluetooth", true, false}}
	if got := Switches(root); !slices.Equal(got, want) {
		t.Errorf("%+v", got)
	}
	if got := Switches(treetest.Of(nil)); got != nil {
		t.Errorf("without any: %+v", got)
	}
}

// A pipe stands in for the device: it is read in the same way.
func TestWatchSwitches(t *testing.T) {
	if err := WatchSwitches(t.Context(), filepath.Join(t.TempDir(), "none"), nil); err != nil {
		t.Errorf("without the device: %v", err)
	}
	name := filepath.Join(t.TempDir(), "rfkill")
	if err := unix.Mkfifo(name, 0o600); err != nil {
		t.Fatal(err)
	}
	w, err := os.OpenFile(name, os.O_RDWR, 0) // both, so that neither end waits for the other
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	ctx, cancel := context.WithCancel(t.Context())
	told, done := make(chan bool, 9), make(chan error)
	go func() { done <- WatchSwitches(ctx, name, func() { told <- true }) }()
	for range 2 {
		w.Write([]byte{0, 0, 0, 0, 1, 2, 1, 0}) // Linux' rfkill.h: struct rfkill_event
		select {
		case <-told:
		case <-time.After(10 * time.Second):
			t.Fatal("not told")
		}
	}
	cancel()
	select {
	case err := <-done:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(10 * time.Second):
		t.Error("it does not end")
	}
}

func TestReadDNS(t *testing.T) {
	addrs := func(all ...string) (a []netip.Addr) {
		for _, s := range all {
			a = append(a, netip.MustParseAddr(s))
		}
		return a
	}
	for _, row := range []struct {
		name  string
		files map[string]string
		want  DNS
	}{
		{"none", nil, DNS{}},
		{"a link that leads nowhere", map[string]string{"etc/resolv.conf": "-> ../run/none"}, DNS{}},
		{"links in a circle", map[string]string{"etc/resolv.conf": "-> resolv.conf"}, DNS{}},
		{"a file", map[string]string{"etc/resolv.conf": "# nameserver 1.1.1.1\n; x\nnameserver 192.0.2.1\nnameserver fe80::1%eth0\nnameserver rubbish\noptions edns0\ndomain a.example\nsearch b.example c.example\n"},
			DNS{Servers: addrs("192.0.2.1", "fe80::1%eth0"), Search: []string{"b.example", "c.example"}, File: "/etc/resolv.conf"}},
		{"resolved", map[string]string{"etc/resolv.conf": "-> ../run/systemd/resolve/stub-resolv.conf", "run/systemd/resolve/stub-resolv.conf": "nameserver 127.0.0.53\nsearch lan\n",
			"run/systemd/resolve/resolv.conf": "nameserver 192.0.2.9\nnameserver 2001:db8::9\n"},
			DNS{Servers: addrs("127.0.0.53"), Search: []string{"lan"}, File: "/run/systemd/resolve/stub-resolv.conf", Of: "systemd-resolved", Behind: addrs("192.0.2.9", "2001:db8::9")}},
		{"NetworkManager, by two links", map[string]string{"etc/resolv.conf": "-> /etc/other", "etc/other": "-> ../run/NetworkManager/resolv.conf", "run/NetworkManager/resolv.conf": "nameserver 192.0.2.1\n"},
			DNS{Servers: addrs("192.0.2.1"), File: "/run/NetworkManager/resolv.conf", Of: "NetworkManager"}},
		{"the kernel's", map[string]string{"etc/resolv.conf": "-> /proc/net/pnp", "proc/net/pnp": "#PROTO: DHCP\ndomain lan\nnameserver 192.0.2.1\nbootserver 0.0.0.0\n"},
			DNS{Servers: addrs("192.0.2.1"), Search: []string{"lan"}, File: "/proc/net/pnp", Of: "the kernel"}},
		{"nothing in it", map[string]string{"etc/resolv.conf": ""}, DNS{File: "/etc/resolv.conf"}},
	} {
		if got := ReadDNS(treetest.Of(row.files)); !reflect.DeepEqual(got, row.want) {
			t.Errorf("%s: %+v, want %+v", row.name, got, row.want)
		}
	}
}

// FuzzResolv: a file of any bytes is read.
func FuzzResolv(f *testing.F) {
	f.Add("nameserver 192.0.2.1\nsearch a b\n#\n")
	f.Fuzz(func(t *testing.T, text string) {
		servers, _ := ParseResolv(text)
		for _, s := range servers {
			if !s.IsValid() {
				t.Errorf("%q: %v", text, servers)
			}
		}
	})
}
