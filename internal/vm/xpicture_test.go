package vm

import (
	"image/color"
	"strings"
	"testing"
)

func TestReadPPM(t *testing.T) {
	img, err := readPPM(strings.NewReader("P6\n2 2\n255\n\x00\x00\x00\xff\x80\x00\x0a\x0a\x0a\x00\x00\xff"))
	if err != nil {
		t.Fatal(err)
	}
	if got := img.RGBAAt(1, 0); got != (color.RGBA{255, 128, 0, 255}) {
		t.Errorf("second pixel: %v", got)
	}
	p := Picture{Image: img}
	if p.Lit() != 0.5 {
		t.Errorf("lit %v: the nearly black pixel counts", p.Lit())
	}
	if w, h := p.Size(); w != 2 || h != 2 {
		t.Errorf("size %dx%d", w, h)
	}
	for _, bad := range []string{"", "P5\n2 2\n255\n", "P6\n2 2\n65535\n", "P6\n99999 99999\n255\n", "P6\n2 2\n255\nab"} {
		if _, err := readPPM(strings.NewReader(bad)); err == nil {
			t.Errorf("%q is a picture", bad)
		}
	}
}
