package records

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"attune/detect"
	"attune/internal/settings"
	"attune/internal/xtest"
	"attune/xconfig"
)

// laptop is a machine with a panel, a monitor and a touchscreen.
func laptop() Hardware {
	f := xtest.Card(xtest.Connected("eDP-1", xtest.Panel.Bytes()), xtest.Connected("DP-1", xtest.HD24.Bytes()))
	f.Machine.DMI = detect.DMI{SysVendor: "LENOVO", ProductName: "20L5"}
	return Hardware{
		Inventory: f.Machine, Graphics: f.Graphics,
		Inputs: []detect.Input{{Name: "Touch", Phys: "usb-0000:00:14.0-2/input0", Bus: 3, Vendor: 0x0eef, Product: 1, Kinds: []detect.InputKind{detect.KindTouchscreen}, Absolute: true}},
	}
}

// choose is a record made of words on a machine.
func choose(t *testing.T, h Hardware, kind string, words ...string) Record {
	t.Helper()
	c, err := Choose(kind, words, h, false)
	if err != nil {
		t.Fatal(err)
	}
	c.Scope, c.Origin = Machine, ByUser
	if c.Value, err = c.With(nil); err != nil {
		t.Fatal(err)
	}
	if err := c.Check(); err != nil {
		t.Fatal(err)
	}
	return c.Record
}

// said is what settings are told, in one line for each layer.
func said(layers []settings.Layer) string {
	var lines []string
	for _, l := range layers {
		var parts []string
		for _, key := range []string{"keyboard.layout", "keyboard.variant", "keyboard.model", "keyboard.options"} {
			if v, ok := l.Values[key]; ok {
				parts = append(parts, fmt.Sprintf("%s=%v", key, v))
			}
		}
		for _, o := range l.Outputs {
			parts = append(parts, strings.Join(strings.Fields(fmt.Sprintf("%s %s %s %s %v", o.Match.Connector, o.Mode, o.Position, o.Rotate, map[bool]string{true: "primary"}[o.Primary])), " "))
		}
		for _, r := range l.Touch {
			parts = append(parts, strings.TrimSpace(fmt.Sprintf("%s on %s %s", r.Device, r.Output, r.Rotate)))
		}
		lines = append(lines, fmt.Sprintf("%s: %s", l.Rank, strings.Join(parts, ", ")))
	}
	return strings.Join(lines, "\n")
}

