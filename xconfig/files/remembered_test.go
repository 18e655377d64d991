package files

import (
	"strings"
	"testing"

	"attune/internal/xtest"
	"attune/xconfig"
)

// A display of an earlier boot that looks absent: X is told its mode, and to
// turn the output on all the same.
func TestRememberedOutput(t *testing.T) {
	for _, status := range []string{"connected", "disconnected"} {
		f := xtest.Card(xtest.Connected("HDMI-A-1", nil, "1024x768", "800x600"))
		f.Graphics.Cards[0].Connectors[0].Status = status
		f.Remembered = map[string][]byte{"pci-0000:00:02.0/HDMI-A-1": xtest.HD24.Bytes()}
		files, _ := planFiles(f, xconfig.Preferences{})
		text := files["xorg.conf.d/"+outputFile]
		for _, want := range []string{`Modeline "1920x1080_`, `Option "PreferredMode" "1920x1080_`, `Option "Enable" "true"`} {
			if !strings.Contains(text, want) {
				t.Errorf("%s: no %s in\n%s", status, want, text)
			}
		}
	}
}

// A display that gives no EDID now has for compositors no mode but those they
// are given whole.
func TestRememberedMode(t *testing.T) {
	f := xtest.Card(xtest.Connected("HDMI-A-1", nil, "1024x768", "800x600"))
	f.Remembered = map[string][]byte{"pci-0000:00:02.0/HDMI-A-1": xtest.HD24.Bytes()}
	files, _ := planFiles(f, xconfig.Preferences{Outputs: []xconfig.OutputRule{ruleFor("*", xconfig.OutputRule{Mode: "1280x1024"})}})
	for name, want := range map[string]string{
		"xorg.conf.d/" + outputFile: "Modeline \"1280x1024_60.02\" 108",
		"wayland/" + westonFile:     "mode=108.00 1280 1328 1440 1688 1024 1025 1028 1066 +hsync +vsync",
		"wayland/" + kanshiFile:     "mode --custom 1280x1024@60.020Hz",
	} {
		if !strings.Contains(files[name], want) {
			t.Errorf("no %s in %s:\n%s", want, name, files[name])
		}
	}
}

// A display for the head: X leaves it off where the kernel's property says so,
// not where the EDID alone does.
func TestNonDesktopOutput(t *testing.T) {
	for _, property := range []bool{true, false} {
		d := xconfig.DisplayPlan{Outputs: []xconfig.Output{{Connector: "DP-1", XName: "DP-1", State: "skipped", Why: "for the head", NonDesktop: property}}}
		files, _ := byName(For(d, xconfig.InputPlan{}, xtest.Debian12))
		if told := strings.Contains(files["xorg.conf.d/"+outputFile], `Option "Disable"`); told == property {
			t.Errorf("property %t: %v", property, files)
		}
	}
}
