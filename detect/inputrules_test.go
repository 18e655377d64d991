package detect

import (
	"slices"
	"testing"
)

func TestTypists(t *testing.T) {
	keyboard := []InputKind{KindKeyboard}
	for _, row := range []struct {
		name string
		in   Input
		want InputKind
	}{
		{"by vendor", Input{Bus: busUSB, Vendor: 0x0c2e, Product: 0x0b61, Name: "Honeywell Vuquest", Kinds: keyboard}, KindScanner},
		{"by product", Input{Bus: busUSB, Vendor: 0x067e, Product: 0x0801, Kinds: keyboard}, KindScanner},
		{"another product of a vendor with many", Input{Bus: busUSB, Vendor: 0x04b4, Product: 0x0001, Name: "Cypress Keyboard", Kinds: keyboard}, ""},
		{"a card reader", Input{Bus: busUSB, Vendor: 0x0801, Product: 2, Kinds: keyboard}, KindCardReader},
		{"a scanner's other half, which types nothing", Input{Bus: busUSB, Vendor: 0x0c2e, Product: 0x0b61, Kinds: []InputKind{KindMouse}}, ""},
		{"the same numbers on another bus mean nothing", Input{Bus: busI2C, Vendor: 0x0c2e, Kinds: keyboard}, ""},
		{"by name", Input{Bus: busUSB, Vendor: 1, Name: "XYZ 2D Barcode Reader", Kinds: keyboard}, KindScanner},
		{"by name, Bluetooth", Input{Bus: busBluetooth, Name: "Inateck BCST-70 Barcode Scanner", Kinds: keyboard}, KindScanner},
		{"a barcode keyboard wedge", Input{Bus: busUSB, Name: "USB BARCODE SCANNER KEYBOARD", Kinds: keyboard}, KindScanner},
		{"a word within another", Input{Bus: busUSB, Name: "Scannerless Gaming", Kinds: keyboard}, ""},
		{"fingers", Input{Bus: busUSB, Name: "Acme Fingerprint Scanner", Kinds: keyboard}, ""},
		{"a keyboard with a card slot", Input{Bus: busUSB, Name: "HP Smart Card Reader Keyboard", Kinds: keyboard}, ""},
		{"a card reader by name", Input{Bus: busUSB, Name: "Generic USB RFID Reader", Kinds: keyboard}, KindCardReader},
		{"a keyboard", Input{Bus: busUSB, Name: "Dell KB216 Wired Keyboard", Kinds: keyboard}, ""},
		{"no name", Input{Bus: busUSB, Kinds: keyboard}, ""},
	} {
		var want []InputKind
		if row.want != "" {
			want = []InputKind{row.want}
		}
		if got := typist(row.in); !slices.Equal(got, want) {
			t.Errorf("%s: %v, wanted %v", row.name, got, want)
		}
	}
}

func TestTypistsOnce(t *testing.T) {
	seen := map[[2]int]string{}
	for _, row := range typists {
		key := [2]int{int(row.vendor), row.product}
		if other := seen[key]; other != "" || row.name == "" {
			t.Errorf("%04x:%04x is %q and %q", row.vendor, row.product, other, row.name)
		}
		if seen[[2]int{int(row.vendor), anyProduct}] != "" && row.product != anyProduct {
			t.Errorf("%s: the whole vendor is in the table", row.name)
		}
		seen[key] = row.name
	}
}

func TestCorrected(t *testing.T) {
	for _, row := range []struct {
		name, device, alias string
		rules, want         []InputKind
	}{
		{"no correction", "Mouse", "input:b0003v046DpC077e0111-e0,1,2,4", []InputKind{KindMouse}, []InputKind{KindMouse}},
		{"an RC transmitter", "", "input:b0003v07C0p1125e0100-e0", []InputKind{KindMouse}, []InputKind{KindJoystick}},
		{"a keyboard which is no mouse", "MX Keys", "input:b0005v046DpB35Fe0022-e0,1", []InputKind{KindKeyboard, KindMouse}, []InputKind{KindKeyboard}},
		{"a trackball by name", "Logitech USB Trackball", "input:b0003v046DpC408e0100-e0", []InputKind{KindMouse}, []InputKind{KindMouse, KindTrackball}},
		{"a trackball by number", "Logitech M570", "input:b0003v046Dp1028e0111-e0", []InputKind{KindMouse}, []InputKind{KindMouse, KindTrackball}},
		{"a trackball's keys", "Kensington Trackball", "", []InputKind{KindKey}, []InputKind{KindKey}},
		{"its keys by number", "Logitech M570", "input:b0003v046Dp1028e0111-e0", []InputKind{KindKey}, []InputKind{KindKey}},
		{"an alias that is none", "", "b0003v07C0p1125", []InputKind{KindMouse}, []InputKind{KindMouse}},
	} {
		if got := corrected(slices.Clone(row.rules), row.device, row.alias); !slices.Equal(got, row.want) {
			t.Errorf("%s: %v, wanted %v", row.name, got, row.want)
		}
	}
}

