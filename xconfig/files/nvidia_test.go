package files

import (
	"slices"
	"strings"
	"testing"

	"attune/internal/xtest"
	"attune/xconfig"
	"attune/xconfig/display"
	"attune/xconfig/input"
)

// NVIDIA's driver for X has only modes of its own making: it is told a mode's
// size, whoever named the driver to X.
func TestNoModelineForNvidia(t *testing.T) {
	for _, installed := range []bool{true, false} {
		f := xtest.Card(xtest.Connected("HDMI-A-1", xtest.HD24.Bytes(), "1920x1080", "1280x720"))
		c, d := &f.Graphics.Cards[0], &f.Machine.Devices[0]
		c.Driver, d.Driver, c.Vendor, d.Vendor = "nvidia", "nvidia", 0x10de, 0x10de
		if installed {
			f.Image.Drivers = append(slices.Clone(f.Image.Drivers), "nvidia")
		}
		p := xconfig.Preferences{Outputs: []xconfig.OutputRule{ruleFor("*", xconfig.OutputRule{Mode: "1280x720"})}}
		plan := display.Plan(f, p)
		plan.GPU.Driver = "" // the package's own file says it
		files, _ := byName(For(plan, input.Plan(f, p, plan), f.Image))
		text := files["xorg.conf.d/"+outputFile]
		if strings.Contains(text, "Modeline") == installed || !strings.Contains(text, `"PreferredMode" "1280x720`) {
			t.Errorf("installed %v, %+v:\n%s", installed, plan.GPU, text)
		}
	}
}
