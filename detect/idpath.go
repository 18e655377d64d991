package detect

import (
	"io/fs"
	"path"
	"strings"
)

// kin looks up devices: first among those of a scan, then in the tree, for
// what a scan leaves out and what appeared since.
type kin struct {
	root    fs.FS
	at      map[string]*Device
	byLinks bool // of what has a driver, all that is wanted is which
}

func kinOf(root fs.FS, inv Inventory) kin {
	k := kin{root: root, at: make(map[string]*Device, len(inv.Devices))}
	for i := range inv.Devices {
		k.at[inv.Devices[i].Path] = &inv.Devices[i]
	}
	return k
}

// device is what is known of a device, nil when there is none at that path.
func (k kin) device(name string) *Device {
	if d := k.at[name]; d != nil || !strings.HasPrefix(name, "devices/") {
		return d
	}
	sys, err := fs.Sub(k.root, "sys")
	if err != nil {
		return nil
	}
	if driver := DriverOf(sys, name); k.byLinks && driver != "" {
		d := Device{Path: name, Subsystem: k.subsystem(name), Driver: driver}
		k.at[name] = &d
		return &d
	}
	d, err := ScanDevice(sys, name)
	if err != nil {
		return nil
	}
	k.at[name] = &d
	return &d
}

func (k kin) subsystem(name string) string {
	if d := k.at[name]; d != nil {
		return d.Subsystem
	}
	if target, err := fs.ReadLink(k.root, "sys/"+name+"/subsystem"); err == nil {
		return path.Base(target)
	}
	return ""
}

// resolve follows one link of a device and gives where it leads, relative to
// /sys, "" when there is none or it leads elsewhere.
func resolve(root fs.FS, name string) string {
	target, err := fs.ReadLink(root, "sys/"+name)
	if err != nil {
		return ""
	}
	to := path.Join(path.Dir(name), target)
	if !fs.ValidPath(to) || strings.HasPrefix(to, "..") {
		return ""
	}
	return to
}

// plainNames are the buses whose devices' names alone say where they are, as
// udev's path_id has them. They keep their names from boot to boot, so that a
// path starting there is an identity.
var plainNames = map[string]bool{
	"pci": true, "platform": true, "amba": true, "acpi": true, "xen": true, "scm": true, "ccw": true, "ccwgroup": true, "ap": true, "iucv": true,
}

// idPath is udev's ID_PATH for a device, made by the same rule: from the
// device up, one part for each bus, of devices of one bus in each other only
// the lowest. Devices below a bus that has no lasting names get their own bus
// and name.
func (k kin) idPath(name string) string {
	var parts []string
	known := false
	for p := name; strings.Contains(p, "/"); p = path.Dir(p) {
		bus, base := k.subsystem(p), path.Base(p)
		switch {
		case bus == "usb":
			below := len(parts) > 0 && strings.HasPrefix(parts[len(parts)-1], "usb-") // a hub that a capture has not told of is between
			if _, port, ok := strings.Cut(base, "-"); ok && !below {
				parts = append(parts, "usb-0:"+port)
				p = k.top(p, bus)
			}
		case bus == "virtio":
			p = k.top(p, bus)
		case bus == "serio":
			parts = append(parts, "serio-"+strings.TrimPrefix(base, "serio"))
			p = k.top(p, bus)
		case plainNames[bus]:
			parts = append(parts, bus+"-"+base)
			known = true
			p = k.top(p, bus)
		}
	}
	if !known {
		return first(k.subsystem(name), "device") + "-" + path.Base(name)
	}
	id := parts[len(parts)-1]
	for i := len(parts) - 2; i >= 0; i-- {
		id += "-" + parts[i]
	}
	return id
}

// top is the highest device that is reached from one through devices of the
// same bus alone.
func (k kin) top(name, bus string) string {
	for up := path.Dir(name); k.subsystem(up) == bus; up = path.Dir(up) {
		name = up
	}
	return name
}

// natural orders names with numbers in them: event2 before event10.
func natural(a, b string) int {
	for a != "" && b != "" {
		x, y := digits(a), digits(b)
		if x > 0 && y > 0 {
			m, n := strings.TrimLeft(a[:x], "0"), strings.TrimLeft(b[:y], "0")
			if len(m) != len(n) {
				return len(m) - len(n)
			}
			if c := strings.Compare(m, n); c != 0 {
				return c
			}
			a, b = a[x:], b[y:]
			continue
		}
		if a[0] != b[0] {
			return int(a[0]) - int(b[0])
		}
		a, b = a[1:], b[1:]
	}
	return len(a) - len(b)
}

func digits(s string) int {
	return len(s) - len(strings.TrimLeft(s, "0123456789"))
}
