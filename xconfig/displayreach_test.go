package xconfig

import (
	"testing"

	"attune/detect"
)

// X brings its picture to a second card only from one that renders.
func TestUnreachable(t *testing.T) {
	second := detect.Card{ID: "pci-0000:01:00.0", Device: "devices/pci0000:00/0000:00:01.0/0000:01:00.0", Node: "dri/card1", Render: "dri/renderD129", Driver: "virtio_gpu",
		Vendor: 0x1af4, Product: 0x1050, Class: 0x38000, Connectors: []detect.Connector{connected("Virtual-1", hd24.bytes())}}
	for _, c := range []struct {
		name, render, server string
		first                detect.Connector
		want                 string
	}{
		{"a first card that renders", "dri/renderD128", "/usr/lib/xorg/Xorg", connected("eDP-1", panel.bytes()), "on"},
		{"one that does not", "", "/usr/lib/xorg/Xorg", connected("eDP-1", panel.bytes()), "unreachable"},
		{"no X in the image: others copy with the processor", "", "", connected("eDP-1", panel.bytes()), "on"},
	} {
		f := card(c.first)
		f.Image.XServer = c.server
		f.Graphics.Cards[0].Render = c.render
		f.Graphics.Cards = append(f.Graphics.Cards, second)
		f.Machine.Devices = append(f.Machine.Devices, detect.Device{Path: second.Device, Subsystem: "pci", Driver: "virtio-pci", Role: detect.RoleGPU,
			Class: second.Class, Vendor: second.Vendor, Product: second.Product})
		d := PlanDisplays(f, Preferences{GPU: "pci-0000:00:02.0"})
		o := output(t, d, "Virtual-1")
		if o.State != c.want {
			t.Errorf("%s: %s, %s", c.name, o.State, o.Why)
		}
		if c.want == "unreachable" && d.Width != output(t, d, "eDP-1").Mode.HActive {
			t.Errorf("%s: the desktop is %d wide", c.name, d.Width)
		}
	}
}
