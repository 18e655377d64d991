package detect

import (
	"io/fs"
	"slices"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"
)

const at = "devices/pci0000:00/0000:00:02.0"

func link(to string) *fstest.MapFile { return &fstest.MapFile{Mode: fs.ModeSymlink, Data: []byte(to)} }
func text(s string) *fstest.MapFile  { return &fstest.MapFile{Data: []byte(s)} }

func TestTaken(t *testing.T) {
	device := func(more map[string]*fstest.MapFile) fstest.MapFS {
		m := fstest.MapFS{"sys/" + at + "/uevent": text("")}
		for name, f := range more {
			m["sys/"+at+"/"+name] = f
		}
		return m
	}
	for _, tt := range []struct {
		name string
		root fstest.MapFS
		want bool
	}{
		{"nobody has it", device(nil), false},
		{"there is no such device", fstest.MapFS{}, false},
		{"its driver", device(map[string]*fstest.MapFile{"driver": link("../../../bus/pci/drivers/i915")}), true},
		{"virtio's bus, and no device below yet", device(map[string]*fstest.MapFile{"driver": link("../../../bus/pci/drivers/virtio-pci")}), true},
		{"virtio's bus alone", device(map[string]*fstest.MapFile{"driver": link("../../../bus/pci/drivers/virtio-pci"), "virtio0/uevent": text("")}), false},
		{"virtio's bus and driver", device(map[string]*fstest.MapFile{"driver": link("../../../bus/pci/drivers/virtio-pci"),
			"virtio0/uevent": text(""), "virtio0/driver": link("../../../../bus/virtio/drivers/virtio_gpu")}), true},
	} {
		if got := Taken(tt.root, at); got != tt.want {
			t.Errorf("%s: taken %v", tt.name, got)
		}
	}
}

func TestModuleRuns(t *testing.T) {
	root := fstest.MapFS{"sys/module/live/initstate": text("live\n"), "sys/module/coming/initstate": text("coming\n"), "sys/module/builtin/parameters/x": text("1\n")}
	for name, want := range map[string]bool{"live": true, "coming": false, "builtin": true, "absent": false} {
		if got := ModuleRuns(root, name); got != want {
			t.Errorf("%s: runs %v", name, got)
		}
	}
}

func TestProbeDeferred(t *testing.T) {
	root := fstest.MapFS{"sys/" + deferredList: text("0000:00:02.0\tplatform: supplier not ready\nother\n")}
	if !ProbeDeferred(root, at) || ProbeDeferred(root, at+"/drm") || ProbeDeferred(fstest.MapFS{}, at) {
		t.Error("wrong devices are waiting")
	}
}

func TestProbed(t *testing.T) {
	for _, tt := range []struct {
		name string
		c    Connector
		want bool
	}{
		{"nothing on it", Connector{Status: "disconnected"}, true},
		{"not asked yet", Connector{Status: "unknown"}, false},
		{"being asked", Connector{Status: "connected"}, false},
		{"a display", Connector{Status: "connected", Modes: []string{"800x600"}}, true},
	} {
		if got := tt.c.Probed(); got != tt.want {
			t.Errorf("%s: probed %v", tt.name, got)
		}
	}
}

// The cards of one device, whatever others there are.
func TestCardsBelow(t *testing.T) {
	other := "devices/pci0000:00/0000:00:02.00"
	root := fstest.MapFS{}
	for i, dev := range []string{at, other} {
		card := "card" + string(rune('0'+i))
		root["sys/"+dev+"/uevent"] = text("")
		root["sys/"+dev+"/drm/"+card+"/uevent"] = text("")
		root["sys/"+dev+"/drm/"+card+"/device"] = link("../../../" + dev[len("devices/pci0000:00/"):])
		root["sys/"+dev+"/drm/"+card+"/"+card+"-VGA-1/status"] = text("connected\n")
		root["sys/"+dev+"/drm/"+card+"/"+card+"-VGA-1/modes"] = text("800x600\n")
		root["sys/class/drm/"+card] = link("../../" + dev + "/drm/" + card)
	}
	cards := CardsBelow(root, at)
	if len(cards) != 1 || cards[0].Device != at || len(cards[0].Connectors) != 1 || !cards[0].Connectors[0].Probed() {
		t.Errorf("got %+v", cards)
	}
	if n := len(CardsBelow(root, "devices")); n != 2 {
		t.Errorf("%d cards in all", n)
	}
	if got, want := Shown(root), []string{"card0", "card1"}; !slices.Equal(got, want) {
		t.Errorf("shown %q", got)
	}
}

// A driver may make its card long before its probe is over, and who reads the
// device's uevent file waits for that.
func TestCardsOfADeviceBeingProbed(t *testing.T) {
	for driver, firmware := range map[string]bool{"amdgpu": false, "simple-framebuffer": true} {
		synctest.Test(t, func(t *testing.T) {
			probing := make(chan struct{})
			defer close(probing)
			root := sickFS{MapFS: fstest.MapFS{
				"sys/" + at + "/uevent":           text(""),
				"sys/" + at + "/driver":           link("../../../bus/pci/drivers/" + driver),
				"sys/" + at + "/subsystem":        link("../../../bus/pci"),
				"sys/" + at + "/drm/card0/device": link("../../../0000:00:02.0"),
				"sys/class/drm/card0":             link("../../" + at + "/drm/card0"),
			}, block: map[string]chan struct{}{"sys/" + at + "/uevent": probing}}
			begin := time.Now()
			cards := CardsBelow(root, at)
			if len(cards) != 1 || cards[0].Driver != driver || cards[0].Firmware != firmware || cards[0].Device != at {
				t.Errorf("got %+v", cards)
			}
			if took := time.Since(begin); took > 0 {
				t.Errorf("took %v", took)
			}
		})
	}
}

// While a driver asks one connector for its display, it holds the lock which the
// modes of all of the card's wait for.
func TestConnectorsOfACardBeingProbed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		asking := make(chan struct{})
		defer close(asking)
		root := sickFS{MapFS: fstest.MapFS{
			"sys/" + at + "/driver":           link("../../../bus/pci/drivers/amdgpu"),
			"sys/" + at + "/drm/card0/device": link("../../../0000:00:02.0"),
			"sys/class/drm/card0":             link("../../" + at + "/drm/card0"),
		}, block: map[string]chan struct{}{}}
		for _, name := range []string{"DP-1", "DP-2", "HDMI-A-1"} {
			dir := "sys/" + at + "/drm/card0/card0-" + name
			root.MapFS[dir+"/status"], root.MapFS[dir+"/modes"] = text("connected\n"), text("800x600\n")
			root.block[dir+"/modes"] = asking
		}
		begin := time.Now()
		cards := CardsBelow(root, at)
		if len(cards) != 1 || len(cards[0].Connectors) != 3 || slices.ContainsFunc(cards[0].Connectors, Connector.Probed) {
			t.Errorf("got %+v", cards)
		}
		if took := time.Since(begin); took > patience {
			t.Errorf("took %v", took)
		}
	})
}
