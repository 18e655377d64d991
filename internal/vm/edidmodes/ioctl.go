package main

import (
	"fmt"
	"os"
	"runtime"
	"unsafe"

	"attune/internal/vm/job"

	"golang.org/x/sys/unix"
)

// The structures and numbers are those of the kernel's drm.h and drm_mode.h.
type (
	clientCap struct{ capability, value uint64 }

	cardResources struct {
		fbs, crtcs, connectors, encoders                     uint64
		countFBs, countCRTCs, countConnectors, countEncoders uint32
		minWidth, maxWidth, minHeight, maxHeight             uint32
	}

	connector struct {
		encoders, modes, props, propValues           uint64
		countModes, countProps, countEncoders        uint32
		encoder, id, kind, kindID                    uint32
		connection, widthMM, heightMM, subpixel, pad uint32
	}
)

const (
	setClientCap   = 0x4010640d
	getResources   = 0xc04064a0
	getConnector   = 0xc05064a7
	capAspectRatio = 4 // tell modes apart which differ by it alone, as the modes file does
)

func ioctl(f *os.File, number uintptr, arg unsafe.Pointer) error {
	if _, _, errno := unix.Syscall(unix.SYS_IOCTL, f.Fd(), number, uintptr(arg)); errno != 0 {
		return fmt.Errorf("ioctl %#x: %w", number, errno)
	}
	return nil
}

// connectorModes probes the only connector of a card.
func connectorModes(node string) ([]byte, error) {
	f, err := os.OpenFile(node, os.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if err := ioctl(f, setClientCap, unsafe.Pointer(&clientCap{capAspectRatio, 1})); err != nil {
		return nil, err
	}
	var ids [4]uint32
	var pin runtime.Pinner
	defer pin.Unpin()
	pin.Pin(&ids)
	r := cardResources{connectors: uint64(uintptr(unsafe.Pointer(&ids))), countConnectors: 4}
	if err := ioctl(f, getResources, unsafe.Pointer(&r)); err != nil {
		return nil, err
	}
	if r.countConnectors != 1 {
		return nil, fmt.Errorf("%d connectors", r.countConnectors)
	}
	// Asked for no modes, the kernel probes and tells how many there are.
	c := connector{id: ids[0]}
	if err := ioctl(f, getConnector, unsafe.Pointer(&c)); err != nil {
		return nil, err
	}
	if c.countModes == 0 {
		return nil, nil
	}
	modes := make([]byte, int(c.countModes)*int(unsafe.Sizeof(job.DRMMode{})))
	pin.Pin(&modes[0])
	c = connector{id: ids[0], countModes: c.countModes, modes: uint64(uintptr(unsafe.Pointer(&modes[0])))}
	if err := ioctl(f, getConnector, unsafe.Pointer(&c)); err != nil {
		return nil, err
	}
	return modes, nil
}
