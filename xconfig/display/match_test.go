package display

import (
	"testing"

	"attune/detect"
	"attune/detect/edid"
	"attune/internal/xtest"
	"attune/xconfig"
)

func TestMatches(t *testing.T) {
	e, err := edid.Parse(xtest.HD24.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	h := &head{card: &detect.Card{ID: "pci-0000:00:02.0"}, conn: &detect.Connector{Name: "HDMI-A-1"}, edid: e}
	h.largest = true
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
	h.edid = nil
	if h.matches(xconfig.Match{Vendor: "*"}) {
		t.Error("a display that tells no vendor has one")
	}
	if h.matches(xconfig.Match{Role: "sideways"}) {
		t.Error("an unknown role matches")
	}
}
