package display

import (
	"testing"

	"attune/detect"
	"attune/internal/xtest"
	"attune/xconfig"
)

// X brings its picture to a second card only from one that renders.
func TestUnreachable(t *testing.T) {
	second := detect.Card{ID: "pci-0000:01:00.0", Device: "devices/pci0000:00/0000:00:01.0/0000:01:00.0", Node: "dri/card1", Render: "dri/renderD129", Driver: "virtio_gpu",
		Vendor: 0x1af4, Product: 0x1050, Class: 0x38000, Connectors: []detect.Connector{xtest.Connected("Virtual-1", xtest.HD24.Bytes())}}
	for _, c := range []struct {
		name, render, server string
		first                detect.Connector
		want                 string
	}{
		{"a first card that renders", "dri/renderD128", "/usr/lib/xorg/Xorg", xtest.Connected("eDP-1", xtest.Panel.Bytes()), "on"},
		{"one that does not", "", "/usr/lib/xorg/Xorg", xtest.Connected("eDP-1", xtest.Panel.Bytes()), "unreachable"},
		{"no X in the image: others copy with the processor", "", "", xtest.Connected("eDP-1", xtest.Panel.Bytes()), "on"},
	} {
		f := xtest.Card(c.first)
		f.Image.XServer = c.server
		f.Graphics.Cards[0].Render = c.render
		f.Graphics.Cards = append(f.Graphics.Cards, second)
		f.Machine.Devices = append(f.Machine.Devices, detect.Device{Path: second.Device, Subsystem: "pci", Driver: "virtio-pci", Role: detect.RoleGPU,
			Class: second.Class, Vendor: second.Vendor, Product: second.Product})
		d := Plan(f, xconfig.Preferences{GPU: "pci-0000:00:02.0"})
		o := output(t, d, "Virtual-1")
		if o.State != c.want {
			t.Errorf("%s: %s, %s", c.name, o.State, o.Why)
		}
		if c.want == "unreachable" && d.Width != output(t, d, "eDP-1").Mode.HActive {
			t.Errorf("%s: the desktop is %d wide", c.name, d.Width)
		}
	}
}
