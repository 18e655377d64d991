package vm

import (
	"slices"
	"testing"
)

func TestParseMatrix(t *testing.T) {
	const props = `Device 'QEMU QEMU USB Tablet':
	Device Enabled (120):	1
	Coordinate Transformation Matrix (122):	0.324324, 0.000000, 0.675676, 0.000000, 1.000000, 0.000000, 0.000000, 0.000000, 1.000000
	libinput Calibration Matrix (284):	1.000000, 0.000000
`
	m, err := ParseMatrix(props, "Coordinate Transformation Matrix")
	if want := [9]float64{0.324324, 0, 0.675676, 0, 1, 0, 0, 0, 1}; m != want || err != nil {
		t.Errorf("got %v, %v", m, err)
	}
	for _, bad := range []string{"libinput Calibration Matrix", "Coordinate", "nothing"} {
		if _, err := ParseMatrix(props, bad); err == nil {
			t.Errorf("%q is a matrix", bad)
		}
	}
}

func TestParseLocation(t *testing.T) {
	if x, y, err := ParseLocation("X=2198\nY=639\nSCREEN=0\nWINDOW=1326\n"); x != 2198 || y != 639 || err != nil {
		t.Errorf("got %d, %d, %v", x, y, err)
	}
	if _, _, err := ParseLocation("X=2198\n"); err == nil {
		t.Error("half a place is a place")
	}
}

func TestAppliedClasses(t *testing.T) {
	const log = `[ 1.0] (**) QEMU QEMU USB Tablet: Applying InputClass "libinput pointer catchall"
[ 1.0] (**) Another QEMU QEMU USB Tablet II: Applying InputClass "other"
[ 1.0] (**) QEMU QEMU USB Tablet: Applying InputClass "tablet"
`
	if got, want := AppliedClasses(log, usbTablet), []string{"libinput pointer catchall", "tablet"}; !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}

func FuzzParseXinput(f *testing.F) {
	f.Add("\tA Matrix (1):\t1, 0, 0, 0, 1, 0, 0, 0, 1\nX=1\nY=2\n", "A Matrix")
	f.Fuzz(func(t *testing.T, text, name string) {
		ParseMatrix(text, name)
		ParseLocation(text)
		AppliedClasses(text, name)
	})
}
