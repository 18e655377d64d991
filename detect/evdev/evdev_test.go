package evdev

import (
	"slices"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"

	"attune/detect"
)

func TestAxes(t *testing.T) {
	have := map[uint]absInfo{0: {1, 0, 4095, 0, 0, 12}, 1: {max: 2047, resolution: 12}, 0x35: {min: -5, max: 5}}
	got, err := ask(func(number uint, arg unsafe.Pointer, size uintptr) error {
		switch {
		case number == getBits:
			bits := unsafe.Slice((*byte)(arg), size)
			for code := range have {
				bits[code/8] |= 1 << (code % 8)
			}
			bits[0] |= 4 // an axis that then has no answer
		case number >= getAbs:
			a, ok := have[number-getAbs]
			if !ok {
				return unix.EINVAL
			}
			*(*absInfo)(arg) = a
		}
		return nil
	})
	want := []detect.Axis{{Code: 0, Max: 4095, Resolution: 12}, {Code: 1, Max: 2047, Resolution: 12}, {Code: 0x35, Min: -5, Max: 5}}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("%v, %v, wanted %v", got, err, want)
	}
}

func TestRequest(t *testing.T) {
	// As a C compiler gives them for include/uapi/linux/input.h on x86.
	if n := request(getAbs, unsafe.Sizeof(absInfo{})); n != 0x80184540 {
		t.Errorf("EVIOCGABS(0) is %#x", n)
	}
	if n := request(getBits, 8); n != 0x80084523 {
		t.Errorf("EVIOCGBIT(EV_ABS, 8) is %#x", n)
	}
}

func TestOpenNames(t *testing.T) {
	for _, name := range []string{"", "input/event", "input/mouse0", "input/event0/../../sda"} {
		if _, err := Axes(name); err == nil {
			t.Errorf("%q was opened", name)
		}
	}
}
