package settings

import (
	"fmt"

	"attune/detect"
	"attune/detect/edid"
)

// A Machine is the hardware, as far as quirks match on it.
type Machine struct {
	DMI      detect.DMI
	Devices  []detect.Device // those of PCI and USB
	Displays []Display       // of connectors that have an EDID; none while the machine is cold
}

// A Display is what an EDID says of a display.
type Display struct {
	Vendor  string // "DEL"
	Product string // four hex digits
	Name    string // product name
}

// MachineOf takes of an inventory and its graphics what quirks ask for. Either
// may be empty: then what needs it does not match.
func MachineOf(inv detect.Inventory, g detect.Graphics) Machine {
	m := Machine{DMI: inv.DMI}
	for _, d := range inv.Devices {
		if d.Subsystem == "pci" || d.Subsystem == "usb" {
			m.Devices = append(m.Devices, d)
		}
	}
	for _, card := range g.Cards {
		for _, c := range card.Connectors {
			if d, ok := displayOf(c.EDID); ok {
				m.Displays = append(m.Displays, d)
			}
		}
	}
	return m
}

func displayOf(raw []byte) (Display, bool) {
	if len(raw) == 0 {
		return Display{}, false
	}
	e, err := edid.Parse(raw)
	if err != nil {
		return Display{}, false
	}
	return Display{Vendor: e.Vendor, Product: fmt.Sprintf("%04x", e.Product), Name: e.Name}, true
}
