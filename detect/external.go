package detect

import (
	"io/fs"
	"path"
	"strings"
)

// external says whether a device may be pulled: it is on USB, below a
// Thunderbolt controller, or PCI says so.
func (k kin) external(name string) bool {
	for p := name; strings.Contains(p, "/"); p = path.Dir(p) {
		switch k.subsystem(p) {
		case "usb":
			return true
		case "pci":
			if k.removable(p) || k.besideThunderbolt(p) {
				return true
			}
		}
	}
	return false
}

// removable is PCI's own word since Linux 5.14, where the firmware marks the
// ports that lead out of the machine.
func (k kin) removable(name string) bool {
	b, err := fs.ReadFile(k.root, "sys/"+name+"/removable")
	return err == nil && line(string(b)) == "removable"
}

// besideThunderbolt says whether the bridge a device hangs from is one of a
// Thunderbolt controller's: the controller itself hangs from a bridge beside
// it, on the same bus.
//
//	0000:04:00.0 bridge, the controller's upstream port
//	  0000:05:00.0 bridge - 0000:06:00.0 controller, driver thunderbolt
//	  0000:05:01.0 bridge - 0000:07:00.0 ... what is plugged in
//
// Controllers in the processor have root ports of their own and no bus in
// common with them: there only removable tells.
func (k kin) besideThunderbolt(name string) bool {
	switchDir := path.Dir(path.Dir(name))
	if k.subsystem(path.Dir(name)) != "pci" || k.subsystem(switchDir) != "pci" {
		return false
	}
	for at, d := range k.at {
		if d.Driver == "thunderbolt" && d.Subsystem == "pci" && path.Dir(path.Dir(at)) == switchDir && at != name {
			return true
		}
	}
	return false
}
