package inspect

import (
	"fmt"
	"io/fs"

	"attune/detect"
)

// Scan reads the machine's inventory; a root without /sys is a mistake worth
// an error.
func (m *Machine) Scan() (detect.Inventory, error) { return m.ScanWith(detect.Options{}) }

// ScanWith is Scan with less or more than the usual.
func (m *Machine) ScanWith(o detect.Options) (detect.Inventory, error) {
	if _, err := fs.Stat(m.FS, "sys"); err != nil {
		return detect.Inventory{}, fmt.Errorf("scanning %s: %w", m.Name, err)
	}
	sys, err := fs.Sub(m.FS, "sys")
	if err != nil {
		return detect.Inventory{}, err
	}
	return detect.ScanWith(sys, o), nil
}

// Inventory is what there is now.
func (m *Machine) Inventory() detect.Inventory {
	sys, err := fs.Sub(m.FS, "sys")
	if err != nil {
		return detect.Inventory{}
	}
	return detect.ScanWith(sys, detect.Options{NoModules: true})
}

// WorthNaming picks the one row of a device: the card, not each of the nodes
// the kernel makes for it.
func WorthNaming(d detect.Device) bool {
	switch d.Subsystem {
	case "pci", "usb", "sdio", "mmc", "vmbus", "nvme":
		return d.Role != "" && d.Role != detect.RoleBridge && d.Role != detect.RoleHub
	case "virtio", "scsi":
		return d.Role != ""
	}
	return false
}

// ScanProblems are what a scan could not read, as errors.
func ScanProblems(inv detect.Inventory) (errs []error) {
	for _, p := range inv.Problems {
		errs = append(errs, p)
	}
	return errs
}
