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

// An image without X gets nothing for it, and is told so where there was
// something to say; Wayland gets what it always gets.
func TestImageWithoutX(t *testing.T) {
	f := xtest.Card(xtest.Connected("HDMI-A-1", xtest.HD24.Bytes(), "1920x1080", "1280x720"))
	f.Inputs = plainInputs
	asked := xconfig.Preferences{DPI: 120, Keyboard: xconfig.Keyboard{Layout: "de"}, Outputs: []xconfig.OutputRule{ruleFor("HDMI-A-1", xconfig.OutputRule{Rotate: "left"})}}
	for _, row := range []struct {
		name  string
		image xconfig.Image
		prefs xconfig.Preferences
		forX  bool
		notes int
	}{
		{"a server", xconfig.Image{XServer: "/usr/bin/X"}, asked, true, 0},
		{"drivers, and a server nobody found", xconfig.Image{Drivers: []string{"modesetting"}}, asked, true, 0},
		{"neither", xconfig.Image{}, asked, false, 1},
		{"neither, and nothing to say", xconfig.Image{}, xconfig.Preferences{}, false, 0},
	} {
		t.Run(row.name, func(t *testing.T) {
			f.Image = row.image
			d := display.Plan(f, row.prefs)
			d.Outputs[0].XName = "HDMI-1"
			files, notes := For(d, input.Plan(f, row.prefs, d), row.image)
			forX := slices.ContainsFunc(files, func(f xconfig.File) bool { return f.Dir == xconfig.DirXorg || f.Dir == xconfig.DirXresources })
			if forX != row.forX || len(notes) != row.notes {
				t.Errorf("%d files, for X: %v; %v", len(files), forX, notes)
			}
			if row.notes > 0 && !strings.Contains(notes[0].Text, "no X server") {
				t.Errorf("%v", notes)
			}
			if wayland := slices.ContainsFunc(files, func(f xconfig.File) bool { return f.Dir == xconfig.DirWayland }); wayland != (row.prefs.DPI > 0) {
				t.Errorf("for Wayland: %v", wayland)
			}
		})
	}
}
