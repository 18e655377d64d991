package input

import (
	"testing"

	"attune/detect"
	"attune/internal/xtest"
	"attune/xconfig"
	"attune/xconfig/display"
)

// What a match means in a rule of touch it means in one of outputs: here each
// is asked for the same display by both.
func TestTouchMatchesAsOutputsDo(t *testing.T) {
	// The largest to look at has the fewest pixels.
	wall := xtest.HD24
	wall.WidthMM, wall.HeightMM, wall.Name = 1200, 680, "WALL\x01"
	all := []detect.Connector{xtest.Connected("DP-1", xtest.UHD27.Bytes()), xtest.Connected("HDMI-A-1", wall.Bytes()), xtest.Connected("VGA-1", nil)}
	sensor := detect.Input{Path: "a", Name: "touch", Bus: 3, Vendor: 0x0eef, Product: 1, Kinds: kind(detect.KindTouchscreen), Direct: true, WidthMM: 1200, HeightMM: 680}
	for text, want := range map[string]string{
		"largest": "HDMI-A-1", "touch": "HDMI-A-1", "serial=42": "HDMI-A-1", "serial=0x0000002a": "HDMI-A-1", "serial=7": "DP-1",
		"vendor=gsm": "DP-1", "product=A0B1": "HDMI-A-1", "name=wall*": "HDMI-A-1", "vga-*": "VGA-1", "vendor=*,connector=VGA-1": "", "role=external,connector=DP-1": "DP-1",
		"internal": "", "card=pci-0000:00:02.0,name=attune*": "DP-1", "vendor=DEL,serial=7": "",
	} {
		m, err := xconfig.ParseMatch(text)
		if err != nil {
			t.Fatal(err)
		}
		f := xtest.Card(all...)
		if m.Role == "largest" { // by size, where all tell theirs
			f = xtest.Card(all[:2]...)
		}
		f.Inputs = []detect.Input{sensor}
		p := xconfig.Preferences{
			Outputs: []xconfig.OutputRule{{Match: m, Rotate: "left"}},
			Touch:   []xconfig.TouchRule{{Device: "0eef:0001", Output: m}},
		}
		d := display.Plan(f, p)
		turned := ""
		for _, o := range d.Outputs {
			if o.Rotate == "left" {
				turned += o.Connector
			}
		}
		if in := Plan(f, p, d).Devices[0]; turned != want || in.Output != want {
			t.Errorf("%s: output %q, touch %q, want %q", text, turned, in.Output, want)
		}
	}
}