// What is chosen on a machine is said there, and on others only where it is
// meant.
func TestProject(t *testing.T) {
	base := laptop()
	other := func(change func(*Hardware)) Hardware {
		h := laptop()
		change(&h)
		return h
	}
	connectors := func(c ...detect.Connector) func(*Hardware) {
		return func(h *Hardware) { h.Graphics = xtest.Card(c...).Graphics }
	}
	panel := xtest.Connected("eDP-1", xtest.Panel.Bytes())
	elsewhere := other(func(h *Hardware) { h.Inventory.DMI.ProductName = "another" })
	docked := other(connectors(panel, xtest.Connected("HDMI-A-1", xtest.HD24.Bytes())))
	swapped := other(connectors(panel, xtest.Connected("DP-1", xtest.UHD27.Bytes())))
	touchless := other(func(h *Hardware) { h.Inputs = nil })
	keyboard := choose(t, base, "keyboard", "layout=de", "options=compose:ralt")
	layout := choose(t, base, "display", "DP-1.mode=1280x720", "DP-1.primary=true", "eDP-1.position=left-of DP-1")
	touch := choose(t, base, "touch", "device=0eef:0001", "output=DP-1", "rotate=left")
	inner := choose(t, base, "touch", "device=Touch", "output=internal")
	for _, row := range []struct {
		name string
		r    Record
		h    Hardware
		want string
	}{
		{"a keyboard", keyboard, base, "local state: keyboard.layout=de, keyboard.variant=, keyboard.options=compose:ralt"},
		{"a keyboard, elsewhere", keyboard, elsewhere, ""},
		{"a layout", layout, base, "local state: DP-1 1280x720 primary, eDP-1 left-of DP-1"},
		{"a layout whose monitor is at another socket", layout, docked, "local state: HDMI-A-1 1280x720 primary, eDP-1 left-of HDMI-A-1"},
		{"a layout without its monitor", layout, other(connectors(panel)), ""},
		{"a layout with another monitor", layout, swapped, ""},
		{"a layout, elsewhere", layout, elsewhere, ""}, // that panel tells no serial number
		{"a touch", touch, base, "local state: 0eef:0001 on connector=DP-1,card=pci-0000:00:02.0 left"},
		{"a touch on its monitor at another socket", touch, docked, "local state: 0eef:0001 on connector=HDMI-A-1,card=pci-0000:00:02.0 left"},
		{"a touch whose monitor is another", touch, swapped, ""},
		{"a touch that is not here", touch, touchless, ""},
		{"a touch on its own monitor, elsewhere", touch, other(func(h *Hardware) { h.Inventory.DMI.ProductName = "another" }), "local state: 0eef:0001 on connector=DP-1,card=pci-0000:00:02.0 left"},
		{"a touch on the panel", inner, base, "local state: 0eef:0001 on role=internal"},
		{"a touch on the panel, elsewhere", inner, elsewhere, ""},
	} {
		got := said(Project([]Stored{{Record: row.r, Path: "/r", In: Machine}}, row.h))
		if got != row.want {
			t.Errorf("%s:\n%s\nwant\n%s", row.name, got, row.want)
		}
	}
}

// Of two records the surer, the stronger and the one that stands in for the
// other wins, in that order: settings hear it last.
func TestOrder(t *testing.T) {
	h := laptop()
	rec := func(in Scope, rank int, layout string, m map[string]string) Stored {
		return Stored{Record{Version, "keyboard", in, ByUser, Match{Machine: m}, &Keyboard{Layout: layout}}, "/" + layout, in, rank}
	}
	vendor := map[string]string{"sys_vendor": "lenovo"}
	model := map[string]string{"sys_vendor": "LENOVO", "product_name": "20L*"}
	all := []Stored{
		rec(Ephemeral, 3, "ephemeral", vendor),
		rec(Machine, 2, "hidden", vendor), // by the one before
		rec(Machine, 2, "model", model),
		rec(Machine, 2, "any", nil),
		rec(Site, 0, "image", model),
		rec(Site, 1, "others", map[string]string{"sys_vendor": "Dell"}),
	}
	var order []string
	for _, l := range Project(all, h) {
		order = append(order, fmt.Sprintf("%s %v", l.Rank, l.Values["keyboard.layout"]))
	}
	if d := cmp.Diff([]string{"local state any", "local state model", "local state ephemeral"}, order); d != "" {
		t.Error(d)
	}
}

// A layout as it is planned now changes nothing, and every change of one thing
// leaves the rest as it is.
func TestWordsDisplay(t *testing.T) {
	h := laptop()
	plan := xconfig.DisplayPlan{Outputs: []xconfig.Output{
		{Card: card, Connector: "eDP-1", State: "on", Mode: xtest.CVT(1920, 1080, 60), Rotate: "normal", Scale: 1, Primary: true},
		{Card: card, Connector: "DP-1", State: "on", Mode: xtest.CVT(1280, 720, 60), X: 1920, Rotate: "left", Scale: 2},
	}}
	for _, row := range []struct {
		name  string
		words []string
		want  string
	}{
		{"as planned", nil, "DP-1 1280x720@59.98 at 1920,0 turned left scale 2; eDP-1 1920x1080@59.93 at 0,0 turned normal scale 1 primary"},
		{"another primary", []string{"DP-1.primary=true"}, "DP-1 1280x720@59.98 at 1920,0 turned left scale 2 primary; eDP-1 1920x1080@59.93 at 0,0 turned normal scale 1"},
		{"one off", []string{"eDP-1.off=true", "DP-1.position="}, "DP-1 1280x720@59.98 turned left scale 2; eDP-1 off turned normal scale 1"},
		{"off and on again", []string{"dp-1.off=true", "dp-1.mode=preferred"}, "DP-1 preferred turned left scale 2; eDP-1 1920x1080@59.93 at 0,0 turned normal scale 1 primary"},
	} {
		c, err := ChooseCurrent(plan, row.words, h, false)
		if err != nil {
			t.Fatal(err)
		}
		v, err := c.With(nil)
		if err != nil || v.String() != row.want {
			t.Errorf("%s: %v, %v\nwant %s", row.name, v, err, row.want)
		}
	}
}

