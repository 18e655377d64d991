package detect

import "slices"

// An Input is one input device: class/input/inputN with its event node.
type Input struct {
	Path    string `json:"path"`              // relative to /sys, as Device.Path
	Node    string `json:"node,omitempty"`    // "input/event3", without /dev/
	Name    string `json:"name,omitempty"`    // what the device calls itself; any byte may be in it
	Phys    string `json:"phys,omitempty"`    // "usb-0000:00:14.0-1/input0"
	Uniq    string `json:"uniq,omitempty"`    // serial number
	Bus     uint16 `json:"bus,omitempty"`     // BUS_USB 3, BUS_BLUETOOTH 5, BUS_I8042 0x11, BUS_I2C 0x18, BUS_HOST 0x19 of linux/input.h
	Vendor  uint16 `json:"vendor,omitempty"`  //
	Product uint16 `json:"product,omitempty"` //
	Version uint16 `json:"version,omitempty"` //
	Parent  string `json:"parent,omitempty"`  // Path of the USB device, I2C or serio device it is part of

	Kinds    []InputKind `json:"kinds,omitempty"`     // what it is, sorted; several for a combined device
	KindsWhy string      `json:"kinds_why,omitempty"` // "udev" when its database said so, "capabilities" when our rules did
	Ignored  string      `json:"ignored,omitempty"`   // why no display server should use it, "" for a useful one

	Direct       bool   `json:"direct,omitempty"`        // INPUT_PROP_DIRECT: what is touched is what is shown
	Absolute     bool   `json:"absolute,omitempty"`      // gives positions, not movements: ABS_X and ABS_Y, or those of fingers
	Internal     bool   `json:"internal,omitempty"`      // built in: i8042, I2C, SPI, USB with fixed ports all the way, or udev's ID_INTEGRATION
	WidthMM      int    `json:"width_mm,omitempty"`      // of an absolute device's surface, 0 unknown
	HeightMM     int    `json:"height_mm,omitempty"`     //
	Seat         string `json:"seat,omitempty"`          // udev's ID_SEAT, "" is seat0
	XKBLayout    string `json:"xkb_layout,omitempty"`    // udev's XKBLAYOUT
	HIDCountry   uint8  `json:"hid_country,omitempty"`   // bCountryCode of HID 1.11 §6.2.1: 0 says nothing, 33 US
	AppleISO     bool   `json:"apple_iso,omitempty"`     // an Apple keyboard with the ISO key
	TouchpadBits string `json:"touchpad_bits,omitempty"` // INPUT_PROP_*: "buttonpad", "semi-mt", comma separated
}

// An InputKind is a class of input device, as udev's input_id names them.
type InputKind string

// The kinds. Scanner and CardReader are ours: keyboards which no finger
// touches and which type as if on a US keyboard.
const (
	KindKeyboard      InputKind = "keyboard" // ID_INPUT_KEYBOARD
	KindKey           InputKind = "key"      // ID_INPUT_KEY alone: power, volume, remote
	KindMouse         InputKind = "mouse"
	KindPointingStick InputKind = "pointingstick"
	KindTrackball     InputKind = "trackball"
	KindTouchpad      InputKind = "touchpad"
	KindTouchscreen   InputKind = "touchscreen"
	KindTablet        InputKind = "tablet"
	KindTabletPad     InputKind = "tablet-pad"
	KindJoystick      InputKind = "joystick"
	KindAccelerometer InputKind = "accelerometer"
	KindSwitch        InputKind = "switch"
	KindScanner       InputKind = "barcode-scanner"
	KindCardReader    InputKind = "card-reader"
)

// Is says whether the device is of kind k.
func (in Input) Is(k InputKind) bool { return slices.Contains(in.Kinds, k) }
