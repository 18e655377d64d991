package edid

import "testing"

// TestQuirks shows one EDID, of each display in the list and of one not in it.
func TestQuirks(t *testing.T) {
	// 1280x720 at 60 Hz with both pulses negative is the display's own choice;
	// then 1280x1024 at 60 and at 75 Hz.
	b := func(name string) []byte {
		return plain(3, func(b []byte) {
			copy(b[8:], name)
			b[24] = 2
			copy(b[54:], dtd720p)
			b[54+17] = 0x18
			copy(b[38:], "\x81\x80\x81\x8f")
		})
	}
	type first struct {
		name       string
		hz         int
		kHz        int
		hPos, vPos bool
	}
	plainly := first{"1280x720", 60, 74250, false, false}
	at60, at75 := first{"1280x1024", 60, 108000, true, true}, first{"1280x1024", 75, 135000, true, true}
	for _, c := range []struct {
		vendor  string
		product uint16
		want    first
	}{
		{"ACR", 1, plainly},
		{"ACR", 44358, at60}, {"API", 0x7602, at60}, {"MAX", 1516, at60}, {"MAX", 0x77e, at60}, {"EPI", 8232, at60},
		{"SAM", 596, at60}, {"SAM", 638, at60},
		{"FCM", 13600, at75}, {"MED", 0x7b8, at75},
		{"EPI", 59264, first{"1280x720", 9, 10880, false, false}}, // the clock the kernel gives it
		{"SAM", 541, first{"1280x720", 60, 74250, true, true}},
		{"VSC", 5020, first{"1280x720", 60, 63974, true, false}}, // CVT's reduced blanking
		{"EPI", 59265, plainly}, {"SAM", 542, plainly},
	} {
		m := parse(t, b(id(c.vendor, c.product))).Modes()[0]
		got := first{m.Name(), int(m.Refresh() + 0.5), int(m.Clock / 1000), m.HSyncPositive, m.VSyncPositive}
		if got != c.want || !m.Preferred {
			t.Errorf("%s %d: %+v, want %+v", c.vendor, c.product, got, c.want)
		}
	}
}

// Timings for two eyes are not listed; bit 5 is what the kernel tells them by.
func TestStereoModes(t *testing.T) {
	for _, c := range []struct {
		name  string
		flags byte
		want  string
	}{
		{"no stereo", 0x1e, "[1920x1080 60.00 Hz 1280x720 60.00 Hz]"},
		{"the right picture first", 0x3e, "[1280x720 60.00 Hz]"},
		{"interleaved", 0x3f, "[1280x720 60.00 Hz]"},
		{"side by side", 0x7f, "[1280x720 60.00 Hz]"},
		{"the left picture first, which has another bit", 0x5e, "[1920x1080 60.00 Hz 1280x720 60.00 Hz]"},
	} {
		e := parse(t, plain(4, func(b []byte) {
			copy(b[54:], dtd1080p)
			b[54+17] = c.flags
			copy(b[72:], dtd720p)
		}))
		if got := modeNames(e.Modes()); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}
