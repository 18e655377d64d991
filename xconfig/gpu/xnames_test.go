package gpu

import (
	"strings"
	"testing"

	"attune/detect"
)

// plugs makes connectors of names. "DP-5<105-1" hangs on object 105,
// "DP-1#105" is object 105.
func plugs(names ...string) []detect.Connector {
	var all []detect.Connector
	for _, n := range names {
		c := detect.Connector{Status: "disconnected"}
		n, path, isMST := strings.Cut(n, "<")
		if isMST {
			c.MSTPath, c.Status = "mst:"+path, "connected"
		}
		n, object, _ := strings.Cut(n, "#")
		for _, digit := range object {
			c.Object = c.Object*10 + uint32(digit-'0')
		}
		c.Name = n
		c.Type = n[:strings.LastIndexByte(n, '-')]
		all = append(all, c)
	}
	return all
}

func TestXName(t *testing.T) {
	desk := plugs("DP-1#95", "HDMI-A-1", "DP-2#105", "HDMI-A-2", "DP-5<105-1", "DP-6<105-8-1")
	old := plugs("VGA-1", "DVI-I-1", "DVI-D-1", "HDMI-A-1", "LVDS-1", "SVIDEO-1", "DVI-D-2")
	odd := plugs("eDP-1", "USB-1", "Writeback-1", "HDMI-B-1", "Unknown-1")
	for _, row := range []struct {
		driver     string
		rank       int
		connectors []detect.Connector
		which      string
		want       string // "" when it cannot be known
	}{
		{"modesetting", 0, desk, "HDMI-A-1", "HDMI-1"},
		{"modesetting", 0, desk, "DP-2", "DP-2"},
		{"modesetting", 1, desk, "DP-2", "DP-1-2"},
		{"modesetting", 2, desk, "HDMI-A-2", "HDMI-2-2"},
		{"modesetting", 0, desk, "DP-5", "DP-2-1"},
		{"modesetting", 0, desk, "DP-6", "DP-2-8-1"},
		{"modesetting", 1, desk, "DP-6", "DP-1-2-8-1"},
		{"modesetting", 0, odd, "eDP-1", "eDP-1"},
		{"modesetting", 0, odd, "USB-1", "Unknown20-1"},
		{"modesetting", 1, odd, "USB-1", "Unknown20-1"},
		{"modesetting", 0, odd, "HDMI-B-1", "HDMI-B-1"},
		{"modesetting", 0, odd, "Unknown-1", "None-1"},
		{"modesetting", 0, old, "SVIDEO-1", "SVIDEO-1"},
		{"modesetting", 0, plugs("Virtual-1"), "Virtual-1", "Virtual-1"},
		{"nouveau", 0, desk, "HDMI-A-2", "HDMI-2"},
		{"nouveau", 0, plugs("Virtual-1"), "Virtual-1", "Unknown15-1"},
		{"nouveau", 0, old, "DVI-I-1", "DVI-I-1"},
		{"amdgpu", 0, desk, "DP-1", "DisplayPort-0"},
		{"amdgpu", 0, desk, "DP-2", "DisplayPort-1"},
		{"amdgpu", 0, desk, "HDMI-A-1", "HDMI-A-0"},
		{"amdgpu", 0, desk, "HDMI-A-2", "HDMI-A-1"},
		{"amdgpu", 0, desk, "DP-5", "DisplayPort-1-1"},
		{"amdgpu", 1, desk, "HDMI-A-1", "HDMI-A-1-0"},
		{"amdgpu", 0, odd, "eDP-1", "eDP"},
		{"amdgpu", 1, odd, "eDP-1", "eDP-1-0"},
		{"amdgpu", 0, odd, "HDMI-B-1", "HDMI-B-0"},
		{"amdgpu", 0, plugs("HDMI-A-1", "HDMI-B-1"), "HDMI-B-1", "HDMI-B-1"}, // counted together
		{"radeon", 0, old, "VGA-1", "VGA-0"},
		{"radeon", 0, old, "DVI-I-1", "DVI-0"},
		{"radeon", 0, old, "DVI-D-1", "DVI-1"},
		{"radeon", 0, old, "HDMI-A-1", "HDMI-0"},
		{"radeon", 0, old, "LVDS-1", "LVDS"},
		{"radeon", 0, old, "SVIDEO-1", "S-video"},
		{"radeon", 0, old, "DVI-D-2", "DVI-1"}, // the driver's own clash
		{"intel", 0, desk, "HDMI-A-1", "HDMI1"},
		{"intel", 1, desk, "HDMI-A-1", "HDMI1"},
		{"intel", 0, desk, "DP-5", "DP2-1"},
		{"intel", 0, odd, "USB-1", "UNKNOWN1"},
		{"qxl", 0, plugs("Virtual-1", "Virtual-2"), "Virtual-2", "Virtual-2"},
		{"vmware", 0, plugs("Virtual-1"), "Virtual-1", "Virtual1"},
		{"vmware", 0, odd, "eDP-1", "EDP1"},
		{"vboxvideo", 0, plugs("VGA-1", "VGA-2"), "VGA-2", "VGA-1"},
		{"nvidia", 0, plugs("DP-1", "HDMI-A-1", "DP-2"), "HDMI-A-1", "HDMI-0"},
		{"nvidia", 0, plugs("DP-1", "HDMI-A-1", "DP-2"), "DP-1", ""}, // DP-0 or DP-1
		{"nvidia", 0, desk, "HDMI-A-1", ""},                          // one of two
		{"fbdev", 0, desk, "HDMI-A-1", ""},                           // has one output, "default"
		{"modesetting", 0, desk, "HDMI-A-9", ""},
		{"modesetting", 0, plugs("Weird-1"), "Weird-1", ""},
		{"modesetting", 0, plugs("DP-0"), "DP-0", ""},
		{"modesetting", 0, plugs("DP-1", "DP-2", "DP-3<77-1"), "DP-3", ""}, // on which of the two?
		{"modesetting", 0, plugs("DP-1", "HDMI-A-1", "DP-3<77-1"), "DP-3", "DP-1-1"},
		{"modesetting", 0, plugs("DP-1#7", "DP-3<77-1"), "DP-3", ""},
		{"modesetting", 0, plugs("DP-1#12345", "DP-3<12345-1"), "DP-3", ""}, // the drivers read four digits
	} {
		got, ok := XName(row.driver, row.rank, row.connectors, row.which)
		if got != row.want || ok != (row.want != "") {
			t.Errorf("%s, GPU %d, %s: %q %v, want %q", row.driver, row.rank, row.which, got, ok, row.want)
		}
	}
}

