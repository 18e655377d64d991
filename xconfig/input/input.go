// Package input decides how keyboards, pointers, touchscreens and tablets
// behave, those there and those plugged later: which layout the keyboard has,
// what pointers are set to, on which output a touch lands. It takes the outputs
// as the display plan has them and does not write what it decided.
package input

import (
	"fmt"
	"slices"

	"attune/detect"
	"attune/xconfig"
)

// Plan decides how keyboards, pointers, touchscreens and tablets behave.
// It needs the display plan because a touch has to land on the picture under
// the finger.
func Plan(f xconfig.Facts, p xconfig.Preferences, d xconfig.DisplayPlan) xconfig.InputPlan {
	keyboard, why, notes := planKeyboard(f, p)
	plan := xconfig.InputPlan{Keyboard: keyboard.Keyboard, KeyboardWhy: why}
	touch := newTouchMap(f, p, d)
	mapped := mappedInputs(f.Inputs, p.Touch)
	placed := touch.place(mapped)
	for _, in := range f.Inputs {
		use := useOf(in)
		if use.Use == "tablet" {
			use.Why += tabletDriver(in, f.Image.InputDrv)
		}
		if at, ok := placed[in.Path]; ok {
			use.Output, use.OutputWhy = at.connector(), at.target.why
			use.Matrix, use.Sensor = at.matrix, rotation(at.target.rotate)
		}
		plan.Devices = append(plan.Devices, use)
	}
	plan.Classes = slices.Concat(
		keyboardClasses(keyboard, f, p),
		pointerClasses(f, p),
		touch.classes(mapped, placed),
	)
	plan.Notes = xconfig.Once(slices.Concat(notes, touch.notes, driverNotes(f)))
	return plan
}

// useOf says what one device is used as, by what it is. A keyboard with a wheel
// is a keyboard; what is a touchpad and a touchscreen is to libinput a touchpad.
func useOf(in detect.Input) xconfig.InputUse {
	u := xconfig.InputUse{Path: in.Path, Name: inputName(in), Use: "ignored", Matrix: Identity, Sensor: Identity}
	for _, k := range in.Kinds {
		u.Kinds = append(u.Kinds, string(k))
	}
	if in.Ignored != "" {
		u.Why = in.Ignored
		return u
	}
	for _, row := range uses {
		if in.Is(row.kind) {
			u.Use, u.Why = row.use, row.why
			break
		}
	}
	switch {
	case len(in.Kinds) == 0:
		u.Why = "nothing a display server takes"
	case in.Seat != "" && in.Seat != "seat0":
		u.Why += fmt.Sprintf("; of %s", xconfig.Printable(in.Seat))
	}
	return u
}

// uses: the first kind a device is of says what it is used as.
var uses = []struct {
	kind detect.InputKind
	use  string
	why  string
}{
	{detect.KindTouchpad, "pointer", "a touchpad"},
	{detect.KindTouchscreen, "touch", "a touchscreen"},
	{detect.KindTabletPad, "tablet", "the buttons of a pen tablet"},
	{detect.KindTablet, "tablet", "a pen"},
	{detect.KindScanner, "keyboard", "a barcode scanner: types what it reads"},
	{detect.KindCardReader, "keyboard", "a card reader: types what it reads"},
	{detect.KindKeyboard, "keyboard", "a keyboard"},
	{detect.KindPointingStick, "pointer", "a pointing stick"},
	{detect.KindTrackball, "pointer", "a trackball"},
	{detect.KindMouse, "pointer", "a mouse"},
	{detect.KindKey, "keyboard", "a few keys"},
	{detect.KindSwitch, "keyboard", "a switch: lid, tablet mode"},
	{detect.KindJoystick, "ignored", "a joystick: for games, not for the pointer"},
	{detect.KindAccelerometer, "ignored", "an accelerometer: not a pointer"},
}

// mappedInputs are those whose points are places on a picture. A pen that says
// it is none of these is one where another part of its device is: tablets with a
// display in them often have the pen's property wrong.
func mappedInputs(inputs []detect.Input, rules []xconfig.TouchRule) []detect.Input {
	parents := map[string]bool{}
	for _, in := range inputs {
		if in.Parent != "" && mapped(in, nil) {
			parents[in.Parent] = true
		}
	}
	return pick(inputs, func(in detect.Input) bool {
		return mapped(in, rules) || parents[in.Parent] && useOf(in).Use == "tablet" && in.Is(detect.KindTablet) && !in.Is(detect.KindTabletPad)
	})
}

// mapped says whether a device's points are places on a picture: one touches
// what one sees, or a setting says which output it belongs to. The absolute
// mouse of a virtual machine is of the latter.
func mapped(in detect.Input, rules []xconfig.TouchRule) bool {
	use := useOf(in).Use
	if use != "touch" && use != "tablet" && use != "pointer" || in.Seat != "" && in.Seat != "seat0" {
		return false
	}
	if use == "touch" || use == "tablet" && in.Direct && in.Is(detect.KindTablet) {
		return true
	}
	_, ruled := touchRule(rules, in)
	return ruled && in.Absolute && !in.Is(detect.KindTouchpad)
}

// tabletDriver is which of X's drivers takes a pen: the wacom driver's own rules
// name Wacom's devices, libinput takes every tablet it leaves.
func tabletDriver(in detect.Input, drivers []string) string {
	const wacom = 0x056a
	switch {
	case in.Vendor == wacom && slices.Contains(drivers, "wacom"):
		return "; in X the wacom driver's"
	case slices.Contains(drivers, "libinput"):
		return "; in X libinput's"
	case len(drivers) > 0:
		return "; this image's X has no driver for it"
	}
	return ""
}

// driverNotes tell what the image's X input drivers leave undone.
func driverNotes(f xconfig.Facts) []xconfig.Note {
	if len(f.Image.InputDrv) == 0 || slices.Contains(f.Image.InputDrv, "libinput") {
		return nil
	}
	return []xconfig.Note{{Subject: "X input drivers", Text: "there is no libinput driver: settings of touchpads and mice do nothing in X"}}
}
