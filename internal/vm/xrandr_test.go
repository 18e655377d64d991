package vm

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

const xrandrText = `Screen 0: minimum 320 x 200, current 2624 x 900, maximum 8192 x 8192
Virtual-1 connected primary 1600x900+0+0 (normal left inverted right x axis y axis) 406mm x 228mm
   1600x900      75.00*+
   1024x768      60.00  
Virtual-2 connected 768x1024+1600+0 left (normal left inverted right x axis y axis) 260mm x 195mm
   1024x768      74.99 +  60.00* 
Virtual-3 disconnected (normal left inverted right x axis y axis)
default connected 800x600+0+0 0mm x 0mm
   800x600        0.00* 
`

func TestParseXrandr(t *testing.T) {
	got, err := ParseXrandr(xrandrText)
	if err != nil {
		t.Fatal(err)
	}
	want := []XOutput{
		{Name: "Virtual-1", Connected: true, Primary: true, Mode: "1600x900", Preferred: "1600x900", W: 1600, H: 900, Rotation: "normal", WMM: 406, HMM: 228},
		{Name: "Virtual-2", Connected: true, Mode: "1024x768", Preferred: "1024x768", W: 768, H: 1024, X: 1600, Rotation: "left", WMM: 260, HMM: 195},
		{Name: "Virtual-3", Rotation: "normal"},
		{Name: "default", Connected: true, Mode: "800x600", W: 800, H: 600, Rotation: "normal"},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if _, err := ParseXrandr("Can't open display :0\n"); err == nil {
		t.Error("no screen is no error")
	}
}

func FuzzParseXrandr(f *testing.F) {
	f.Add(xrandrText)
	f.Fuzz(func(t *testing.T, text string) {
		if out, err := ParseXrandr(text); err == nil && len(out) == 0 {
			t.Error("neither outputs nor an error")
		}
	})
}
