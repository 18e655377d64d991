package records

import (
	"testing"

	"attune/detect"
	"attune/internal/xtest"
)

const card = "pci-0000:00:02.0"

func on(connector, model, serial string) Display {
	return Display{card, connector, "DEL", model, serial}
}

func TestSame(t *testing.T) {
	left, right := on("DP-1", "a0b1", "s1"), on("DP-2", "a0b1", "s2")
	panel := on("eDP-1", "0a1b", "")
	silent := Display{Card: card, Connector: "VGA-1"}
	for _, row := range []struct {
		name       string
		want, have []Display
		machine    bool // the same kind
		fit        int
		at         string // where the first of want is now
	}{
		{"as it was", []Display{left, right}, []Display{left, right}, true, 3, "DP-1"},
		{"on another kind of machine", []Display{left, right}, []Display{left, right}, false, 3, "DP-1"},
		{"cables exchanged: the layout follows the displays", []Display{left, right}, []Display{on("DP-1", "a0b1", "s2"), on("DP-2", "a0b1", "s1")}, false, 2, "DP-2"},
		{"plugged in elsewhere", []Display{left}, []Display{on("HDMI-A-1", "a0b1", "s1")}, false, 2, "HDMI-A-1"},
		{"the lab PC beside it", []Display{left, right}, []Display{on("DP-1", "a0b1", "s8"), on("DP-2", "a0b1", "s9")}, true, 1, "DP-1"},
		{"the same models on another kind of machine", []Display{left}, []Display{on("DP-1", "a0b1", "s8")}, false, 0, ""},
		{"another model in its place", []Display{left}, []Display{on("DP-1", "ffff", "s8")}, true, 0, ""},
		{"another model with its serial number", []Display{left}, []Display{on("DP-1", "ffff", "s1")}, true, 0, ""},
		{"one more", []Display{left}, []Display{left, right}, true, 0, ""},
		{"one fewer", []Display{left, right}, []Display{left}, true, 0, ""},
		{"none", nil, nil, true, 0, ""},
		{"a laptop and its monitor", []Display{panel, left}, []Display{panel, left}, true, 3, "eDP-1"},
		{"a laptop and its monitor at another socket", []Display{panel, left}, []Display{panel, on("HDMI-A-1", "a0b1", "s1")}, true, 2, "eDP-1"},
		{"another laptop at that monitor", []Display{panel, left}, []Display{panel, left}, false, 0, ""},
		{"two of one model whose maker gave both one number", []Display{on("DP-1", "a0b1", "s1"), on("DP-2", "a0b1", "s1")}, []Display{on("DP-2", "a0b1", "s1"), on("DP-1", "a0b1", "s1")}, false, 3, "DP-1"},
		{"and elsewhere nobody knows which is which", []Display{on("DP-1", "a0b1", "s1"), on("DP-2", "a0b1", "s1")}, []Display{on("DP-3", "a0b1", "s1"), on("DP-4", "a0b1", "s1")}, true, 0, ""},
		{"one that tells nothing", []Display{silent}, []Display{silent}, true, 3, "VGA-1"},
		{"one that tells nothing, on another machine", []Display{silent}, []Display{silent}, false, 0, ""},
		{"one that tells nothing, at another socket", []Display{silent}, []Display{{Card: card, Connector: "VGA-2"}}, true, 0, ""},
		{"two cards with connectors of one name", []Display{{"a", "DP-1", "DEL", "1", "x"}, {"b", "DP-1", "DEL", "1", "y"}}, []Display{{"a", "DP-1", "DEL", "1", "x"}, {"b", "DP-1", "DEL", "1", "y"}}, false, 3, "DP-1"},
		{"written by hand, without the card", []Display{{Connector: "DP-1", Vendor: "DEL", Product: "a0b1"}}, []Display{on("DP-1", "a0b1", "")}, true, 3, "DP-1"},
	} {
		fit, at := same(row.want, row.have, row.machine)
		if fit != row.fit || fit > 0 && at[row.want[0].at()].connector != row.at {
			t.Errorf("%s: %d, %v; want %d", row.name, fit, at, row.fit)
		}
	}
}

// What a record says of a display tells it from others and gives away no
// serial number.
func TestSerial(t *testing.T) {
	of := func(number uint32) Display {
		e := xtest.HD24
		e.Serial = number
		return displayOf(card, "DP-1", e.Bytes())
	}
	if a, b := of(42), of(43); a.Serial == b.Serial || a.Serial != of(42).Serial || a.model() != b.model() {
		t.Errorf("%+v %+v", a, b)
	}
	for _, none := range []uint32{0, 1, 0x01010101, 0xffffffff} {
		if d := of(none); d.Serial != "" {
			t.Errorf("%#x is taken for a serial number: %+v", none, d)
		}
	}
	for _, junk := range [][]byte{nil, {}, []byte("EDID"), make([]byte, 128)} {
		if d := displayOf(card, "DP-1", junk); d.Serial != "" || d.Connector != "DP-1" {
			t.Errorf("%q: %+v", junk, d)
		}
	}
}

// Which displays are there: those connected, not what the firmware left; where
// all are asleep, those of the boot before.
func TestDisplays(t *testing.T) {
	hd := xtest.HD24.Bytes()
	off := detect.Connector{Name: "HDMI-A-1", Type: "HDMI-A", Status: "disconnected"}
	h := Hardware{
		Graphics:   detect.Graphics{Cards: []detect.Card{{ID: "simple", Firmware: true, Connectors: []detect.Connector{xtest.Connected("Unknown-1", nil)}}}},
		Remembered: map[string][]byte{card + "/HDMI-A-1": hd, card + "/DP-9": hd},
	}
	if got := h.Displays(); len(got) != 0 {
		t.Errorf("the firmware's: %+v", got)
	}
	h.Graphics = xtest.Card(off, xtest.Connected("DP-1", nil)).Graphics
	if got := h.Displays(); len(got) != 1 || got[0] != (Display{Card: card, Connector: "DP-1"}) {
		t.Errorf("one that tells nothing: %+v", got)
	}
	h.Graphics = xtest.Card(off).Graphics
	if got := h.Displays(); len(got) != 1 || got[0].Vendor != "DEL" || got[0].Connector != "HDMI-A-1" {
		t.Errorf("asleep: %+v", got)
	}
}
