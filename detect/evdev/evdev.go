// Package evdev asks an input device's node what sysfs does not tell: the
// ranges of its absolute axes.
//
// It only asks. It reads no events and grabs nothing, so what is typed
// meanwhile goes where it went before. Opening a node can wake a sleeping
// device; it has no deadline of its own.
package evdev

import (
	"fmt"
	"unsafe"

	"golang.org/x/sys/unix"

	"attune/detect"
	"attune/detect/ioctl"
)

// absInfo is struct input_absinfo of include/uapi/linux/input.h.
type absInfo struct{ value, min, max, fuzz, flat, resolution int32 }

const axes = 0x40 // ABS_CNT

// Axes gives the absolute axes of a device. node is "input/event3".
func Axes(node string) ([]detect.Axis, error) {
	fd, err := ioctl.Open(node, "input/event", "an event node")
	if err != nil {
		return nil, err
	}
	defer unix.Close(fd)
	all, err := ask(func(number uint, arg unsafe.Pointer, size uintptr) error {
		return put(fd, number, arg, size)
	})
	if err != nil {
		return nil, fmt.Errorf("asking /dev/%s for its axes: %w", node, err)
	}
	return all, nil
}

const (
	getBits = 0x20 + 0x03 // EVIOCGBIT(EV_ABS, ...)
	getAbs  = 0x40        // EVIOCGABS(0)
)

// ask is Axes over a way to put a question: a number of 'E', and where the
// answer goes.
func ask(question func(number uint, arg unsafe.Pointer, size uintptr) error) (all []detect.Axis, err error) {
	var bits [axes / 8]byte
	if err := question(getBits, unsafe.Pointer(&bits), unsafe.Sizeof(bits)); err != nil {
		return nil, err
	}
	for code := range uint(axes) {
		// The kernel's bitmaps are longs: on a big-endian machine the byte that
		// holds a bit is another one, so those are asked for every axis.
		if littleEndian && bits[code/8]>>(code%8)&1 == 0 {
			continue
		}
		var a absInfo
		if question(getAbs+code, unsafe.Pointer(&a), unsafe.Sizeof(a)) != nil || !littleEndian && a == (absInfo{}) {
			continue
		}
		all = append(all, detect.Axis{Code: uint16(code), Min: a.min, Max: a.max, Resolution: a.resolution})
	}
	return all, nil
}

var littleEndian = func() bool {
	one := uint16(1)
	return *(*byte)(unsafe.Pointer(&one)) == 1
}()

// request is _IOR('E', number, size).
func request(number uint, size uintptr) uint { return ioctl.Read('E', number, size) }

func put(fd int, number uint, arg unsafe.Pointer, size uintptr) error {
	for {
		_, _, err := unix.Syscall(unix.SYS_IOCTL, uintptr(fd), uintptr(request(number, size)), uintptr(arg))
		switch err {
		case 0:
			return nil
		case unix.EINTR:
		default:
			return err
		}
	}
}