func TestIgnored(t *testing.T) {
	for _, row := range []struct {
		name    string
		text    capabilityText
		udev    map[string]string
		ignored bool
	}{
		{"keyboard", capabilityText{ev: "120013", key: "fffffffffffffffe"}, nil, false},
		{"power button", capabilityText{ev: "3", key: "10000000000000 0"}, nil, false},
		{"lid", capabilityText{ev: "21", sw: "1"}, nil, false},
		{"lid, udev before switches", capabilityText{ev: "21", sw: "1"}, map[string]string{"ID_INPUT": "1"}, false},
		{"tablet mode", capabilityText{ev: "21", sw: "2"}, nil, false},
		{"HDMI jack", capabilityText{ev: "21", sw: "140"}, nil, true},
		{"headset with keys", capabilityText{ev: "23", key: "1000000000000 4 0 c000000000000 0", sw: "14"}, nil, false},
		{"buzzer", capabilityText{ev: "40001"}, nil, true},
		{"accelerometer", capabilityText{ev: "9", abs: "7", prop: "40"}, nil, true},
		{"gamepad", capabilityText{ev: "20000b", key: "7cdb000000000000 0 0 0 0", abs: "3003f"}, nil, true},
		{"gamepad with a touchpad by udev", capabilityText{ev: "b"}, map[string]string{"ID_INPUT": "1", "ID_INPUT_JOYSTICK": "1", "ID_INPUT_TOUCHPAD": "1"}, false},
		{"administrator's word", capabilityText{ev: "7", key: "70000 0 0 0 0", rel: "3"}, map[string]string{"LIBINPUT_IGNORE_DEVICE": "1"}, true},
		{"virtual mouse of a KVM", capabilityText{ev: "f", key: "70000 0 0 0 0", rel: "100", abs: "3"}, nil, false},
		{"nothing is known", capabilityText{}, nil, true},
	} {
		f := &inputFiles{caps: row.text, udev: row.udev}
		in, err := f.input(64)
		if err != nil {
			t.Errorf("%s: %v", row.name, err)
		}
		if (in.Ignored != "") != row.ignored {
			t.Errorf("%s: %v is ignored because %q", row.name, in.Kinds, in.Ignored)
		}
	}
}

func TestInternalInput(t *testing.T) {
	for _, row := range []struct {
		name string
		bus  uint16
		port string
		udev map[string]string
		want bool
	}{
		{"I2C", busI2C, "", nil, true},
		{"PS/2", busI8042, "", nil, true},
		{"USB in a socket", busUSB, "removable", nil, false},
		{"USB soldered in", busUSB, "fixed", nil, true},
		{"USB, nobody knows", busUSB, "unknown", nil, false},
		{"Bluetooth", busBluetooth, "", nil, false},
		{"udev says in", busUSB, "removable", map[string]string{"ID_INTEGRATION": "internal"}, true},
		{"udev says out", busI8042, "", map[string]string{"ID_INTEGRATION": "external"}, false},
		{"a touchpad outside", busI2C, "", map[string]string{"ID_INPUT_TOUCHPAD_INTEGRATION": "external"}, false},
	} {
		f := &inputFiles{usbRemovable: row.port, udev: row.udev}
		if got := internalInput(Input{Bus: row.bus}, f); got != row.want {
			t.Errorf("%s: %v", row.name, got)
		}
	}
}

func TestSizes(t *testing.T) {
	for _, row := range []struct {
		name string
		axes []Axis
		want int
	}{
		{"none", nil, 0},
		{"no resolution", []Axis{{absX, 0, 4095, 0}}, 0},
		{"one touch", []Axis{{absX, 0, 4095, 12}}, 341},
		{"many touches alone", []Axis{{absMTX, -10, 990, 10}}, 100},
		{"the first counts", []Axis{{absMTX, 0, 1000, 5}, {absX, 0, 1000, 10}}, 100},
		{"turned around", []Axis{{absX, 100, 0, 1}}, 0},
		{"too long", []Axis{{absX, -1 << 31, 1<<31 - 1, 1}}, 0},
	} {
		if got := axisMM(row.axes, absX, absMTX); got != row.want {
			t.Errorf("%s: %d mm, wanted %d", row.name, got, row.want)
		}
	}
	for text, want := range map[string]int{"": 0, "344": 344, "-1": 0, "99999": 0, "x": 0} {
		if got := size(text); got != want {
			t.Errorf("%q mm is %d", text, got)
		}
	}
	for text, want := range map[string]uint8{"": 0, "00\n": 0, "21": 33, "0d": 13, "fff": 0, "zz": 0} {
		if got := parseCountry(line(text)); got != want {
			t.Errorf("country %q is %d", text, got)
		}
	}
}
