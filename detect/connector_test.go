package detect

import (
	"slices"
	"testing"
	"testing/fstest"
)

func TestInternalPanel(t *testing.T) {
	laptop, desktop := DMI{ChassisType: "10"}, DMI{ChassisType: "3"}
	for _, row := range []struct {
		name string
		c    Connector
		card Card
		dmi  DMI
		want bool
	}{
		{"eDP", Connector{Type: "eDP"}, Card{}, desktop, true},
		{"LVDS", Connector{Type: "LVDS"}, Card{}, laptop, true},
		{"DSI", Connector{Type: "DSI"}, Card{}, DMI{}, true},
		{"a monitor on a laptop", Connector{Type: "HDMI-A"}, Card{}, laptop, false},
		{"a panel on DP whose mounting is known", Connector{Type: "DP", Orientation: "Normal"}, Card{}, laptop, true},
		{"the firmware's picture on a laptop", Connector{Type: "Unknown"}, Card{Firmware: true}, laptop, true},
		{"the firmware's picture on a desktop", Connector{Type: "Unknown"}, Card{Firmware: true}, desktop, false},
		{"an unknown connector of a real card", Connector{Type: "Unknown"}, Card{}, laptop, false},
		{"a virtual machine", Connector{Type: "Virtual"}, Card{}, DMI{ChassisType: "1"}, false},
	} {
		got, why := internalPanel(row.c, row.card, row.dmi)
		if got != row.want || got != (why != "") {
			t.Errorf("%s: %v because %q", row.name, got, why)
		}
	}
}

func TestSortConnectors(t *testing.T) {
	names := []string{"DP-10", "DP-2", "HDMI-A-1", "DP-1", "eDP-1", "HDMI-A-2", "odd"}
	for _, row := range []struct {
		name string
		ids  map[string]uint32
		want []string
	}{
		{"ids known", map[string]uint32{"DP-10": 9, "DP-2": 3, "HDMI-A-1": 1, "DP-1": 2, "eDP-1": 5, "HDMI-A-2": 4, "odd": 99},
			[]string{"HDMI-A-1", "DP-1", "DP-2", "HDMI-A-2", "eDP-1", "DP-10", "odd"}},
		{"one id unknown", map[string]uint32{"DP-10": 9, "DP-2": 3},
			[]string{"eDP-1", "DP-1", "HDMI-A-1", "DP-2", "HDMI-A-2", "DP-10", "odd"}},
	} {
		var all []Connector
		for _, n := range names {
			all = append(all, Connector{Name: n, Type: connectorType(n), Object: row.ids[n]})
		}
		sortConnectors(all)
		var got []string
		for _, c := range all {
			got = append(got, c.Name)
		}
		if !slices.Equal(got, row.want) {
			t.Errorf("%s: %v, wanted %v", row.name, got, row.want)
		}
	}
}

func TestConnectorType(t *testing.T) {
	for name, want := range map[string]string{"HDMI-A-1": "HDMI-A", "eDP-1": "eDP", "DP-12": "DP", "odd": "odd", "-1": "-1", "DVI-I-1": "DVI-I"} {
		if got := connectorType(name); got != want {
			t.Errorf("%s is of type %q", name, got)
		}
	}
}

// An EDID is read whole, and no more than an EDID can be.
func TestConnectorEDID(t *testing.T) {
	const at = "sys/devices/x/drm/card0/card0-DP-1"
	for _, size := range []int{0, 128, 384, 4096, 8192, 256 * 128, 256*128 + 1, 1 << 20} {
		root := fstest.MapFS{at + "/edid": {Data: make([]byte, size)}, at + "/status": {Data: []byte("connected\n")}}
		f := newFinder(root, nil)
		c, ok := within(f, "x", func(r *reader) Connector { return r.connector("devices/x/drm/card0/card0-DP-1") })
		if !ok || c.Status != "connected" || len(c.EDID) != min(size, 256*128) || size == 0 && c.EDID != nil {
			t.Errorf("of %d bytes %d were read", size, len(c.EDID))
		}
	}
}

func TestNatural(t *testing.T) {
	for _, row := range [][]string{
		{"card0", "card1", "card9", "card10"},
		{"DP-2", "DP-10", "HDMI-A-1"},
		{"", "a", "a0", "a1", "a01b", "b"},
		{"input7", "input007x"},
	} {
		for i := range row[1:] {
			if natural(row[i], row[i+1]) >= 0 || natural(row[i+1], row[i]) <= 0 {
				t.Errorf("%q is not before %q", row[i], row[i+1])
			}
		}
	}
}
