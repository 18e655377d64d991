package edid

import "testing"

func TestID(t *testing.T) {
	noText := set(72, 0, 0, 0, 0x10, 0)
	for _, c := range []struct {
		name string
		edid []byte
		want string
	}{
		{"serial string", base(), "DEL-a0b1-7MT0178K2FPL"},
		{"serial number", base(noText), "DEL-a0b1-3130304c"},
		{"no serial", base(noText, set(12, 0, 0, 0, 0)), "DEL-a0b1"},
		{"the number of those who have none", base(noText, set(12, 1, 1, 1, 1)), "DEL-a0b1"},
		{"a serial string that tries to be more", base(set(77, []byte("\"\r../|$x `é\n")...)), "DEL-a0b1-..x"},
		{"vendor out of letters", base(set(8, 0, 0)), "0000-a0b1-7MT0178K2FPL"},
	} {
		if got := parse(t, c.edid).ID(); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestNonDesktop(t *testing.T) {
	ms := func(version, flags byte) []byte {
		x := append([]byte{0x5c, 0x12, 0xca, version, flags}, make([]byte, 16)...)
		return with(base(), ctaExt([][]byte{block(3, x...)}))
	}
	for _, c := range []struct {
		name string
		edid []byte
		want bool
	}{
		{"a desktop display", base(), false},
		{"Microsoft's block, version 1", ms(1, 7), true},
		{"version 2", ms(2, 0), true},
		{"version 3 of a special display", ms(3, 7), true},
		{"version 3 with a desktop", ms(3, 0x40), false},
		{"DisplayID virtual reality", with(base(), displayIDExt(0x20, 7)), true},
		{"DisplayID augmented reality", with(base(), displayIDExt(0x20, 8)), true},
		{"DisplayID gaming", with(base(), displayIDExt(0x20, 5)), false},
	} {
		if got := sound(t, c.edid).NonDesktop(); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}
