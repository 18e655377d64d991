package xconfig

import (
	"strings"
	"testing"

	"attune/detect"
)

// screen is an output that shows a picture.
func screen(connector string, x, y, w, h int) Output {
	o := Output{Card: "pci-0000:00:02.0", Connector: connector, State: "on", Rotate: "normal", X: x, Y: y}
	o.Mode.HActive, o.Mode.VActive = w, h
	return o
}

// desktop is the plan of some outputs: as large as they reach.
func desktop(outputs ...Output) DisplayPlan {
	d := DisplayPlan{Outputs: outputs}
	for _, o := range outputs {
		w, h := o.Extent()
		d.Width, d.Height = max(d.Width, o.X+w), max(d.Height, o.Y+h)
	}
	return d
}

var usKeyboard = detect.Input{Path: "devices/platform/i8042/serio0/input/input1", Name: "AT Translated Set 2 keyboard", Bus: 0x11, Vendor: 1, Product: 1, Internal: true, Kinds: []detect.InputKind{detect.KindKeyboard}}

func TestPlainHardwareNeedsNothing(t *testing.T) {
	plan := PlanInputs(Facts{Inputs: []detect.Input{usKeyboard}}, Preferences{}, desktop(screen("eDP-1", 0, 0, 1920, 1080)))
	if len(plan.Classes) > 0 || len(plan.Notes) > 0 {
		t.Errorf("plain hardware: %+v, %+v", plan.Classes, plan.Notes)
	}
	if plan.Keyboard.Layout != "us" || !strings.Contains(plan.KeyboardWhy[0].Text, "X takes") {
		t.Errorf("keyboard %v because %v", plan.Keyboard, plan.KeyboardWhy[0])
	}
}
