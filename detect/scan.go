package detect

import (
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"
)

// Options bounds a scan. The zero value takes the defaults.
type Options struct {
	// ReadDeadline is how long one read may take before it is given up. A sysfs
	// attribute answers in microseconds; one that asks a sick device (SMBus,
	// embedded controller, USB hub) may never.
	ReadDeadline time.Duration // default 500 ms
	// MaxStuck is how many given-up reads end the scan. Each of them holds a
	// thread until the kernel answers.
	MaxStuck int // default 16
	// Workers is how many directories are read at a time.
	Workers int // default: one per CPU, at most 4
	// NoModules leaves out /sys/module: a third of the files on a small machine.
	NoModules bool
	// CardsOnly leaves out what no person would name: processors, the kernel's
	// own inventions but for DMI, and the firmware's description of the machine (but on
	// Hyper-V, where the devices themselves hang below that).
	CardsOnly bool
	// NoWaiting leaves out driver_override and what USB devices call themselves:
	// whoever reads these waits while a driver probes the device, for what may be
	// seconds.
	NoWaiting bool
}

// Scan reads everything it needs to know about a machine. sys is the tree
// rooted at /sys. It always answers: what could not be read is in Problems.
func Scan(sys fs.FS) Inventory { return ScanWith(sys, Options{}) }

// ScanWith is Scan with bounds of the caller's choice.
func ScanWith(sys fs.FS, o Options) Inventory {
	s := newScanner(sys, o)
	s.vmbus = o.CardsOnly && exists(sys, "bus/vmbus")
	s.push(&deviceJob{raw: raw{path: "devices"}, s: s})
	if !o.NoModules {
		s.push(&moduleListJob{s: s})
	}
	s.push(&deferredJob{s: s})
	s.run()
	return s.inventory()
}

// ScanDevice reads one device. name is its path relative to /sys. A device
// that is gone gives an error that is fs.ErrNotExist.
func ScanDevice(sys fs.FS, name string) (Device, error) {
	return scanDevice(sys, name, "", Options{})
}

// scanDevice takes what uevent says instead of reading that file, unless it is
// "".
func scanDevice(sys fs.FS, name, uevent string, o Options) (Device, error) {
	name = path.Clean(strings.TrimPrefix(name, "/"))
	o.Workers = 1
	s := newScanner(sys, o)
	j := &deviceJob{raw: raw{path: name}, s: s, alone: true, uevent: uevent}
	s.push(j)
	s.run()
	if !j.isDevice() {
		if j.err != nil {
			return Device{Path: name}, j.err
		}
		return Device{Path: name}, &fs.PathError{Op: "scan", Path: name, Err: fs.ErrNotExist}
	}
	d := decode(&j.raw)
	d.Module = s.modules[j.driverDir]
	return d, nil
}

// inventory makes the answer out of what the jobs gathered: no reads here.
func (s *scanner) inventory() Inventory {
	s.mu.Lock()
	defer s.mu.Unlock()
	var inv Inventory
	var pending []Device
	for _, j := range s.devices {
		d := decode(&j.raw)
		d.Module = s.modules[j.driverDir]
		switch {
		case d.Subsystem == "firmware":
			pending = append(pending, d)
		case wanted(&d):
			inv.Devices = append(inv.Devices, d)
		}
		if d.Subsystem == "dmi" {
			inv.DMI = decodeDMI(&j.raw, d.Modalias)
		}
	}
	slices.SortFunc(inv.Devices, func(a, b Device) int { return strings.Compare(a.Path, b.Path) })
	relate(inv.Devices, pending, s.deferred)
	inv.Modules = s.mods
	slices.SortFunc(inv.Modules, func(a, b Module) int { return strings.Compare(a.Name, b.Name) })
	inv.Compression = s.compression
	inv.Problems = s.problems
	slices.SortFunc(inv.Problems, func(a, b Problem) int {
		return strings.Compare(a.Path+"\x00"+a.Err, b.Path+"\x00"+b.Err)
	})
	return inv
}

func exists(sys fs.FS, name string) bool {
	_, err := fs.Stat(sys, name)
	return err == nil
}
