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

// Without a keyboard database nobody knows a layout wrong by its name; X and
// Wayland are told the same one all the same, or none.
func TestOneRuleForLayouts(t *testing.T) {
	f := xtest.Card(xtest.Connected("HDMI-A-1", xtest.HD24.Bytes(), "1920x1080"))
	for layout, told := range map[string]bool{"de": true, "us,ru": true, "xx_yy-z": true, "../../x": false, "nec/jp": false, "..": false, "a.b": false, "de+x": false} {
		f.Image.DefaultKbd = map[string]string{"XKBLAYOUT": layout}
		p := input.Plan(f, xconfig.Preferences{}, xconfig.DisplayPlan{})
		files, _ := byName(For(xconfig.DisplayPlan{}, p, f.Image))
		env := strings.Contains(files["environment/"+envFile], "XKB_DEFAULT_LAYOUT="+layout+"\n")
		weston := strings.Contains(files["wayland/"+westonFile], "keymap_layout="+layout+"\n")
		x := strings.Contains(files["xorg.conf.d/"+inputFile], `"`+layout+`"`)
		if x != told || env != told || weston != told {
			t.Errorf("%s: X %v, environment %v, weston %v\n%s", layout, x, env, weston, files["xorg.conf.d/"+inputFile])
		}
	}
}
