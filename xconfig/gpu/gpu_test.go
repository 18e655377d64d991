package gpu

import (
	"testing"

	"attune/detect"
	"attune/internal/xtest"
	"attune/xconfig"
)

func pci(addr, bridge string, vendor, product uint16, class uint32, driver string, boot bool) detect.Device {
	path := "devices/pci0000:00/"
	if bridge != "" {
		path += bridge + "/"
	}
	return detect.Device{Path: path + addr, Subsystem: "pci", Vendor: vendor, Product: product, Class: class, Driver: driver, BootVGA: boot}
}

func TestOneCardNeedsNothing(t *testing.T) {
	d := pci("0000:00:02.0", "", 0x8086, 0x3e92, 0x030000, "i915", true)
	f := xconfig.Facts{Image: xtest.Debian12, Machine: detect.Inventory{Devices: []detect.Device{d}}, Graphics: detect.Graphics{Cards: []detect.Card{{
		ID: "pci-0000:00:02.0", Device: d.Path, Node: "dri/card0", Driver: "i915", Vendor: 0x8086, Product: 0x3e92, Class: 0x030000, BootVGA: true,
		Connectors: []detect.Connector{{Name: "HDMI-A-1", Type: "HDMI-A", Status: "connected"}},
	}}}}
	plan, notes := Plan(f, xconfig.Preferences{})
	if plan.Card != "pci-0000:00:02.0" || plan.Driver != "" || plan.Primary || plan.Kind != "single" || len(notes) != 0 {
		t.Errorf("%+v %v", plan, notes)
	}
	if plan.Ladder[0].Driver != "auto" || plan.Ladder[0].BusID != "" {
		t.Errorf("%+v", plan.Ladder)
	}
}

func TestBusIDIsDecimal(t *testing.T) {
	for path, want := range map[string]string{
		"devices/pci0000:00/0000:00:1c.0/0000:3c:00.0": "PCI:60@0:0:0",
		"devices/pci10000:e0/10000:e1:1f.7":            "PCI:225@65536:31:7",
		"devices/platform/soc/fd4a0000.gpu":            "",
		"":                                             "",
	} {
		if got := busID(path); got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
}