// Words that choose nothing are told, and by what they should have been.
func TestWordsWrong(t *testing.T) {
	h := laptop()
	h.Inputs = append(h.Inputs, h.Inputs[0])
	h.Inputs[1].Phys = "usb-0000:00:14.0-3/input0"
	for _, row := range []struct {
		kind, words, want string
	}{
		{"hologram", "x=y", "want one of display, keyboard, touch"},
		{"keyboard", "", "want KEY=VALUE"},
		{"keyboard", "de", "want KEY=VALUE"},
		{"keyboard", "leyout=de", "want one of layout"},
		{"keyboard", "layout=", "want a layout"},
		{"keyboard", "layout=d e", "keyboard database"},
		{"display", "mode=1280x720", "of which display? want CONNECTOR.mode=1280x720"},
		{"display", "VGA-1.mode=1280x720", "there are DP-1 (DEL a0b1), eDP-1 (BOE 0a1b)"},
		{"display", "DP-1.colour=red", "want one of mode"},
		{"display", "DP-1.mode=huge", "want WIDTHxHEIGHT"},
		{"display", "DP-1.position=behind DP-2", "want X,Y"},
		{"display", "DP-1.scale=9", "from 1 to 4"},
		{"display", "DP-1.scale=big", "want a number"},
		{"display", "DP-1.mode=", "0 outputs"},
		{"touch", "output=DP-1", "which device? There are 0eef:0001"},
		{"touch", "device=0eef:0001 output=DP-1", "are 2 devices"},
		{"touch", "device=Mouse", "is here. There are"},
		{"touch", "device=usb-0000:00:14.0-3/input0 output=HDMI-9", "there are DP-1"},
		{"touch", "device=usb-0000:00:14.0-3/input0 output=touch", "want internal"},
	} {
		words := strings.Split(row.words, " ")
		if row.words == "" {
			words = nil
		}
		if strings.HasPrefix(row.want, "want X,Y") || row.want == "keyboard database" {
			words = []string{row.words}
		}
		c, err := Choose(row.kind, words, h, true)
		if err == nil {
			_, err = c.With(nil)
		}
		if err == nil || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%s %s: %v, want %s", row.kind, row.words, err, row.want)
		}
	}
	one := choose(t, h, "touch", "device=usb-0000:00:14.0-3/input0", "output=all")
	if got := said(Project([]Stored{{Record: one, In: Machine}}, h)); got != "local state: usb-0000:00:14.0-3/input0 on any" {
		t.Error(got)
	}
	if _, err := Choose("keyboard", []string{"layout=de"}, Hardware{}, false); err != ErrNameless {
		t.Error(err)
	}
}

// Of two connectors of one name the same one is meant each time.
func TestMovedIsSteady(t *testing.T) {
	at := map[place]place{{"a", "DP-1"}: {"a", "DP-3"}, {"b", "DP-1"}: {"b", "DP-4"}, {"c", "DP-1"}: {"c", "DP-5"}}
	for range 100 {
		if got := (Output{Card: "x", Connector: "HDMI-1", Position: "left-of DP-1"}).moved(at); got != "left-of DP-3" {
			t.Fatal(got)
		}
	}
}
