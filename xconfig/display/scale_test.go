package display

import (
	"testing"

	"attune/detect/edid/timing"
	"attune/internal/xtest"
	"attune/xconfig"
)

func TestScale(t *testing.T) {
	for _, c := range []struct {
		name       string
		w, h       int // mm
		pw, ph     int
		scale      float64
		dpi        int
		believedMM int // width
	}{
		{"24 inch full HD", 530, 300, 1920, 1080, 1, 96, 530},
		{"27 inch 4K", 597, 336, 3840, 2160, 1.5, 144, 597},
		{"32 inch 4K: a quarter more is left at 1", 697, 392, 3840, 2160, 1, 96, 697},
		{"14 inch full HD, the commonest laptop", 309, 174, 1920, 1080, 1, 96, 309},
		{"14 inch 2560x1440", 309, 174, 2560, 1440, 1.5, 144, 309},
		{"7 inch panel, its area leaves a quarter", 155, 87, 1024, 600, 1, 96, 155},
		{"15.6 inch full HD", 344, 194, 1920, 1080, 1, 96, 344},
		{"13 inch 4K", 288, 180, 3840, 2400, 2.5, 240, 288},
		{"8 inch tablet keeps its area", 108, 172, 800, 1280, 1.5, 144, 108},
		{"tiny panel at most three times", 70, 124, 2160, 3840, 3, 288, 70},
		{"small screen of few pixels", 95, 54, 800, 480, 1, 96, 95},
		{"television that gives a ratio", 1600, 900, 3840, 2160, 1, 96, 0},
		{"ratio in centimetres", 160, 90, 3840, 2160, 1, 96, 0},
		{"projector", 0, 0, 1920, 1080, 1, 96, 0},
		{"another shape than the picture's", 150, 150, 1920, 1080, 1, 96, 0},
		{"portrait panel told as landscape", 172, 108, 800, 1280, 1.5, 144, 108},
		{"a wall", 2500, 1406, 1920, 1080, 1, 96, 2500},
		{"a stamp", 20, 12, 1920, 1080, 1, 96, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := xtest.EDID{WidthMM: c.w, HeightMM: c.h, Modes: []timing.Mode{xtest.CVT(c.pw, c.ph, 60)}}
			d := Plan(xtest.Card(xtest.Connected("HDMI-A-1", m.Bytes())), xconfig.Preferences{})
			o := d.Outputs[0]
			if o.Scale != c.scale || d.DPI != c.dpi || o.WidthMM != c.believedMM {
				t.Errorf("scale %g, %d dpi, %d mm (%s); want %g, %d, %d", o.Scale, d.DPI, o.WidthMM, o.ScaleWhy, c.scale, c.dpi, c.believedMM)
			}
		})
	}
}

func TestScaleByPreference(t *testing.T) {
	f := xtest.Card(xtest.Connected("HDMI-A-1", xtest.UHD27.Bytes()))
	for _, c := range []struct {
		name  string
		prefs xconfig.Preferences
		scale float64
		dpi   int
		why   string
	}{
		{"scale", xconfig.Preferences{Scale: 2, Sources: map[string]string{"display.scale": "/etc/attune/a.toml:1"}}, 2, 192, "HDMI-A-1: display.scale (/etc/attune/a.toml:1)"},
		{"dpi", xconfig.Preferences{DPI: 120}, 1.25, 120, "display.dpi"},
		{"dpi and scale", xconfig.Preferences{DPI: 110, Scale: 2}, 2, 110, "display.dpi"},
		{"a rule's scale", xconfig.Preferences{Outputs: []xconfig.OutputRule{{Scale: 1.75}}, Scale: 2}, 1.75, 168, "HDMI-A-1: output rule 1"},
	} {
		d := Plan(f, c.prefs)
		if d.Scale != c.scale || d.DPI != c.dpi || d.DPIWhy != c.why {
			t.Errorf("%s: scale %g, %d dpi, %q", c.name, d.Scale, d.DPI, d.DPIWhy)
		}
	}
}
