package gpu

import (
	"testing"

	"attune/xconfig"
)

// The plan stands on the rung it is told, says so, and leaves those above.
func TestFallBack(t *testing.T) {
	ladder := func() *xconfig.GPUPlan {
		return &xconfig.GPUPlan{Driver: "nvidia", Primary: true, Ladder: []xconfig.Rung{{Driver: "nvidia"}, {Driver: "auto"}, {Driver: "modesetting"}, {Driver: "fbdev", BusID: "PCI:0@0:1:0"}}}
	}
	for _, row := range []struct {
		name    string
		to      xconfig.Fallback
		driver  string
		rungs   int
		noted   bool
		primary bool
	}{
		{"the top", xconfig.Fallback{}, "nvidia", 4, false, true},
		{"without the administrator's files", xconfig.Fallback{Step: xconfig.StepOwn}, "nvidia", 4, false, true},
		{"X alone", xconfig.Fallback{Step: xconfig.StepAlone}, "", 4, false, false},
		{"X's own choice of driver", xconfig.Fallback{Step: xconfig.StepDriver, Driver: "auto"}, "", 3, false, true},
		{"another driver", xconfig.Fallback{Step: xconfig.StepDriver, Driver: "fbdev"}, "fbdev", 1, false, true},
		{"a driver that is not there any more", xconfig.Fallback{Step: xconfig.StepDriver, Driver: "vesa"}, "nvidia", 4, true, true},
	} {
		t.Run(row.name, func(t *testing.T) {
			g := ladder()
			notes := fallBack(g, row.to)
			told := row.to.Step != "" && !row.noted
			if g.Driver != row.driver || len(g.Ladder) != row.rungs || (len(notes) > 0) != row.noted || g.Primary != row.primary || (g.Fallback != nil) != told {
				t.Errorf("%+v, %v", g, notes)
			}
		})
	}
}
