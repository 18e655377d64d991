package detect

import (
	"testing"
	"testing/fstest"
)

func TestExternal(t *testing.T) {
	const (
		port = "devices/pci0000:00/0000:00:07.0"
		box  = port + "/0000:20:00.0/0000:21:01.0/0000:22:00.0"
		tb   = "devices/pci0000:00/0000:00:1c.0/0000:04:00.0"
	)
	k := kin{fstest.MapFS{"sys/" + port + "/0000:20:00.0/removable": {Data: []byte("removable\n")},
		"sys/devices/pci0000:00/0000:00:02.0/removable": {Data: []byte("fixed\n")}}, map[string]*Device{}, false}
	for _, d := range []Device{
		{Path: "devices/pci0000:00/0000:00:02.0"},
		{Path: port}, {Path: port + "/0000:20:00.0"}, {Path: port + "/0000:20:00.0/0000:21:01.0"}, {Path: box},
		{Path: "devices/pci0000:00/0000:00:1c.0"}, {Path: tb}, {Path: tb + "/0000:05:00.0"}, {Path: tb + "/0000:05:01.0"},
		{Path: tb + "/0000:05:00.0/0000:06:00.0", Driver: "thunderbolt"}, {Path: tb + "/0000:05:01.0/0000:07:00.0"},
		{Path: "devices/pci0000:00/0000:00:0d.2", Driver: "thunderbolt"}, // in the processor
	} {
		d.Subsystem = "pci"
		k.at[d.Path] = &d
	}
	usb := Device{Path: "devices/pci0000:00/0000:00:14.0/usb1/1-1", Subsystem: "usb"}
	k.at[usb.Path] = &usb
	for _, row := range []struct {
		name, path string
		want       bool
	}{
		{"the processor's graphics", "devices/pci0000:00/0000:00:02.0", false},
		{"behind a port that leads out", box, true},
		{"the port itself", port, false},
		{"behind a Thunderbolt controller", tb + "/0000:05:01.0/0000:07:00.0", true},
		{"the Thunderbolt controller itself", tb + "/0000:05:00.0/0000:06:00.0", false},
		{"USB", usb.Path, true},
		{"platform", "devices/platform/simple-framebuffer.0", false},
	} {
		if got := k.external(row.path); got != row.want {
			t.Errorf("%s: %v", row.name, got)
		}
	}
}
