package edid

import "testing"

func TestSizeMM(t *testing.T) {
	timing := func(w, h int) func([]byte) {
		return set(54+12, byte(w), byte(h), byte(w>>8<<4|h>>8))
	}
	cm := func(w, h byte) func([]byte) { return set(21, w, h) }
	hdmi := func(b []byte, imageSize byte) []byte {
		return with(b, ctaExt([][]byte{block(3, 0x03, 0x0c, 0, 0x10, 0, 0, 0, 0x20, imageSize<<3, 0)}))
	}
	displayID := did(0x21, 0x80, append([]byte{0x50, 2, 0x50, 1}, make([]byte, 25)...)...)
	portrait := set(56, 0x38, 0x18, 0x41, 0x80, 0x18, 0x71) // 1080x1920
	for _, c := range []struct {
		name   string
		edid   []byte
		w, h   int
		source string
	}{
		{"both agree: the exact one", base(), 597, 336, "timing"},
		{"a reference design's timing in a television", base(cm(121, 68), timing(1872, 1053)), 1210, 680, "base"},
		{"the timing's in centimetres", base(timing(60, 34)), 600, 340, "base"},
		{"only the timing's", base(cm(0, 0)), 597, 336, "timing"},
		{"only the base block's", base(timing(0, 0)), 600, 340, "base"},
		{"neither: a projector", base(cm(0, 0), timing(0, 0)), 0, 0, ""},
		{"16x9 cm is no size", base(cm(16, 9), timing(160, 90)), 0, 0, "ratio"},
		{"nor 1600x900 mm, 72 inches of a 42 inch television", base(cm(160, 90), timing(1600, 900)), 0, 0, "ratio"},
		{"a ratio in the timing, a size in the base block", base(timing(16, 9)), 600, 340, "base"},
		{"a ratio in the base block, a size in the timing", base(cm(16, 9)), 597, 336, "timing"},
		{"a square for a wide picture", base(cm(30, 30), timing(0, 0)), 0, 0, ""},
		{"pixels for millimetres", base(cm(0, 0), timing(1920, 1080)), 0, 0, ""},
		{"an upright panel described lying", base(portrait), 336, 597, "timing"},
		{"a real 400x300 mm", base(cm(40, 30), timing(0, 0), set(56, 0, 0x98, 0x51, 0, 0x2a, 0x40)), 400, 300, "base"},
		{"HDMI: in units of 5 cm", hdmi(base(cm(42, 24), timing(0, 0)), 3), 2100, 1200, "base"},
		{"DisplayID's before all", with(base(), displayIDExt(0x20, 4, displayID)), 592, 336, "displayid"},
	} {
		w, h, source := parse(t, c.edid).SizeMM()
		if w != c.w || h != c.h || source != c.source {
			t.Errorf("%s: %d x %d (%s), want %d x %d (%s)", c.name, w, h, source, c.w, c.h, c.source)
		}
	}
}
