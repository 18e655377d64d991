package xconfig

import (
	"strings"
	"testing"

	"attune/detect"
	"attune/detect/edid/timing"
)

// card is an Intel GPU with connectors.
func card(connectors ...detect.Connector) Facts {
	return Facts{
		Machine: detect.Inventory{Devices: []detect.Device{{
			Path: "devices/pci0000:00/0000:00:02.0", Subsystem: "pci", Driver: "i915", Role: detect.RoleGPU,
			Class: 0x30000, Vendor: 0x8086, Product: 0x3e92, BootVGA: true,
		}}},
		Image: debian12,
		Graphics: detect.Graphics{Cards: []detect.Card{{
			ID: "pci-0000:00:02.0", Device: "devices/pci0000:00/0000:00:02.0", Node: "dri/card0", Driver: "i915",
			Vendor: 0x8086, Product: 0x3e92, Class: 0x30000, BootVGA: true, Connectors: connectors,
		}}},
	}
}

func connected(name string, edid []byte, modes ...string) detect.Connector {
	kind := name[:strings.LastIndexByte(name, '-')]
	return detect.Connector{Name: name, Type: kind, Status: "connected", EDID: edid, Modes: modes,
		Internal: kind == "eDP" || kind == "LVDS" || kind == "DSI"}
}

var (
	hd24   = edidMaker{vendor: "DEL", product: 0xa0b1, serial: 42, name: "ATTUNE 24", wMM: 530, hMM: 300, modes: []timing.Mode{cvt(1920, 1080, 60), cvt(1280, 720, 60)}}
	uhd27  = edidMaker{vendor: "GSM", product: 0x5b09, serial: 7, name: "ATTUNE 27", wMM: 597, hMM: 336, modes: []timing.Mode{cvt(3840, 2160, 60), cvt(1920, 1080, 60)}}
	panel  = edidMaker{vendor: "BOE", product: 0x0a1b, wMM: 309, hMM: 174, modes: []timing.Mode{cvt(1920, 1080, 60)}}
	tablet = edidMaker{vendor: "BOE", product: 0x0a1c, wMM: 108, hMM: 172, modes: []timing.Mode{cvt(800, 1280, 60)}}
)

func output(t *testing.T, d DisplayPlan, connector string) Output {
	t.Helper()
	for _, o := range d.Outputs {
		if o.Connector == connector {
			return o
		}
	}
	t.Fatalf("no output %s in %+v", connector, d.Outputs)
	return Output{}
}

func noted(d DisplayPlan, subject, part string) bool {
	for _, n := range d.Notes {
		if n.Subject == subject && strings.Contains(n.Text, part) {
			return true
		}
	}
	return false
}

// One screen with a good EDID asks for nothing.
func TestPlainHardware(t *testing.T) {
	d := PlanDisplays(card(connected("HDMI-A-1", hd24.bytes(), "1920x1080", "1280x720"), detect.Connector{Name: "DP-1", Type: "DP", Status: "disconnected"}), Preferences{})
	o := output(t, d, "HDMI-A-1")
	if o.State != "on" || o.Forced || o.Placed || o.Rotate != "normal" || o.Scale != 1 || !o.Primary || o.Mode.HActive != 1920 || o.Mode.Clock == 0 {
		t.Errorf("%+v", o)
	}
	if o.Display != "DEL-a0b1-0000002a" || o.Name != "ATTUNE 24" || o.WidthMM != 530 || o.Why == "" || o.ModeWhy == "" {
		t.Errorf("%+v", o)
	}
	if d.Width != 1920 || d.Height != 1080 || d.DPI != 96 || d.Scale != 1 || len(d.Notes) != 0 || d.DPIWhy == "" {
		t.Errorf("%dx%d %d dpi (%s), notes %v", d.Width, d.Height, d.DPI, d.DPIWhy, d.Notes)
	}
	if o := output(t, d, "DP-1"); o.State != "disconnected" || o.Primary {
		t.Errorf("%+v", o)
	}
}
