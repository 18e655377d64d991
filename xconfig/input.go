package xconfig

import (
	"fmt"
	"slices"
	"strings"

	"attune/detect"
)

// PlanInputs decides how keyboards, pointers, touchscreens and tablets behave.
// It needs the display plan because a touch has to land on the picture under
// the finger.
func PlanInputs(f Facts, p Preferences, d DisplayPlan) InputPlan {
	var plan InputPlan
	keyboard, why, notes := planKeyboard(f, p)
	plan.Keyboard, plan.KeyboardWhy = keyboard.Keyboard, why
	touch := newTouchMap(f, p, d)
	var placed []placedTouch
	for _, in := range f.Inputs {
		use := useOf(in)
		if mapped(in, p.Touch) && use.Use != "ignored" {
			place := touch.place(in)
			placed = append(placed, place)
			use.Output, use.OutputWhy = place.connector(), place.target.why
			use.Matrix, use.Sensor = place.matrix, rotation(place.target.rotate)
		}
		plan.Devices = append(plan.Devices, use)
	}
	plan.Classes = slices.Concat(
		keyboardClasses(keyboard, f, p),
		pointerClasses(f, p),
		touch.classes(placed),
	)
	plan.Notes = slices.Concat(notes, touch.notes, driverNotes(f, plan))
	return plan
}

// useOf says what one device is used as, by what it is. A keyboard with a wheel
// is a keyboard; a panel that takes fingers and a pen is a touchscreen.
func useOf(in detect.Input) InputUse {
	u := InputUse{Path: in.Path, Name: inputName(in), Use: "ignored", Matrix: Identity, Sensor: Identity}
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
		u.Why += fmt.Sprintf("; of %s", inputText(in.Seat))
	}
	return u
}

// uses: the first kind a device is of says what it is used as.
var uses = []struct {
	kind detect.InputKind
	use  string
	why  string
}{
	{detect.KindTouchscreen, "touch", "a touchscreen"},
	{detect.KindTablet, "tablet", "a pen"},
	{detect.KindTabletPad, "tablet", "the buttons of a pen tablet"},
	{detect.KindScanner, "keyboard", "a barcode scanner: types what it reads"},
	{detect.KindCardReader, "keyboard", "a card reader: types what it reads"},
	{detect.KindTouchpad, "pointer", "a touchpad"},
	{detect.KindKeyboard, "keyboard", "a keyboard"},
	{detect.KindPointingStick, "pointer", "a pointing stick"},
	{detect.KindTrackball, "pointer", "a trackball"},
	{detect.KindMouse, "pointer", "a mouse"},
	{detect.KindKey, "keyboard", "a few keys"},
	{detect.KindSwitch, "keyboard", "a switch: lid, tablet mode"},
	{detect.KindJoystick, "ignored", "a joystick: for games, not for the pointer"},
	{detect.KindAccelerometer, "ignored", "an accelerometer: not a pointer"},
}

// mapped says whether a device's points are places on a picture: one touches
// what one sees, or a setting says which output it belongs to.
func mapped(in detect.Input, rules []TouchRule) bool {
	if in.Ignored != "" || in.Seat != "" && in.Seat != "seat0" {
		return false
	}
	if in.Is(detect.KindTouchscreen) || in.Is(detect.KindTablet) && in.Direct {
		return true
	}
	_, ruled := touchRule(rules, in)
	return ruled && pointsAnywhere(in)
}

// pointsAnywhere says whether a device may give positions rather than
// movements: a pen tablet, or the absolute mouse of a virtual machine, which
// udev calls a mouse.
func pointsAnywhere(in detect.Input) bool {
	if in.Is(detect.KindTablet) {
		return true
	}
	return in.Is(detect.KindMouse) && (in.WidthMM > 0 || strings.Contains(strings.ToLower(in.Name), "tablet"))
}

// driverNotes tell what the image's X input drivers leave undone.
func driverNotes(f Facts, plan InputPlan) (notes []Note) {
	drivers := f.Image.InputDrv
	if f.Image.XServer == "" || len(drivers) == 0 {
		return nil
	}
	if !contains(drivers, "libinput") {
		notes = append(notes, Note{"X input drivers", "there is no libinput driver: settings of touchpads and mice do nothing in X"})
	}
	for _, u := range plan.Devices {
		if u.Use == "tablet" && !contains(drivers, "wacom") {
			return append(notes, Note{u.Name, "there is no wacom driver: libinput takes the pen, without buttons and areas to be set by xsetwacom"})
		}
	}
	return notes
}
