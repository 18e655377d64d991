package xconfig

import (
	"bytes"
	"encoding/binary"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/ulikunitz/xz"

	"attune/detect"
	"attune/internal/corpus"
)

// corpusEDIDs are all EDIDs of the corpus: a length in two bytes before each.
func corpusEDIDs(t testing.TB) (all [][]byte) {
	f, err := os.Open(filepath.Join(corpus.Dir(t), "edid/linuxhw.bin.xz"))
	if err != nil {
		corpus.Missing(t, "no EDIDs: %v", err)
	}
	defer f.Close()
	r, err := xz.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	for len(data) >= 2 {
		n := int(binary.LittleEndian.Uint16(data))
		all, data = append(all, data[2:2+n]), data[2+n:]
	}
	return all
}

// Every real display gets a picture that makes sense, and plain hardware
// nothing X would not do by itself.
func TestEveryRealDisplay(t *testing.T) {
	all := corpusEDIDs(t)
	scales, forced, skipped, sizeless := map[float64]int{}, 0, 0, 0
	for i, raw := range all {
		f := card(connected("HDMI-A-1", raw))
		d := PlanDisplays(f, Preferences{})
		if i%97 == 0 && !reflect.DeepEqual(d, PlanDisplays(f, Preferences{})) {
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
func checkPlan(t *testing.T, i int, d DisplayPlan) {
	t.Helper()
	if d.DPI < minDPI || d.DPI > maxDPI || d.Scale < 1 || d.Scale > maxScale || d.DPIWhy == "" {
		t.Errorf("%d: %d dpi, scale %g, because %q", i, d.DPI, d.Scale, d.DPIWhy)
	}
	var on []rect
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
			on = append(on, rect{o.X, o.Y, w, h})
		}
	}
	if len(on) > 0 && primaries != 1 {
		t.Errorf("%d: %d primary outputs", i, primaries)
	}
	checkLayout(t, i, on)
}

// checkLayout: nothing lies over another, and a pointer reaches everything.
func checkLayout(t *testing.T, i int, on []rect) {
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
	all := corpusEDIDs(t)
	sides := []string{"", "left-of", "above", "below"}
	turns := []string{"", "left", "inverted", "right"}
	for i := 0; i+2 < len(all); i += 29 {
		p := Preferences{Arrange: sides[i%4], Mirror: i%5 == 0}
		if i%3 == 0 {
			p.Outputs = []OutputRule{
				{Match: Match{Connector: "DP-1"}, Rotate: turns[i/3%4], Position: "left-of HDMI-A-1"},
				{Match: Match{Connector: "HDMI-A-1"}, Position: "7,-20"},
				{Match: Match{Role: "largest"}, Mode: "highest"},
			}
		}
		checkPlan(t, i, PlanDisplays(card(connected("eDP-1", all[i]), connected("HDMI-A-1", all[i+1]), connected("DP-1", all[i+2])), p))
	}
}

// FuzzPlanDisplays: whatever a display sends, the plan holds together.
func FuzzPlanDisplays(f *testing.F) {
	f.Add(hd24.bytes(), uhd27.bytes(), "1920x1080", "left-of DP-1", "Left Side Up", "1:1:2:1:0:0:2560:2880")
	f.Add(panel.bytes(), []byte{}, "1920x1080i", "0,0", "", "")
	f.Add(bytes.Repeat([]byte{0xff}, 256), []byte("\x00\xff\xff\xff\xff\xff\xff\x00"), "x", "same-as DP-1", "Upside Down", ":::::::")
	f.Fuzz(func(t *testing.T, a, b []byte, mode, position, orientation, tile string) {
		one, two := connected("eDP-1", a, mode), connected("DP-1", b)
		one.Orientation, one.Tile, two.Tile = orientation, tile, tile
		d := PlanDisplays(card(one, two, detect.Connector{Name: "VGA-1", Type: "VGA", Status: "unknown", Modes: []string{mode, "800x600"}}),
			Preferences{Default: mode, Primary: position, Outputs: []OutputRule{{Mode: mode, Position: position}}})
		checkPlan(t, 0, d)
		d.SVG()
	})
}
