package fingerprint

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"attune/detect"
	"attune/internal/state"
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

// What there is anew to work out changes the fingerprint, and nothing else.
func TestOf(t *testing.T) {
	base := Of(pc(), []byte("deny"), "6.1", "1.0")
	with := func(change func(*detect.Inventory)) string {
		inv := pc()
		change(&inv)
		return Of(inv, []byte("deny"), "6.1", "1.0")
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
		{"another machine", with(func(inv *detect.Inventory) { inv.DMI.ProductName = "20L6" }), false},
		{"a board of a device tree", with(add(detect.Device{Path: "devices/platform/soc/gpu", Subsystem: "platform", Modalias: []string{"of:NgpuT(null)Cbrcm,bcm2835-vc4"}})), false},
		{"other settings", Of(pc(), []byte("load"), "6.1", "1.0"), false},
		{"another kernel", Of(pc(), []byte("deny"), "6.12", "1.0"), false},
		{"another attune", Of(pc(), []byte("deny"), "6.1", "1.1"), false},
		{"settings that look like the rest", Of(pc(), []byte("deny6.1"), "", "1.0"), false},
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

func TestCache(t *testing.T) {
	dir := t.TempDir()
	files, err := state.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer files.Close()
	key := KeyOf(pc(), nil, "6.1", "1.0")
	if data, changed, err := Get(files, "plan", key); data != nil || changed != nil || err != nil {
		t.Errorf("nothing: %q %q %v", data, changed, err)
	}
	if err := Put(files, "plan", key, []byte("worked out")); err != nil {
		t.Fatal(err)
	}
	if data, changed, err := Get(files, "plan", key); string(data) != "worked out" || changed != nil || err != nil {
		t.Errorf("the same: %q %q %v", data, changed, err)
	}
	moved := pc()
	moved.DMI.ProductName = "another"
	data, changed, err := Get(files, "plan", KeyOf(moved, []byte("x"), "6.12", "1.1"))
	if got := strings.Join(changed, ", "); data != nil || got != "hardware, settings, kernel 6.1 -> 6.12, attune 1.0 -> 1.1" || err != nil {
		t.Errorf("all changed: %q %q %v", data, got, err)
	}
	name := filepath.Join(dir, "cache/plan")
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	for i := range text {
		spoiled := slices.Clone(text)
		spoiled[i] ^= 1
		if err := os.WriteFile(name, spoiled, 0o644); err != nil {
			t.Fatal(err)
		}
		if data, changed, err := Get(files, "plan", key); data != nil && string(data) != "worked out" || err == nil && data == nil && changed == nil {
			t.Errorf("byte %d: %q %q %v", i, data, changed, err)
		}
	}
	if err := os.Truncate(name, 10); err != nil {
		t.Fatal(err)
	}
	if _, _, err := Get(files, "plan", key); !errors.Is(err, ErrDamaged) {
		t.Error(err)
	}
	if err := Put(files, "plan", key, make([]byte, state.MaxFile)); !errors.Is(err, state.ErrTooLong) {
		t.Error(err)
	}
}

// FuzzParse: what is taken for whole is what it says it is.
func FuzzParse(f *testing.F) {
	text, err := json.Marshal(cached{KeyOf(pc(), nil, "6.1", "1.0"), []byte("worked out"), hash("worked out")})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Add([]byte("{}"))
	f.Fuzz(func(t *testing.T, text []byte) {
		if c, whole := parse(text); whole && hash(string(c.Data)) != c.Sum {
			t.Errorf("%q", text)
		}
	})
}
