package input

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"attune/detect"
	"attune/xconfig"
)

// on gives an output what its display says of itself.
func on(o xconfig.Output, display string, widthMM, heightMM int) xconfig.Output {
	o.Display, o.WidthMM, o.HeightMM = display, widthMM, heightMM
	o.Told.Vendor, _, _ = strings.Cut(display, "-")
	return o
}

func panel14(o xconfig.Output) xconfig.Output {
	o = on(o, "LGD-05e5", 309, 174)
	o.Internal = true
	return o
}

func rotatedBy(o xconfig.Output, rotate string) xconfig.Output { o.Rotate = rotate; return o }

// builtIn is a touchscreen inside a laptop or tablet, on I2C.
var builtIn = detect.Input{
	Path: "devices/pci0000:00/0000:00:15.1/i2c_designware.1/i2c-14/i2c-GXTP7380:00/0018:27C6:0113.0003/input/input18", Parent: "devices/pci0000:00/0000:00:15.1/i2c_designware.1/i2c-14/i2c-GXTP7380:00",
	Name: "GXTP7380:00 27C6:0113", Bus: 0x18, Vendor: 0x27c6, Product: 0x0113,
	Kinds: kind(detect.KindTouchscreen), Direct: true, Absolute: true, Internal: true, WidthMM: 309, HeightMM: 174,
}

// onUSB is the sensor of a touch monitor on a port.
func onUSB(port string, vendor, product uint16, widthMM, heightMM int) detect.Input {
	device := "devices/pci0000:00/0000:00:14.0/usb1/1-" + port
	return detect.Input{
		Path: device + "/1-" + port + ":1.0/0003:0EEF:0001.0001/input/input7", Parent: device, Phys: "usb-0000:00:14.0-" + port + "/input0",
		Name: "Touch Monitor", Bus: 3, Vendor: vendor, Product: product,
		Kinds: kind(detect.KindTouchscreen), Direct: true, Absolute: true, WidthMM: widthMM, HeightMM: heightMM,
	}
}

func changed(in detect.Input, change func(*detect.Input)) detect.Input { change(&in); return in }

func onCard(card string, o xconfig.Output) xconfig.Output {
	o.Card = card
	return o
}

func onGPU(card string, d xconfig.DisplayPlan) xconfig.DisplayPlan {
	d.GPU.Card = card
	return d
}