// Two connectors never share a name, but where the driver itself lets them.
func TestXNamesDiffer(t *testing.T) {
	connectors := plugs("eDP-1", "DP-1#5", "DP-2#6", "HDMI-A-1", "HDMI-A-2", "VGA-1", "DP-3<5-1", "DP-4<6-1", "DP-5<6-1-1")
	for _, n := range xNamings {
		for rank := range 3 {
			seen := map[string]string{}
			for _, c := range connectors {
				name, ok := XName(n.driver, rank, connectors, c.Name)
				if other := seen[name]; ok && other != "" {
					t.Errorf("%s: %s and %s are both %q", n.driver, other, c.Name, name)
				}
				seen[name] = c.Name
			}
		}
	}
}

func FuzzXName(f *testing.F) {
	f.Add("modesetting", 1, "DP-5", "mst:105-1-8")
	f.Add("amdgpu", 0, "HDMI-A-1", "")
	f.Add("nvidia", -1, "-", "mst:-")
	f.Fuzz(func(t *testing.T, driver string, rank int, name, path string) {
		all := append(plugs("DP-1#105"), detect.Connector{Name: name, MSTPath: path})
		if got, ok := XName(driver, rank, all, name); len(got) > 31 || ok == (got == "") {
			t.Errorf("%q %v", got, ok)
		}
	})
}
