package drm

import (
	"bytes"
	"errors"
	"fmt"
	"runtime"
	"strconv"
	"unsafe"

	"golang.org/x/sys/unix"

	"attune/detect"
	"attune/detect/ioctl"
)

// kernel is the one call everything here is made of.
type kernel interface {
	ioctl(request uint, arg unsafe.Pointer) error
}

// A card is an open node.
type card struct{ fd int }

func (c *card) close() { unix.Close(c.fd) }

func (c *card) ioctl(request uint, arg unsafe.Pointer) error {
	var err unix.Errno
	for range again {
		_, _, err = unix.Syscall(unix.SYS_IOCTL, uintptr(c.fd), uintptr(request), uintptr(arg))
		switch err {
		case 0:
			return nil
		case unix.EINTR, unix.EAGAIN:
		default:
			return err
		}
	}
	return err
}

// again bounds how often a driver may say "try again".
const again = 1000

// dropMaster fails where we were not, which is as well.
func (c *card) dropMaster() { _ = c.ioctl(dropMaster, nil) }

// What is asked, of include/uapi/drm/drm_mode.h. Pointers are 64 bits wide on
// every machine.
type (
	resources struct {
		fbs, crtcs, connectors, encoders                     uint64 // pointers to uint32s
		countFBs, countCRTCs, countConnectors, countEncoders uint32
		minWidth, maxWidth, minHeight, maxHeight             uint32
	}

	connector struct {
		encoders, modes, props, values                                    uint64 // pointers
		countModes, countProps, countEncoders                             uint32
		encoder, id, kind, number, connection, width, height, subpix, pad uint32
	}

	property struct {
		values, enums          uint64
		id, flags              uint32
		name                   [32]byte
		countValues, countEnum uint32
	}

	blob struct {
		id, length uint32
		data       uint64
	}
)

// mode is as large as a struct drm_mode_modeinfo; nothing in it is of use here.
type mode [68]byte

const (
	setMaster  = 0x641e // _IO('d', 0x1e)
	dropMaster = 0x641f
)

var (
	getResources = ioctl.ReadWrite('d', 0xa0, unsafe.Sizeof(resources{}))
	getConn      = ioctl.ReadWrite('d', 0xa7, unsafe.Sizeof(connector{}))
	getProperty  = ioctl.ReadWrite('d', 0xaa, unsafe.Sizeof(property{}))
	getBlob      = ioctl.ReadWrite('d', 0xac, unsafe.Sizeof(blob{}))
)

// What no real card comes near.
const (
	maxConnectors = 256
	maxProperties = 512
	maxBlob       = 4096
)

var errChanging = errors.New("the card's connectors keep changing")

// tries is how often a list is asked for again which grew meanwhile.
const tries = 4

func connectorIDs(k kernel) ([]uint32, error) {
	var n uint32
	for range tries {
		ids := make([]uint32, n)
		r := resources{countConnectors: n, connectors: address(ids)}
		err := k.ioctl(getResources, unsafe.Pointer(&r))
		runtime.KeepAlive(ids)
		if err != nil {
			return nil, fmt.Errorf("asking for resources: %w", err)
		}
		if r.countConnectors > maxConnectors {
			return nil, fmt.Errorf("%d connectors", r.countConnectors)
		}
		if r.countConnectors <= n {
			return ids[:r.countConnectors], nil
		}
		n = r.countConnectors
	}
	return nil, errChanging
}

// An answer is what one connector said.
type answer struct {
	connector
	props  []uint32
	values []uint64
}

// name is what sysfs calls the connector.
func (a *answer) name() string {
	kind := "Unknown"
	if int(a.kind) < len(detect.ConnectorTypes) {
		kind = detect.ConnectorTypes[a.kind]
	}
	return kind + "-" + strconv.FormatUint(uint64(a.number), 10)
}

// getConnector asks for room for one mode: none at all would have the kernel
// ask the monitor.
func getConnector(k kernel, id uint32, probe bool) (*answer, error) {
	var n uint32
	for range tries {
		a := &answer{props: make([]uint32, n), values: make([]uint64, n)}
		room := make([]mode, 1)
		a.id, a.countProps = id, n
		a.connector.props, a.connector.values = address(a.props), address(a.values)
		if a.countModes = 1; probe {
			a.countModes = 0
		}
		a.modes = address(room)
		err := k.ioctl(getConn, unsafe.Pointer(&a.connector))
		runtime.KeepAlive(room)
		runtime.KeepAlive(a)
		if err != nil {
			return nil, fmt.Errorf("asking connector %d: %w", id, err)
		}
		if a.countProps > maxProperties {
			return nil, fmt.Errorf("asking connector %d: %d properties", id, a.countProps)
		}
		if probe || a.countProps <= n {
			a.props, a.values = a.props[:min(n, a.countProps)], a.values[:min(n, a.countProps)]
			return a, nil
		}
		n = a.countProps
	}
	return nil, errChanging
}

func propertyName(k kernel, id uint32) string {
	p := property{id: id}
	if k.ioctl(getProperty, unsafe.Pointer(&p)) != nil {
		return ""
	}
	name, _, _ := bytes.Cut(p.name[:], []byte{0})
	return string(name)
}

// blobText is a blob that holds a string, "" for no blob.
func blobText(k kernel, id uint64) string {
	b := blob{id: uint32(id)}
	if id == 0 || k.ioctl(getBlob, unsafe.Pointer(&b)) != nil || b.length == 0 || b.length > maxBlob {
		return ""
	}
	data := make([]byte, b.length)
	b.data = address(data)
	err := k.ioctl(getBlob, unsafe.Pointer(&b))
	runtime.KeepAlive(data)
	if err != nil {
		return ""
	}
	text, _, _ := bytes.Cut(data, []byte{0})
	return string(text)
}

// address is where a slice's elements are, 0 for none.
func address[T any](s []T) uint64 {
	return uint64(uintptr(unsafe.Pointer(unsafe.SliceData(s))))
}
