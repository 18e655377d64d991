package files

import (
	"strings"
	"testing"

	"attune/detect"
	"attune/detect/edid/timing"
	"attune/internal/xtest"
	"attune/xconfig"
)

// What compositors are told of a picture's turn. sway, weston and mutter turn a
// panel that is built in turned by themselves; sway and weston until they are
// told a transform, which is then the whole turn, mutter in any case.
func TestTurn(t *testing.T) {
	for _, row := range []struct {
		name, orientation, rule string
		sway                    string // end of the position, "" for no profile
		weston, mutter          string
		width                   string // of the mode mutter is told
	}{
		{"a rule alone", "", "left", "position 0,0 transform 90 scale", "transform=rotate-90", "left", "1920"},
		{"upside down", "", "inverted", "position 0,0 transform 180 scale", "transform=rotate-180", "upside_down", "1920"},
		{"to the right", "", "right", "position 0,0 transform 270 scale", "transform=rotate-270", "right", "1920"},
		{"a panel's own turn", "Right Side Up", "", "position 0,0 scale", "", "", "1080"},
		{"the same by a rule", "Right Side Up", "right", "position 0,0 scale", "", "", "1080"},
		{"upright against the panel's turn", "Right Side Up", "normal", "position 0,0 transform normal scale", "transform=normal", "left", "1080"},
		{"turned against the panel's turn", "Left Side Up", "right", "position 0,0 transform 270 scale", "transform=rotate-270", "upside_down", "1080"},
		{"a panel built in upside down, and a rule", "Upside Down", "left", "position 0,0 transform 90 scale", "transform=rotate-90", "right", "1920"},
	} {
		t.Run(row.name, func(t *testing.T) {
			panel := xtest.Connected("eDP-1", xtest.HD24.Bytes(), "1920x1080")
			panel.Type, panel.Internal, panel.Orientation = "eDP", true, row.orientation
			off := ruleFor("DP-1", xconfig.OutputRule{Off: true}) // so that there is something to tell
			prefs := xconfig.Preferences{Outputs: []xconfig.OutputRule{off, ruleFor("eDP-1", xconfig.OutputRule{Rotate: row.rule, Scale: 1})}}
			files, notes := planFiles(xtest.Card(panel, xtest.Connected("DP-1", xtest.HD24.Bytes(), "1920x1080")), prefs)
			if len(notes) != 0 {
				t.Errorf("notes: %v", notes)
			}
			has(t, "kanshi", files["wayland/kanshi/config"], row.sway)
			weston, _, _ := strings.Cut(files["wayland/weston/weston.ini"], "name=DP-1")
			if row.weston == "" && strings.Contains(weston, "transform") || !strings.Contains(weston, row.weston) {
				t.Errorf("weston, want %q:\n%s", row.weston, weston)
			}
			xml := files["wayland/monitors.xml"]
			has(t, "monitors.xml", xml, "<width>"+row.width+"</width>")
			if row.mutter == "" && strings.Contains(xml, "<transform>") || row.mutter != "" && !strings.Contains(xml, "<rotation>"+row.mutter+"</rotation>") {
				t.Errorf("mutter, want %q:\n%s", row.mutter, xml)
			}
		})
	}
}

// A rule against a panel's turn is told though nothing else is.
func TestUprightAlone(t *testing.T) {
	panel := detect.Connector{Name: "DSI-1", Type: "DSI", Status: "connected", EDID: xtest.Tablet.Bytes(), Internal: true, Orientation: "Right Side Up"}
	files, _ := planFiles(xtest.Card(panel), xconfig.Preferences{Outputs: []xconfig.OutputRule{ruleFor("DSI-1", xconfig.OutputRule{Rotate: "normal", Scale: 1})}})
	has(t, "kanshi", files["wayland/kanshi/config"], "transform normal")
}

// mutter takes no file in which unlike pictures shall be the same.
func TestMirrorUnlike(t *testing.T) {
	output := func(name string, m timing.Mode, mirrors string) xconfig.Output {
		return xconfig.Output{Card: "c", Connector: name, XName: name, State: "on", Mode: m, Forced: true, Rotate: "normal", Scale: 1, Mirrors: mirrors}
	}
	d := xconfig.DisplayPlan{Outputs: []xconfig.Output{
		output("DP-1", timing.DMTBySize(1920, 1080, 60, false).Mode, ""), output("VGA-1", timing.DMTBySize(1280, 1024, 60, false).Mode, "DP-1"),
	}}
	files, notes := byName(For(d, xconfig.InputPlan{}, xtest.Debian12))
	if text := files["wayland/monitors.xml"]; text != "" {
		t.Errorf("written:\n%s", text)
	}
	if len(notes) != 1 || !strings.Contains(notes[0].Text, "another size") {
		t.Errorf("notes: %v", notes)
	}
}
