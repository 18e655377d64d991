package xtest

import (
	"strings"

	"attune/detect"
	"attune/detect/edid/timing"
	"attune/xconfig"
)

// Debian12 has what Debian 12's xserver-xorg-video-all brings.
var Debian12 = xconfig.Image{
	XServer: "/usr/lib/xorg/Xorg",
	Drivers: []string{"amdgpu", "ati", "fbdev", "intel", "modesetting", "nouveau", "qxl", "radeon", "vesa", "vmware"},
}

// Card is an Intel GPU with connectors.
func Card(connectors ...detect.Connector) xconfig.Facts {
	return xconfig.Facts{
		Machine: detect.Inventory{Devices: []detect.Device{{
			Path: "devices/pci0000:00/0000:00:02.0", Subsystem: "pci", Driver: "i915", Role: detect.RoleGPU,
			Class: 0x30000, Vendor: 0x8086, Product: 0x3e92, BootVGA: true,
		}}},
		Image: Debian12,
		Graphics: detect.Graphics{Cards: []detect.Card{{
			ID: "pci-0000:00:02.0", Device: "devices/pci0000:00/0000:00:02.0", Node: "dri/card0", Driver: "i915",
			Vendor: 0x8086, Product: 0x3e92, Class: 0x30000, BootVGA: true, Connectors: connectors,
		}}},
	}
}

// Connected is a connector with a display on it: its EDID, and its modes as the
// kernel lists them. Panels are internal.
func Connected(name string, edid []byte, modes ...string) detect.Connector {
	kind := name[:strings.LastIndexByte(name, '-')]
	return detect.Connector{Name: name, Type: kind, Status: "connected", EDID: edid, Modes: modes,
		Internal: kind == "eDP" || kind == "LVDS" || kind == "DSI"}
}

// Displays as they are sold: by their diagonal in inches, a laptop's panel, and
// a small tablet's, which is higher than wide.
var (
	HD24   = EDID{Vendor: "DEL", Product: 0xa0b1, Serial: 42, Name: "ATTUNE 24", WidthMM: 530, HeightMM: 300, Modes: []timing.Mode{CVT(1920, 1080, 60), CVT(1280, 720, 60)}}
	UHD27  = EDID{Vendor: "GSM", Product: 0x5b09, Serial: 7, Name: "ATTUNE 27", WidthMM: 597, HeightMM: 336, Modes: []timing.Mode{CVT(3840, 2160, 60), CVT(1920, 1080, 60)}}
	Panel  = EDID{Vendor: "BOE", Product: 0x0a1b, WidthMM: 309, HeightMM: 174, Modes: []timing.Mode{CVT(1920, 1080, 60)}}
	Tablet = EDID{Vendor: "BOE", Product: 0x0a1c, WidthMM: 108, HeightMM: 172, Modes: []timing.Mode{CVT(800, 1280, 60)}}
)
