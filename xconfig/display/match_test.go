package display

import (
	"testing"

	"attune/internal/xtest"
	"attune/xconfig"
)

func TestMatches(t *testing.T) {
	f := xtest.Card(xtest.Connected("HDMI-A-1", xtest.HD24.Bytes()), xtest.Connected("VGA-1", nil))
	d := &displays{}
	for i := range f.Graphics.Cards[0].Connectors {
		d.add(&f.Graphics.Cards[0], &f.Graphics.Cards[0].Connectors[i], nil)
	}
	h, silent := d.heads[0], d.heads[1]
	h.out.Largest = true
	for text, want := range map[string]bool{
		"any": true, "external": true, "internal": false, "largest": true, "touch": false,
		"hdmi-a-1": true, "HDMI-?-1": true, "HDMI*": true, "DP-1": false, "*1": true, "*2": false, "**A**": true,
		"vendor=del": true, "product=A0B1": true, "product=0xa0b1": false, "serial=42": true, "serial=0x0000002a": true,
		"name=attune*": true, "name=24": false, "card=pci-*": true, "vendor=DEL,connector=DP-1": false,
	} {
		m, err := xconfig.ParseMatch(text)
		if err != nil || h.matches(m) != want {
			t.Errorf("%q: want %v (%v)", text, want, err)
		}
	}
	if silent.matches(xconfig.Match{Vendor: "*"}) {
		t.Error("a display that tells no vendor has one")
	}
	if h.matches(xconfig.Match{Role: "sideways"}) {
		t.Error("an unknown role matches")
	}
}
