package xconfig

import (
	"slices"
	"strings"
	"testing"
)

// An image without X gets nothing for it, and is told so where there was
// something to say; Wayland gets what it always gets.
func TestImageWithoutX(t *testing.T) {
	f := card(connected("HDMI-A-1", hd24.bytes(), "1920x1080", "1280x720"))
	f.Inputs = plainInputs
	asked := Preferences{DPI: 120, Keyboard: Keyboard{Layout: "de"}, Outputs: []OutputRule{ruleFor("HDMI-A-1", OutputRule{Rotate: "left"})}}
	for _, row := range []struct {
		name  string
		image Image
		prefs Preferences
		forX  bool
		notes int
	}{
		{"a server", Image{XServer: "/usr/bin/X"}, asked, true, 0},
		{"drivers, and a server nobody found", Image{Drivers: []string{"modesetting"}}, asked, true, 0},
		{"neither", Image{}, asked, false, 1},
		{"neither, and nothing to say", Image{}, Preferences{}, false, 0},
	} {
		t.Run(row.name, func(t *testing.T) {
			f.Image = row.image
			d := PlanDisplays(f, row.prefs)
			d.Outputs[0].XName = "HDMI-1"
			files, notes := Files(d, PlanInputs(f, row.prefs, d), row.image)
			forX := slices.ContainsFunc(files, func(f File) bool { return f.Dir == DirXorg || f.Dir == DirXresources })
			if forX != row.forX || len(notes) != row.notes {
				t.Errorf("%d files, for X: %v; %v", len(files), forX, notes)
			}
			if row.notes > 0 && !strings.Contains(notes[0].Text, "no X server") {
				t.Errorf("%v", notes)
			}
			if wayland := slices.ContainsFunc(files, func(f File) bool { return f.Dir == DirWayland }); wayland != (row.prefs.DPI > 0) {
				t.Errorf("for Wayland: %v", wayland)
			}
		})
	}
}
