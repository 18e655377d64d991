package gpu_test

import (
	"fmt"
	"testing"

	"attune/detect"
	"attune/xconfig"
	"attune/xconfig/gpu"
)

// someGPUs makes a machine of bytes, five for each device: what it is, its
// driver, its place, its connectors, whether the firmware booted with it.
func someGPUs(b []byte) xconfig.Facts {
	drivers := []string{"", "i915", "amdgpu", "nvidia", "nouveau", "vfio-pci", "ast", "virtio_gpu", "simple-framebuffer", "udl", "cirrusfb", "snd_hda_intel"}
	vendors := []uint16{0x8086, 0x1002, 0x10de, 0x1a03, 0x1af4, 0}
	classes := []uint32{0x030000, 0x030200, 0x038000, 0x020000}
	states := []string{"off", "on", "panel", "mute", "vr", "unknown"}
	f := xconfig.Facts{Image: xconfig.Image{XServer: "/usr/bin/X", Drivers: []string{"dummy", "fbdev", "modesetting", "vesa"}}}
	if len(b)%2 == 1 {
		f.Image.Drivers = append(f.Image.Drivers, "nvidia")
	}
	for i := 0; i+5 <= len(b) && i < 40; i += 5 {
		addr := fmt.Sprintf("0000:%02x:%02x.0", i, b[i+2]%4)
		d := detect.Device{Path: "devices/pci0000:00/" + addr, Subsystem: "pci", Vendor: vendors[int(b[i])%len(vendors)],
			Class: classes[int(b[i]>>4)%len(classes)], Driver: drivers[int(b[i+1])%len(drivers)], BootVGA: b[i+4]&1 != 0}
		f.Machine.Devices = append(f.Machine.Devices, d)
		if b[i+4]&2 != 0 {
			f.Graphics.Framebuffers = append(f.Graphics.Framebuffers, detect.Framebuffer{Name: "VESA VGA", Device: d.Path, Node: "fb0"})
		}
		if b[i+4]&4 == 0 {
			continue
		}
		c := detect.Card{ID: "pci-" + addr, Device: d.Path, Node: "dri/card0", Driver: d.Driver, Vendor: d.Vendor, Class: d.Class,
			BootVGA: d.BootVGA, Firmware: b[i+4]&8 != 0, External: b[i+4]&16 != 0}
		for n := range int(b[i+3] % 3) {
			con := detect.Connector{Name: fmt.Sprintf("DP-%d", n+1), Type: "DP"}
			if err := setState(&con, states[int(b[i+3]>>2)%len(states)]); err != nil {
				panic(err)
			}
			c.Connectors = append(c.Connectors, con)
		}
		f.Graphics.Cards = append(f.Graphics.Cards, c)
	}
	return f
}

// FuzzPlanGPU: whatever a machine is made of, the plan is one X can start with.
func FuzzPlanGPU(f *testing.F) {
	f.Add([]byte{0, 1, 2, 10, 5, 2, 3, 1, 1, 4}, "discrete", "")
	f.Add([]byte{2, 5, 0, 0, 1}, "pci-0000:00:00.0", "1280x1024")
	f.Add([]byte{0, 0, 0, 0, 3}, "", "")
	f.Fuzz(func(t *testing.T, machine []byte, wish, headless string) {
		facts := someGPUs(machine)
		plan, _ := gpu.Plan(facts, xconfig.Preferences{GPU: wish, Headless: headless})
		sane(t, fmt.Sprint(machine), facts, plan)
		if plan.Primary && plan.Driver == "" {
			t.Errorf("X is to be told of %s without a driver", plan.Card)
		}
		gpu.XCards(facts, plan)
	})
}
