package display

import (
	"bytes"
	"reflect"
	"testing"

	"attune/detect"
	"attune/internal/xtest"
	"attune/xconfig"
)

// Every real display gets a picture that makes sense, and plain hardware
// nothing X would not do by itself.
func TestEveryRealDisplay(t *testing.T) {
	all := xtest.EDIDs(t)
	scales, forced, skipped, sizeless := map[float64]int{}, 0, 0, 0
	for i, raw := range all {
		f := xtest.Card(xtest.Connected("HDMI-A-1", raw))
		d := Plan(f, xconfig.Preferences{})
		if i%97 == 0 && !reflect.DeepEqual(d, Plan(f, xconfig.Preferences{})) {
			t.Fatalf("%d: two plans differ", i)
		}
		o := d.Outputs[0]
		if o.State == "skipped" {
			skipped++
			continue
		}
		checkPlan(t, i, d)
		if o.Mode.Interlaced || !o.Primary || o.X != 0 || o.Y != 0 || o.Mirrors != "" {
			t.Errorf("%d: %+v", i, o)
		}
		if o.WidthMM == 0 {
			sizeless++
		}
		if o.Forced {
			forced++
		}
		scales[o.Scale]++
	}
	t.Logf("%d displays, %d not for a desktop, %d with a mode X would not take, %d without a believable size; scales %v",
		len(all), skipped, forced, sizeless, scales)
	if forced*20 > len(all) {
		t.Errorf("%d of %d need a mode to be told", forced, len(all))
	}
}

// checkPlan holds what is true of every plan.
func checkPlan(t *testing.T, i int, d xconfig.DisplayPlan) {
	t.Helper()
	if d.DPI < minDPI || d.DPI > maxDPI || d.Scale < 1 || d.Scale > maxScale || d.DPIWhy == "" {
		t.Errorf("%d: %d dpi, scale %g, because %q", i, d.DPI, d.Scale, d.DPIWhy)
	}
	var on []xconfig.Rect
	primaries := 0
	for _, o := range d.Outputs {
		if o.State != "on" {
			continue
		}
		if o.Mode.HActive <= 0 || o.Mode.VActive <= 0 || o.ModeWhy == "" || o.Why == "" || o.Scale < 1 || o.Scale > maxScale {
			t.Errorf("%d: %+v", i, o)
		}
		if o.WidthMM < 0 || (o.WidthMM == 0) != (o.HeightMM == 0) {
			t.Errorf("%d: size %dx%d mm", i, o.WidthMM, o.HeightMM)
		}
		if o.Primary {
			primaries++
		}
		w, h := o.Extent()
		if o.X < 0 || o.Y < 0 || o.X+w > d.Width || o.Y+h > d.Height {
			t.Errorf("%d: %s is off the desktop of %dx%d: %+v", i, o.Connector, d.Width, d.Height, o)
		}
		if o.Mirrors == "" {
			on = append(on, xconfig.Rect{X: o.X, Y: o.Y, W: w, H: h})
		}
	}
	if len(on) > 0 && primaries != 1 {
		t.Errorf("%d: %d primary outputs", i, primaries)
	}
	checkLayout(t, i, on)
}

// checkLayout: nothing lies over another, and a pointer reaches everything.
func checkLayout(t *testing.T, i int, on []xconfig.Rect) {
	t.Helper()
	reached := map[int]bool{0: true}
	for range on {
		for a := range on {
			for b := range on {
				if a != b && overlap(on[a], on[b]) {
					t.Errorf("%d: %v lies over %v", i, on[a], on[b])
					return
				}
				if reached[a] && adjoin(on[a], on[b]) {
					reached[b] = true
				}
			}
		}
	}
	if len(on) > 0 && len(reached) != len(on) {
		t.Errorf("%d: a gap in %v", i, on)
	}
}

// Real displays in threes, in all arrangements, turned and mirrored.
func TestRealDisplaysTogether(t *testing.T) {
	all := xtest.EDIDs(t)
	sides := []string{"", "left-of", "above", "below"}
	turns := []string{"", "left", "inverted", "right"}
	for i := 0; i+2 < len(all); i += 29 {
		p := xconfig.Preferences{Arrange: sides[i%4], Mirror: i%5 == 0}
		if i%3 == 0 {
			p.Outputs = []xconfig.OutputRule{
				{Match: xconfig.Match{Connector: "DP-1"}, Rotate: turns[i/3%4], Position: "left-of HDMI-A-1"},
				{Match: xconfig.Match{Connector: "HDMI-A-1"}, Position: "7,-20"},
				{Match: xconfig.Match{Role: "largest"}, Mode: "highest"},
			}
		}
		checkPlan(t, i, Plan(xtest.Card(xtest.Connected("eDP-1", all[i]), xtest.Connected("HDMI-A-1", all[i+1]), xtest.Connected("DP-1", all[i+2])), p))
	}
}

// FuzzPlanDisplays: whatever a display sends, the plan holds together.
func FuzzPlanDisplays(f *testing.F) {
	f.Add(xtest.HD24.Bytes(), xtest.UHD27.Bytes(), "1920x1080", "left-of DP-1", "Left Side Up", "1:1:2:1:0:0:2560:2880")
	f.Add(xtest.Panel.Bytes(), []byte{}, "1920x1080i", "0,0", "", "")
	f.Add(bytes.Repeat([]byte{0xff}, 256), []byte("\x00\xff\xff\xff\xff\xff\xff\x00"), "x", "same-as DP-1", "Upside Down", ":::::::")
	f.Fuzz(func(t *testing.T, a, b []byte, mode, position, orientation, tile string) {
		one, two := xtest.Connected("eDP-1", a, mode), xtest.Connected("DP-1", b)
		one.Orientation, one.Tile, two.Tile = orientation, tile, tile
		d := Plan(xtest.Card(one, two, detect.Connector{Name: "VGA-1", Type: "VGA", Status: "unknown", Modes: []string{mode, "800x600"}}),
			xconfig.Preferences{Default: mode, Primary: position, Outputs: []xconfig.OutputRule{{Mode: mode, Position: position}}})
		checkPlan(t, 0, d)
		SVG(d)
	})
}
