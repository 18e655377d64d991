package fingerprint

import (
	"slices"
	"testing"

	"attune/detect"
)

func pc() detect.Inventory {
	return detect.Inventory{
		DMI: detect.DMI{SysVendor: "LENOVO", ProductName: "20L5", BIOSVersion: "1.0"},
		Devices: []detect.Device{
			{Path: "devices/pci0000:00/0000:00:02.0", Subsystem: "pci", Modalias: []string{"pci:v00008086d00003E92"}},
			{Path: "devices/pci0000:00/0000:00:0e.0", Subsystem: "pci", Modalias: []string{"pci:v00008086d0000467F"}},
		},
	}
}

// What is built in makes the parts, and nothing else.
func TestParts(t *testing.T) {
	base := Parts(pc())
	with := func(change func(*detect.Inventory)) string {
		inv := pc()
		change(&inv)
		return Parts(inv)
	}
	add := func(d detect.Device) func(*detect.Inventory) {
		return func(inv *detect.Inventory) { inv.Devices = append([]detect.Device{d}, inv.Devices...) }
	}
	for _, row := range []struct {
		name string
		got  string
		same bool
	}{
		{"again", with(func(*detect.Inventory) {}), true},
		{"a USB stick", with(add(detect.Device{Path: "devices/pci0000:00/0000:00:14.0/usb1/1-1", Subsystem: "usb", Modalias: []string{"usb:v0781p5581"}})), true},
		{"what a driver made", with(add(detect.Device{Path: "devices/pci0000:00/0000:00:02.0/virtio0", Subsystem: "virtio", Modalias: []string{"virtio:d00000010v00001AF4"}})), true},
		{"a disk behind Intel's VMD, there once its driver is", with(add(detect.Device{Path: "devices/pci0000:00/0000:00:0e.0/pci10000:e0/10000:e0:06.0", Subsystem: "pci", Modalias: []string{"pci:v0000144D"}})), true},
		{"a driver that is bound", with(func(inv *detect.Inventory) { inv.Devices[0].Driver = "i915" }), true},
		{"another order", with(func(inv *detect.Inventory) { slices.Reverse(inv.Devices) }), true},
		{"newer firmware", with(func(inv *detect.Inventory) { inv.DMI.BIOSVersion = "1.1" }), true},
		{"a card more", with(add(detect.Device{Path: "devices/pci0000:00/0000:01:00.0", Subsystem: "pci", Modalias: []string{"pci:v000010DE"}})), false},
		{"a card elsewhere", with(func(inv *detect.Inventory) { inv.Devices[0].Path = "devices/pci0000:00/0000:03:00.0" }), false},
		{"a board of a device tree", with(add(detect.Device{Path: "devices/platform/soc/gpu", Subsystem: "platform", Modalias: []string{"of:NgpuT(null)Cbrcm,bcm2835-vc4"}})), false},
	} {
		if (row.got == base) != row.same {
			t.Errorf("%s: same %v, want %v", row.name, row.got == base, row.same)
		}
	}
}

// Two boards without names are told apart by their parts, and one without
// parts is no machine's like.
func TestMachine(t *testing.T) {
	nameless := pc()
	nameless.DMI = detect.DMI{BIOSVersion: "1.0", Placeholders: []string{"sys_vendor"}}
	other := nameless
	other.Devices = other.Devices[:1]
	if a, b := Machine(nameless), Machine(other); a == b || a == "" || b == "" {
		t.Errorf("%q %q", a, b)
	}
	if Machine(pc()) != "LENOVO\n20L5\n\n\n\n" {
		t.Errorf("%q", Machine(pc()))
	}
	if got := Machine(detect.Inventory{}); got != "" {
		t.Errorf("%q", got)
	}
}
