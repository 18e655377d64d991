package display

import (
	"testing"

	"attune/detect"
	"attune/internal/xtest"
	"attune/xconfig"
)

// A picture that X would lose is not turned, and the plan says so.
func TestDontTurn(t *testing.T) {
	turn := xconfig.Preferences{Outputs: []xconfig.OutputRule{{Match: xconfig.Match{Role: "any"}, Rotate: "left"}}}
	for _, c := range []struct{ driver, server, want string }{
		{"i915", "/usr/lib/xorg/Xorg", "left"},
		{"bochs-drm", "/usr/lib/xorg/Xorg", "left"},
		{"virtio_gpu", "/usr/lib/xorg/Xorg", "normal"},
		{"qxl", "/usr/lib/xorg/Xorg", "normal"},
		{"virtio_gpu", "", "left"}, // no X here: Wayland turns by itself
	} {
		f := xtest.Card([]detect.Connector{xtest.Connected("Virtual-1", xtest.HD24.Bytes())}...)
		f.Graphics.Cards[0].Driver, f.Image.XServer = c.driver, c.server
		d := Plan(f, turn)
		o := output(t, d, "Virtual-1")
		if o.Rotate != c.want || c.want == "normal" && !noted(d, "Virtual-1", "is not turned left") {
			t.Errorf("%s with X server %q: %s, notes %v", c.driver, c.server, o.Rotate, d.Notes)
		}
	}
}
