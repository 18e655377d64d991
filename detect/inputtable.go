package detect

import (
	"slices"
	"strings"
)

// A correction is what is known of one device against the rules.
type correction struct {
	name  string
	alias string // start of the input alias, without "input:"
	is    InputKind
	isNot InputKind
}

// corrections are those rows of systemd's 60-input-id.hwdb and 70-mouse.hwdb
// (257) whose devices the rules of classify get wrong. Where udev runs, it has
// them already. Left out is that an I2C device named "... Mouse" is no pointing
// stick: udev before 257 says it is, and neither is of consequence for the
// unused half of a touchpad.
var corrections = []correction{
	{"RC transmitter adapter, seen as a mouse", "b0003v07C0p1125", KindJoystick, KindMouse},
	{"Leo Bodnar joystick interface, seen as an accelerometer", "b0003v1781p0898", KindJoystick, KindAccelerometer},
	{"CH throttle quadrant, seen as an accelerometer", "b0003v068Ep00F2", KindJoystick, KindAccelerometer},
	{"Saitek rudder pedals without buttons", "b0003v06A3p0763", KindJoystick, ""},
	{"Xbox Elite 2 over Bluetooth has keys of keyboards", "b0005v045Ep0B22e0517", KindJoystick, ""},
	{"ASRock LED controller, seen as a joystick", "b0003v26CEp01A2", "", KindJoystick},
	{"XP-Pen ACK05: a pad without a pen", "b0003v28BDp0078", KindTablet, ""},
	{"Lenovo TrackPoint keyboard, USB", "b0003v04B3p301Ee0100-e0,1,2,4", KindPointingStick, ""},
	{"TEX Yoda, keyboard with a stick", "b0003v04D9p0407e0111-e0,1,2,4", KindPointingStick, ""},
	{"MX Keys has no mouse", "b0005v046DpB35Fe0022", "", KindMouse},
	{"MX Keys on a Unifying receiver", "b0003v046Dp408Ae0111", "", KindMouse},
	{"K750 on a Unifying receiver", "b0003v046Dp4066e0111", "", KindMouse},
	{"Cube mouse, its buttons are keys", "b0005v046DpB00De0700", KindMouse, ""},
	{"Logitech M570", "b0003v046Dp1028", KindTrackball, ""}, // this and below: 70-mouse.hwdb
	{"ELECOM Relacon", "b0003v056Ep0155", KindTrackball, ""},
	{"ELECOM IST PRO", "b0003v056Ep018A", KindTrackball, ""},
	{"ELECOM IST PRO, Bluetooth", "b0005v056Ep018A", KindTrackball, ""},
	{"ELECOM Bridge G1000", "b0003v056Ep01A9", KindTrackball, ""},
	{"Kensington Expert Mouse", "b0003v047Dp1020", KindTrackball, ""},
	{"Kensington Expert Wireless", "b0003v047Dp8018", KindTrackball, ""},
	{"Kensington Expert Wireless, Bluetooth", "b0005v047Dp8019", KindTrackball, ""},
	{"Kensington SlimBlade Pro, Bluetooth", "b0005v047Dp80D4", KindTrackball, ""},
	{"Logitech MX Ergo on a receiver", "b0003v046Dp406F", KindTrackball, ""},
	{"Logitech MX Ergo, Bluetooth", "b0005v046DpB01D", KindTrackball, ""},
}

// corrected applies the corrections to the verdict of the rules. A trackball
// must be a mouse to begin with; most say what they are.
func corrected(kinds []InputKind, name, alias string) []InputKind {
	mouse := slices.Contains(kinds, KindMouse)
	if mouse && strings.Contains(strings.ToLower(name), "trackball") {
		kinds = append(kinds, KindTrackball)
	}
	rest, ok := strings.CutPrefix(alias, "input:")
	for _, c := range corrections {
		if !ok || !strings.HasPrefix(rest, c.alias) || c.is == KindTrackball && !mouse {
			continue
		}
		kinds = slices.DeleteFunc(kinds, func(k InputKind) bool { return k == c.isNot })
		if c.is != "" {
			kinds = append(kinds, c.is)
		}
	}
	slices.Sort(kinds)
	return slices.Compact(kinds)
}

// appleVendors are Apple's numbers: USB's and Bluetooth SIG's.
const appleUSB, appleBluetooth = 0x05ac, 0x004c

// appleISOs are Apple's products that have the ISO key, of drivers/hid/hid-ids.h
// (names ending in _ISO). Apple counts ANSI, ISO, JIS.
var appleISOs = map[uint16]string{
	0x020f: "Fountain", 0x0215: "Geyser", 0x0218: "Geyser 3", 0x021b: "Geyser 4", 0x021e: "Aluminium mini",
	0x0221: "Aluminium", 0x0224: "Wellspring", 0x022a: "Geyser 4 HF", 0x022d: "Aluminium wireless", 0x0231: "Wellspring 2",
	0x0237: "Wellspring 3", 0x023a: "Aluminium wireless 2009", 0x0240: "Wellspring 4", 0x0243: "Wellspring 4A",
	0x0246: "Wellspring 5", 0x024a: "Wellspring 6A", 0x024d: "Wellspring 6", 0x0250: "Aluminium revision B",
	0x0253: "Wellspring 5A", 0x0256: "Aluminium wireless 2011", 0x025a: "Wellspring 7A", 0x0263: "Wellspring 7",
	0x0273: "Wellspring 9", 0x0291: "Wellspring 8",
}

// countryISO is HID's "International (ISO)", which later Apple keyboards give.
const countryISO = 13

func appleISO(in Input) bool {
	if in.Vendor != appleUSB && in.Vendor != appleBluetooth || !in.Is(KindKeyboard) {
		return false
	}
	return appleISOs[in.Product] != "" || in.HIDCountry == countryISO
}
