package display

import (
	"strings"
	"testing"

	"attune/detect"
	"attune/internal/xtest"
	"attune/xconfig"
)

func output(t *testing.T, d xconfig.DisplayPlan, connector string) xconfig.Output {
	t.Helper()
	for _, o := range d.Outputs {
		if o.Connector == connector {
			return o
		}
	}
	t.Fatalf("no output %s in %+v", connector, d.Outputs)
	return xconfig.Output{}
}

func noted(d xconfig.DisplayPlan, subject, part string) bool {
	for _, n := range d.Notes {
		if n.Subject == subject && strings.Contains(n.Text, part) {
			return true
		}
	}
	return false
}

// One screen with a good EDID asks for nothing.
func TestPlainHardware(t *testing.T) {
	d := Plan(xtest.Card(xtest.Connected("HDMI-A-1", xtest.HD24.Bytes(), "1920x1080", "1280x720"), detect.Connector{Name: "DP-1", Type: "DP", Status: "disconnected"}), xconfig.Preferences{})
	o := output(t, d, "HDMI-A-1")
	if o.State != "on" || o.Forced || o.Placed || o.Rotate != "normal" || o.Scale != 1 || !o.Primary || o.Mode.HActive != 1920 || o.Mode.Clock == 0 {
		t.Errorf("%+v", o)
	}
	if o.Display != "DEL-a0b1-0000002a" || o.Name != "ATTUNE 24" || o.WidthMM != 530 || o.Why == "" || o.ModeWhy == "" {
		t.Errorf("%+v", o)
	}
	if d.Width != 1920 || d.Height != 1080 || d.DPI != 96 || d.Scale != 1 || len(d.Notes) != 0 || d.DPIWhy == "" {
		t.Errorf("%dx%d %d dpi (%s), notes %v", d.Width, d.Height, d.DPI, d.DPIWhy, d.Notes)
	}
	if o := output(t, d, "DP-1"); o.State != "disconnected" || o.Primary {
		t.Errorf("%+v", o)
	}
}

// Nor does the commonest laptop.
func TestPlainLaptop(t *testing.T) {
	d := Plan(xtest.Card(xtest.Connected("eDP-1", xtest.Panel.Bytes(), "1920x1080"), detect.Connector{Name: "DP-1", Type: "DP", Status: "disconnected"}), xconfig.Preferences{})
	if o := output(t, d, "eDP-1"); o.State != "on" || o.Forced || o.Placed || o.Scale != 1 || d.DPI != 96 || len(d.Notes) != 0 {
		t.Errorf("%+v, %d dpi, notes %v", o, d.DPI, d.Notes)
	}
}
