package display

import (
	"testing"

	"attune/detect"
	"attune/internal/xtest"
	"attune/xconfig"
)

// An EDID that breaks its reading leaves the display as one that told nothing,
// not half of what it said: no mode to prefer, and no name.
func TestBrokenReading(t *testing.T) {
	c := xtest.Connected("HDMI-A-1", xtest.HD24.Bytes())
	d := &displays{plan: xconfig.DisplayPlan{GPU: xconfig.GPUPlan{Card: "a"}}}
	d.add(&detect.Card{ID: "a"}, &c, nil)
	d.add(&detect.Card{ID: "a"}, &c, nil)
	for _, h := range d.heads {
		if h.out.State = "on"; !h.prefers || len(h.modes) == 0 || h.out.Display == "" {
			t.Fatalf("%+v", h)
		}
		d.recovered(h, "broken")
		if h.prefers || h.edid != nil || h.out.Display != "" || h.out.Name != "" || h.out.Told != (xconfig.Told{}) || h.out.WidthMM != 0 {
			t.Errorf("%+v", h)
		}
	}
	if !noted(d.plan, "HDMI-A-1", "could not be used: broken") {
		t.Error(d.plan.Notes)
	}
	d.compareWithX() // has no modes to look at
}
