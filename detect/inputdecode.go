package detect

import (
	"errors"
	"slices"
	"strconv"
	"strings"
)

var errBits = errors.New("not hexadecimal words, or too many")

// input makes an Input of what its files say. word is the size of the bitmaps' words.
func (f *inputFiles) input(word int) (in Input, err error) {
	in = f.Input
	caps, ok := f.caps.decode(word)
	if !ok {
		err = errBits
	}
	in.Kinds, in.KindsWhy = udevKinds(f.udev), "udev"
	if f.udev["ID_INPUT"] == "" {
		in.Kinds, in.KindsWhy = corrected(classify(&caps, in.Bus), in.Name, f.caps.modalias), "capabilities"
	}
	in.Kinds = append(in.Kinds, typist(in)...)
	slices.Sort(in.Kinds)
	in.Direct = caps.prop.has(propDirect)
	in.Absolute = caps.abs.has(absX) && caps.abs.has(absY) || caps.abs.has(absMTX) && caps.abs.has(absMTY)
	in.TouchpadBits = touchpadBits(&caps)
	in.Internal = internalInput(in, f)
	if w, h := size(f.udev["ID_INPUT_WIDTH_MM"]), size(f.udev["ID_INPUT_HEIGHT_MM"]); w > 0 && h > 0 {
		in.WidthMM, in.HeightMM = w, h
	}
	in.Seat, in.XKBLayout = f.udev["ID_SEAT"], f.udev["XKBLAYOUT"]
	in.HIDCountry = parseCountry(f.country)
	in.AppleISO = appleISO(in)
	in.Ignored = ignored(in, f, &caps)
	return in, err
}

// udevKeys are udev's verdicts. ID_INPUT_KEY is the lesser part of a keyboard.
var udevKeys = []struct {
	key  string
	kind InputKind
}{
	{"ID_INPUT_KEYBOARD", KindKeyboard},
	{"ID_INPUT_KEY", KindKey},
	{"ID_INPUT_MOUSE", KindMouse},
	{"ID_INPUT_POINTINGSTICK", KindPointingStick},
	{"ID_INPUT_TRACKBALL", KindTrackball},
	{"ID_INPUT_TOUCHPAD", KindTouchpad},
	{"ID_INPUT_TOUCHSCREEN", KindTouchscreen},
	{"ID_INPUT_TABLET", KindTablet},
	{"ID_INPUT_TABLET_PAD", KindTabletPad},
	{"ID_INPUT_JOYSTICK", KindJoystick},
	{"ID_INPUT_ACCELEROMETER", KindAccelerometer},
	{"ID_INPUT_SWITCH", KindSwitch},
}

// udevKinds reads udev's verdicts, where an empty value and "0" mean no.
func udevKinds(udev map[string]string) (l []InputKind) {
	for _, u := range udevKeys {
		if v := udev[u.key]; v == "" || v == "0" || u.kind == KindKey && slices.Contains(l, KindKeyboard) {
			continue
		}
		l = append(l, u.kind)
	}
	slices.Sort(l)
	return l
}

// touchpadBits names the properties which say how a touchpad is built.
func touchpadBits(c *capabilities) string {
	var l []string
	for _, p := range []struct {
		bit  int
		name string
	}{{propButtonpad, "buttonpad"}, {propSemiMT, "semi-mt"}, {propTopButtonpad, "topbuttonpad"}} {
		if c.prop.has(p.bit) {
			l = append(l, p.name)
		}
	}
	return strings.Join(l, ",")
}

// internalInput says whether a device is built in. udev's word counts first;
// buses that have no plug come next, then what USB says of the port.
func internalInput(in Input, f *inputFiles) bool {
	for _, key := range []string{"ID_INTEGRATION", "ID_INPUT_TOUCHPAD_INTEGRATION"} {
		switch f.udev[key] {
		case "internal":
			return true
		case "external":
			return false
		}
	}
	switch in.Bus {
	case busI8042, busI2C, busSPI, busRMI:
		return true
	case busUSB:
		return f.usbRemovable == "fixed"
	}
	return false
}

// maxMM is more than any surface has.
const maxMM = 10_000

func size(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 || n > maxMM {
		return 0
	}
	return n
}

// axisMM is the length of the first of these axes that has one.
func axisMM(axes []Axis, codes ...uint16) int {
	for _, code := range codes {
		for _, a := range axes {
			if a.Code != code || a.Resolution <= 0 {
				continue
			}
			if mm := (int64(a.Max) - int64(a.Min)) / int64(a.Resolution); mm > 0 && mm <= maxMM {
				return int(mm)
			}
		}
	}
	return 0
}

// parseCountry reads a HID device's country attribute, two hex digits.
func parseCountry(text string) uint8 { return uint8(hex(text, 8)) }

// ignored says why a display server has no use for a device, "" when it has.
// Keys count wherever they are: a power button, a "Video Bus" and a lid's
// switch are of use, a headphone jack and a buzzer are not.
func ignored(in Input, f *inputFiles, c *capabilities) string {
	useful := []InputKind{KindKeyboard, KindKey, KindMouse, KindPointingStick, KindTrackball, KindTouchpad, KindTouchscreen, KindTablet, KindTabletPad}
	switch {
	case f.udev["LIBINPUT_IGNORE_DEVICE"] != "" && f.udev["LIBINPUT_IGNORE_DEVICE"] != "0":
		return "udev says LIBINPUT_IGNORE_DEVICE"
	case in.Is(KindAccelerometer):
		return "accelerometer: says how the machine is held, moves no pointer"
	case slices.ContainsFunc(useful, in.Is):
		return ""
	case in.Is(KindJoystick):
		return "joystick: games read it themselves"
	case c.ev.has(evSw) && (c.sw.has(swLid) || c.sw.has(swTabletMode)):
		return ""
	case c.ev.has(evSw):
		return "switches alone, such as a jack's plug"
	case c.ev == (bits{}):
		return "capabilities unknown"
	}
	return "no keys, axes or switches"
}