func TestTouchSituations(t *testing.T) {
	kiosk := []xconfig.Output{on(screen("HDMI-A-1", 0, 0, 1920, 1080), "IVM-6626-1", 598, 336), on(screen("DP-1", 1920, 0, 1280, 1024), "ELO-0180-2", 338, 270)}
	mug := onUSB("3", 0x0eef, 0x0001, 338, 270)
	twins := []xconfig.Output{on(screen("HDMI-A-1", 0, 0, 1920, 1080), "ELO-2402", 527, 296), on(screen("HDMI-A-2", 1920, 0, 1920, 1080), "ELO-2402", 527, 296)}
	twin1, twin2 := onUSB("1", 0x04e7, 0x0020, 527, 296), onUSB("2.4", 0x04e7, 0x0020, 527, 296)
	docked := []xconfig.Output{panel14(screen("eDP-1", 0, 0, 1920, 1080)), on(screen("HDMI-A-1", 1920, 0, 1920, 1080), "DEL-a0b1", 309, 174)}

	for _, row := range []struct {
		name    string
		inputs  []detect.Input
		outputs []xconfig.Output
		gpu     string // the card that shows the picture
		prefs   xconfig.Preferences
		on      []string // where each input lands
		want    []string // rules
		note    string
	}{
		{
			name:   "a laptop: the touch is the desktop already",
			inputs: []detect.Input{builtIn}, outputs: []xconfig.Output{panel14(screen("eDP-1", 0, 0, 1920, 1080))},
			on: []string{"eDP-1"},
		},
		{
			name:   "a kiosk with two screens, one to be touched: its size tells which",
			inputs: []detect.Input{mug}, outputs: kiosk, on: []string{"DP-1"},
			want: []string{"touch on DP-1: touchscreen 0eef:0001 TransformationMatrix=0.4 0 0.6 0 0.948148148 0 0 0 1 WL_OUTPUT=DP-1"},
		},
		{
			name:   "the same, its sensor tells no size and its maker makes no displays",
			inputs: []detect.Input{changed(mug, func(in *detect.Input) { in.WidthMM, in.HeightMM = 0, 0 })}, outputs: kiosk, on: []string{""},
			note: "which of 2 outputs it lies on is not known",
		},
		{
			name:   "the same, and a setting says",
			inputs: []detect.Input{changed(mug, func(in *detect.Input) { in.WidthMM, in.HeightMM = 0, 0 })}, outputs: kiosk,
			prefs: xconfig.Preferences{Touch: []xconfig.TouchRule{{Device: "0eef:0001", Output: xconfig.Match{Vendor: "elo"}, Source: "site.toml:9"}}},
			on:    []string{"DP-1"},
			want:  []string{"touch on DP-1: touchscreen 0eef:0001 TransformationMatrix=0.4 0 0.6 0 0.948148148 0 0 0 1 WL_OUTPUT=DP-1"},
		},
		{
			name:   "the same, its USB vendor makes displays",
			inputs: []detect.Input{onUSB("3", 0x04e7, 0x0020, 0, 0)}, outputs: kiosk, on: []string{"DP-1"},
			want: []string{"touch on DP-1: touchscreen 04e7:0020 TransformationMatrix=0.4 0 0.6 0 0.948148148 0 0 0 1 WL_OUTPUT=DP-1"},
		},
		{
			name:   "a portrait panel: one rule for every touchscreen, also the one plugged in tomorrow",
			inputs: []detect.Input{mug}, outputs: []xconfig.Output{rotatedBy(on(screen("DP-1", 0, 0, 1280, 1024), "ELO-0180-2", 338, 270), "right")}, on: []string{"DP-1"},
			want: []string{"touch on DP-1: touchscreen TransformationMatrix=0 1 0 -1 0 1 0 0 1"},
		},
		{
			name:    "a portrait panel, its touchscreen not plugged in yet",
			outputs: []xconfig.Output{rotatedBy(screen("DP-1", 0, 0, 1280, 1024), "left")},
			want:    []string{"touch on DP-1: touchscreen TransformationMatrix=0 -1 1 1 0 0 0 0 1"},
		},
		{
			// A panel that is Left Side Up is turned with RandR's left; its pen is
			// a device of its own and turns with it.
			name:    "a tablet built with its left side up",
			inputs:  []detect.Input{builtIn, changed(builtIn, func(in *detect.Input) { in.Path += "9"; in.Kinds = kind(detect.KindTablet) })},
			outputs: []xconfig.Output{rotatedBy(panel14(screen("DSI-1", 0, 0, 800, 1280)), "left")}, on: []string{"DSI-1", "DSI-1"},
			want: []string{"touch on DSI-1: touchscreen TransformationMatrix=0 -1 1 1 0 0 0 0 1", "touch on DSI-1: tablet 27c6:0113 TransformationMatrix=0 -1 1 1 0 0 0 0 1"},
		},
		{
			name:   "the same, docked: the portrait panel is the left part of the desktop",
			inputs: []detect.Input{builtIn}, outputs: []xconfig.Output{rotatedBy(panel14(screen("DSI-1", 0, 0, 800, 1280)), "left"), on(screen("HDMI-A-1", 1280, 0, 1920, 1080), "DEL-a0b1", 527, 296)},
			on:   []string{"DSI-1"},
			want: []string{"touch on DSI-1: touchscreen 27c6:0113 TransformationMatrix=0 -0.4 0.4 0.740740741 0 0 0 0 1 WL_OUTPUT=DSI-1"},
		},
		{
			name:   "a touch monitor as large as the laptop's own panel: what is built in is the panel's",
			inputs: []detect.Input{builtIn, onUSB("2", 0x222a, 0x0001, 309, 174)}, outputs: docked, on: []string{"eDP-1", "HDMI-A-1"},
			want: []string{
				"touch on eDP-1: touchscreen 27c6:0113 TransformationMatrix=0.5 0 0 0 1 0 0 0 1 WL_OUTPUT=eDP-1",
				"touch on HDMI-A-1: touchscreen 222a:0001 TransformationMatrix=0.5 0 0.5 0 1 0 0 0 1 WL_OUTPUT=HDMI-A-1",
			},
		},
		{
			// Its hub is not removable from the monitor, so the sensor looks built in.
			name:    "a monitor's sensor that looks built in, but has the monitor's size",
			inputs:  []detect.Input{changed(onUSB("2.1", 0x222a, 0x0001, 527, 296), func(in *detect.Input) { in.Internal = true })},
			outputs: []xconfig.Output{panel14(screen("eDP-1", 0, 0, 1920, 1080)), on(screen("HDMI-A-1", 1920, 0, 1920, 1080), "DEL-a0b1", 527, 296)},
			on:      []string{"HDMI-A-1"},
			want:    []string{"touch on HDMI-A-1: touchscreen 222a:0001 TransformationMatrix=0.5 0 0.5 0 1 0 0 0 1 WL_OUTPUT=HDMI-A-1"},
		},
		{
			// No guess, so no note: what is built in belongs together.
			name:   "a built-in sensor of no size, docked",
			inputs: []detect.Input{changed(builtIn, func(in *detect.Input) { in.WidthMM, in.HeightMM = 0, 0 })}, outputs: docked, on: []string{"eDP-1"},
			want: []string{"touch on eDP-1: touchscreen 27c6:0113 TransformationMatrix=0.5 0 0 0 1 0 0 0 1 WL_OUTPUT=eDP-1"},
		},
		{
			name:   "a built-in sensor, a panel that tells no size beside a monitor as large as the sensor",
			inputs: []detect.Input{builtIn}, on: []string{"eDP-1"},
			outputs: []xconfig.Output{func() xconfig.Output { o := screen("eDP-1", 0, 0, 1920, 1080); o.Internal = true; return o }(), docked[1]},
			want:    []string{"touch on eDP-1: touchscreen 27c6:0113 TransformationMatrix=0.5 0 0 0 1 0 0 0 1 WL_OUTPUT=eDP-1"},
		},
		{
			name:   "the lid is closed, and a monitor is as large as the sensor",
			inputs: []detect.Input{builtIn}, on: []string{""},
			outputs: []xconfig.Output{func() xconfig.Output { o := docked[0]; o.State = "off"; return o }(), docked[1]},
		},
		{
			// The glass reaches over the image, and EDIDs round.
			name:   "a sensor a little smaller than its display",
			inputs: []detect.Input{onUSB("3", 0x222a, 1, 323, 258)}, outputs: kiosk, on: []string{"DP-1"},
			want: []string{"touch on DP-1: touchscreen 222a:0001 TransformationMatrix=0.4 0 0.6 0 0.948148148 0 0 0 1 WL_OUTPUT=DP-1"},
		},
		{
			name:   "one that is smaller by more than that",
			inputs: []detect.Input{onUSB("3", 0x222a, 1, 318, 254)}, outputs: kiosk, on: []string{""}, note: "not known",
		},
		{
			name:   "a monitor an inch and a half larger than the sensor is not its",
			inputs: []detect.Input{onUSB("3", 0x222a, 1, 546, 307)}, outputs: kiosk, on: []string{""}, note: "not known",
		},
		{
			name:   "a laptop, a monitor, a USB sensor of no size: most likely the laptop's, and that is said",
			inputs: []detect.Input{onUSB("3", 0x222a, 1, 0, 0)}, outputs: docked, on: []string{"eDP-1"},
			want: []string{"touch on eDP-1: touchscreen 222a:0001 TransformationMatrix=0.5 0 0 0 1 0 0 0 1 WL_OUTPUT=eDP-1"}, note: "taken for that of the built-in panel",
		},
		{
			name:   "but not one that is larger than the panel, where the monitor tells no size",
			inputs: []detect.Input{onUSB("3", 0x222a, 1, 527, 296)}, on: []string{""}, note: "not known",
			outputs: []xconfig.Output{panel14(screen("eDP-1", 0, 0, 1920, 1080)), screen("HDMI-A-1", 1920, 0, 1920, 1080)},
		},
		{
			name:   "nor a pen display's, which builds into no laptop",
			inputs: []detect.Input{onUSB("3", 0x256c, 0x6d, 0, 0)}, outputs: docked, on: []string{""}, note: "not known",
		},
		{
			name:   "two panels of a laptop: a monitor of the sensor's maker is not where it is built in",
			inputs: []detect.Input{changed(onUSB("3", 0x413c, 1, 0, 0), func(in *detect.Input) { in.Internal = true })}, on: []string{""}, note: "not known",
			outputs: append([]xconfig.Output{panel14(screen("eDP-2", 0, 1080, 1920, 1080))}, docked...),
		},
		{
			name:   "an all-in-one whose panel does not look built in",
			inputs: []detect.Input{changed(onUSB("3", 0x03f0, 1, 0, 0), func(in *detect.Input) { in.Internal = true })}, on: []string{"DP-1"},
			outputs: []xconfig.Output{on(screen("DP-1", 0, 0, 1920, 1080), "HPN-3500", 527, 296), on(screen("HDMI-A-1", 1920, 0, 1920, 1080), "SAM-0d92", 527, 296)},
			want:    []string{"touch on DP-1: touchscreen 03f0:0001 TransformationMatrix=0.5 0 0 0 1 0 0 0 1 WL_OUTPUT=DP-1"},
		},
		{
			name: "a pen display: its pen does not say that it touches a display, its fingers do",
			inputs: []detect.Input{
				changed(onUSB("3", 0x256c, 0x6d, 0, 0), func(in *detect.Input) { in.Path += "1"; in.Kinds = kind(detect.KindTablet); in.Direct = false }),
				onUSB("3", 0x256c, 0x6d, 0, 0),
				changed(onUSB("3", 0x256c, 0x6d, 0, 0), func(in *detect.Input) {
					in.Path += "2"
					in.Kinds = kind(detect.KindTablet, detect.KindTabletPad)
					in.Direct = false
				}),
			},
			outputs: []xconfig.Output{panel14(screen("eDP-1", 0, 0, 1920, 1080)), on(screen("HDMI-A-1", 1920, 0, 1920, 1080), "HAT-1330", 294, 165)},
			on:      []string{"HDMI-A-1", "HDMI-A-1", ""},
			want: []string{
				"touch on HDMI-A-1: tablet 256c:006d TransformationMatrix=0.5 0 0.5 0 1 0 0 0 1 WL_OUTPUT=HDMI-A-1",
				"touch on HDMI-A-1: touchscreen 256c:006d TransformationMatrix=0.5 0 0.5 0 1 0 0 0 1 WL_OUTPUT=HDMI-A-1",
			},
		},
		{
			name:   "two of a kind, two sensors of a kind: nothing tells",
			inputs: []detect.Input{twin1, twin2}, outputs: twins, on: []string{"", ""}, note: "not known",
		},
		{
			name:   "the same, told apart by where they are plugged in",
			inputs: []detect.Input{twin1, twin2}, outputs: twins, on: []string{"HDMI-A-2", "HDMI-A-1"},
			prefs: xconfig.Preferences{Touch: []xconfig.TouchRule{
				{Device: "usb-0000:00:14.0-1/*", Output: xconfig.Match{Connector: "HDMI-A-2"}},
				{Device: "usb-0000:00:14.0-2.4/*", Output: xconfig.Match{Connector: "HDMI-A-1"}},
			}},
			want: []string{
				"touch on HDMI-A-2: touchscreen 04e7:0020 ID_PATH=pci-0000:00:14.0-usb-0:1:1.0:attune_touch1 TransformationMatrix=0.5 0 0.5 0 1 0 0 0 1 WL_OUTPUT=HDMI-A-2",
				"touch on HDMI-A-1: touchscreen 04e7:0020 ID_PATH=pci-0000:00:14.0-usb-0:2.4:1.0:attune_touch2 TransformationMatrix=0.5 0 0 0 1 0 0 0 1 WL_OUTPUT=HDMI-A-1",
			},
		},
		{
			name:   "two mirrored screens are one picture",
			inputs: []detect.Input{mug}, outputs: []xconfig.Output{screen("HDMI-A-1", 0, 0, 1920, 1080), func() xconfig.Output { o := screen("DP-1", 0, 0, 1920, 1080); o.Mirrors = "HDMI-A-1"; return o }()},
			on: []string{"HDMI-A-1"},
		},
		{
			name:   "one display made of two tiles is one",
			inputs: []detect.Input{mug}, outputs: []xconfig.Output{func() xconfig.Output {
				o := screen("DP-1", 0, 0, 5120, 2880)
				o.Tiles = []string{"DP-1", "DP-2"}
				return o
			}()},
			on: []string{"DP-1"},
		},
		{
			name:   "a sensor mounted upside down: X has it in one matrix, Wayland in udev's, and X is kept from having both",
			inputs: []detect.Input{mug}, outputs: kiosk,
			prefs: xconfig.Preferences{Touch: []xconfig.TouchRule{{Device: "Touch Mon*", Output: xconfig.Match{Connector: "DP-1"}, Rotate: "inverted"}}},
			on:    []string{"DP-1"},
			want: []string{
				"touch on DP-1: touchscreen 0eef:0001 TransformationMatrix=-0.4 0 1 0 -0.948148148 0.948148148 0 0 1 CalibrationMatrix=1 0 0 0 1 0 0 0 1 WL_OUTPUT=DP-1 LIBINPUT_CALIBRATION_MATRIX=-1 0 1 0 -1 1",
			},
		},
		{
			name:   "a setting that says what is so anyway",
			inputs: []detect.Input{mug}, outputs: []xconfig.Output{rotatedBy(screen("DP-1", 0, 0, 1280, 1024), "right")},
			prefs: xconfig.Preferences{Touch: []xconfig.TouchRule{{Device: "0eef:*", Output: xconfig.Match{Role: "external"}}}}, on: []string{"DP-1"},
			want: []string{"touch on DP-1: touchscreen TransformationMatrix=0 1 0 -1 0 1 0 0 1", "touch on DP-1: tablet 0eef:* TransformationMatrix=0 1 0 -1 0 1 0 0 1"},
		},
		{
			name:   "all screens together by setting, against the general rule",
			inputs: []detect.Input{mug}, outputs: []xconfig.Output{rotatedBy(screen("DP-1", 0, 0, 1280, 1024), "right")},
			prefs: xconfig.Preferences{Touch: []xconfig.TouchRule{{Device: "0eef:*"}}}, on: []string{""},
			want: []string{
				"touch on DP-1: touchscreen TransformationMatrix=0 1 0 -1 0 1 0 0 1",
				"touch on all outputs: touchscreen 0eef:* TransformationMatrix=1 0 0 0 1 0 0 0 1",
			},
		},
		{
			name:   "a setting for an output that is off",
			inputs: []detect.Input{mug}, outputs: kiosk, on: []string{""},
			prefs: xconfig.Preferences{Touch: []xconfig.TouchRule{{Device: "0eef:0001", Output: xconfig.Match{Connector: "VGA-1"}}}},
			note:  "names an output that shows no picture",
		},
		{
			name:    "a setting for a device that comes later",
			outputs: kiosk, prefs: xconfig.Preferences{Touch: []xconfig.TouchRule{{Device: "04E7:0020", Output: xconfig.Match{Connector: "DP-1"}}}},
			want: []string{
				"touch on DP-1: touchscreen 04e7:0020 TransformationMatrix=0.4 0 0.6 0 0.948148148 0 0 0 1 WL_OUTPUT=DP-1",
				"touch on DP-1: tablet 04e7:0020 TransformationMatrix=0.4 0 0.6 0 0.948148148 0 0 0 1 WL_OUTPUT=DP-1",
			},
		},
		{
			// udev calls it a mouse; QEMU's mouse and keyboard have the same ids.
			name: "QEMU's tablet on the second of two screens",
			inputs: []detect.Input{
				{Path: "a", Name: "QEMU QEMU USB Tablet", Bus: 3, Vendor: 0x0627, Product: 1, Kinds: kind(detect.KindMouse), Absolute: true},
				{Path: "b", Name: "QEMU QEMU USB Mouse", Bus: 3, Vendor: 0x0627, Product: 1, Kinds: kind(detect.KindMouse)},
				{Path: "c", Name: "QEMU QEMU USB Keyboard", Bus: 3, Vendor: 0x0627, Product: 1, Kinds: kind(detect.KindKeyboard)},
			},
			outputs: []xconfig.Output{screen("Virtual-1", 0, 0, 1024, 768), screen("Virtual-2", 1024, 0, 1024, 768)},
			prefs:   xconfig.Preferences{Touch: []xconfig.TouchRule{{Device: "0627:0001", Output: xconfig.Match{Connector: "Virtual-2"}}}},
			on:      []string{"Virtual-2", "", ""},
			want:    []string{`touch on Virtual-2: pointer 0627:0001 "QEMU QEMU USB Tablet" TransformationMatrix=0.5 0 0.5 0 1 0 0 0 1 WL_OUTPUT=Virtual-2`},
		},
		{
			name:    "the pen of a device is where its fingers are, though it tells no size",
			inputs:  []detect.Input{changed(mug, func(in *detect.Input) { in.Path += "1"; in.Kinds = kind(detect.KindTablet); in.WidthMM = 0 }), mug},
			outputs: kiosk, on: []string{"DP-1", "DP-1"},
			want: []string{
				"touch on DP-1: tablet 0eef:0001 TransformationMatrix=0.4 0 0.6 0 0.948148148 0 0 0 1 WL_OUTPUT=DP-1",
				"touch on DP-1: touchscreen 0eef:0001 TransformationMatrix=0.4 0 0.6 0 0.948148148 0 0 0 1 WL_OUTPUT=DP-1",
			},
		},
		{
			name:   "a tablet without a display is the whole desktop's",
			inputs: []detect.Input{changed(mug, func(in *detect.Input) { in.Kinds = kind(detect.KindTablet); in.Direct = false })}, outputs: kiosk, on: []string{""},
		},
		{
			name:   "another seat's touchscreen is not ours",
			inputs: []detect.Input{changed(mug, func(in *detect.Input) { in.Seat = "seat1" })}, outputs: kiosk, on: []string{""},
		},
		{
			name:   "the lid is closed: nobody touches the panel",
			inputs: []detect.Input{builtIn}, on: []string{""},
			outputs: []xconfig.Output{func() xconfig.Output { o := panel14(screen("eDP-1", 0, 0, 1920, 1080)); o.State = "off"; return o }(), screen("HDMI-A-1", 0, 0, 1920, 1080)},
		},
		{
			name:   "no screen at all",
			inputs: []detect.Input{mug}, on: []string{""},
		},
		{
			name: "a USB display and its sensor on one hub",
			inputs: []detect.Input{changed(mug, func(in *detect.Input) {
				in.Path = "devices/pci0000:00/0000:00:14.0/usb1/1-4/1-4.2/1-4.2:1.0/input/input7"
				in.WidthMM = 0
			})}, on: []string{"DVI-I-1"},
			outputs: []xconfig.Output{screen("HDMI-A-1", 0, 0, 1920, 1080), func() xconfig.Output { o := screen("DVI-I-1", 1920, 0, 1920, 1080); o.Card = "usb-display"; return o }()},
			want:    []string{"touch on DVI-I-1: touchscreen 0eef:0001 TransformationMatrix=0.5 0 0.5 0 1 0 0 0 1 WL_OUTPUT=DVI-I-1"},
		},
		{
			name: "a touch monitor at a dock that has a USB display too",
			inputs: []detect.Input{changed(mug, func(in *detect.Input) {
				in.Path = "devices/pci0000:00/0000:00:14.0/usb1/1-4/1-4.2/1-4.2:1.0/input/input7"
			})}, on: []string{"DP-1"},
			outputs: []xconfig.Output{kiosk[1], func() xconfig.Output {
				o := on(screen("DVI-I-1", 0, 0, 1920, 1080), "DEL-a0b1", 527, 296)
				o.Card = "usb-display"
				return o
			}()},
			want: []string{"touch on DP-1: touchscreen 0eef:0001 TransformationMatrix=0.4 0 0.6 0 0.948148148 0 0 0 1 WL_OUTPUT=DP-1"},
		},
		{
			// X begins with the first card's outputs alone; a part of a desktop that is
			// not there would shrink the touch.
			name:   "a laptop with a screen on its other card",
			inputs: []detect.Input{builtIn}, on: []string{"eDP-1"}, gpu: "first",
			outputs: []xconfig.Output{onCard("first", panel14(screen("eDP-1", 0, 0, 1920, 1080))), onCard("second", on(screen("HDMI-A-1", 1920, 0, 1920, 1080), "DEL-a0b1", 527, 296))},
			want:    []string{"touch on eDP-1: touchscreen 27c6:0113 WL_OUTPUT=eDP-1"},
		},
		{
			name:   "the same, the touchscreen is on the other card: there the whole desktop is",
			inputs: []detect.Input{mug}, on: []string{"DP-1"}, gpu: "first",
			outputs: []xconfig.Output{onCard("first", panel14(screen("eDP-1", 0, 0, 1920, 1080))), onCard("second", kiosk[1])},
			want:    []string{"touch on DP-1: touchscreen 0eef:0001 TransformationMatrix=0.4 0 0.6 0 0.948148148 0 0 0 1 WL_OUTPUT=DP-1"},
		},
	} {
		t.Run(row.name, func(t *testing.T) {
			f := xconfig.Facts{Inputs: row.inputs}
			f.Graphics.Cards = []detect.Card{{ID: "usb-display", Device: "devices/pci0000:00/0000:00:14.0/usb1/1-4/1-4.1/1-4.1:1.0"}}
			plan := Plan(f, row.prefs, onGPU(row.gpu, desktop(row.outputs...)))
			var on []string
			for _, u := range plan.Devices {
				on = append(on, u.Output)
			}
			if !slices.Equal(on, row.on) {
				t.Errorf("lands on %q, want %q: %+v", on, row.on, plan.Devices)
			}
			if got := rules(plan); !slices.Equal(got, row.want) {
				t.Errorf("rules\n %s\nwant\n %s", strings.Join(got, "\n "), strings.Join(row.want, "\n "))
			}
			if !saysNote(plan.Notes, row.note) || row.note == "" && len(plan.Notes) > 0 {
				t.Errorf("notes %+v, want %q", plan.Notes, row.note)
			}
		})
	}
}

// The same facts make the same plan, to the byte.
func TestPlanInputsIsDeterministic(t *testing.T) {
	f := xconfig.Facts{Image: database, Inputs: []detect.Input{usKeyboard, builtIn, onUSB("1", 0x04e7, 0x20, 0, 0), onUSB("2", 0x04e7, 0x20, 0, 0)}}
	f.Cmdline = "keyboard-layouts=xx,yy lang=de_DE"
	p := xconfig.Preferences{Keyboard: xconfig.Keyboard{Layout: "gerr"}, Touch: []xconfig.TouchRule{{Device: "usb*-1/*", Output: xconfig.Match{Connector: "A"}}, {Device: "usb*", Output: xconfig.Match{Connector: "B"}}}}
	d := desktop(screen("A", 0, 0, 800, 600), screen("B", 800, 0, 640, 480))
	first := ""
	for range 50 {
		text, err := json.Marshal(Plan(f, p, d))
		if err != nil {
			t.Fatal(err)
		}
		if first == "" {
			first = string(text)
		}
		if string(text) != first {
			t.Fatalf("differs:\n%s\n%s", text, first)
		}
	}
}
