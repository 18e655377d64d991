package detect

import (
	"path"
	"strings"
)

// wanted says whether a device belongs in the inventory: something a driver
// could drive or does drive, something a person would name, or something of
// which nobody could read what it is.
func wanted(d *Device) bool {
	if len(d.Modalias) > 0 || d.Driver != "" || len(d.Unread) > 0 {
		return true
	}
	base := path.Base(d.Path)
	switch d.Subsystem {
	case "pci":
		return !strings.HasPrefix(base, "pci") // the root buses
	case "usb":
		return d.Devtype == "usb_device" || d.Devtype == "usb_interface"
	case "net", "ieee80211":
		return true
	case "bluetooth":
		return isNumbered(base, "hci")
	case "drm":
		return isNumbered(base, "card")
	case "sound":
		return isNumbered(base, "card")
	case "input":
		return isNumbered(base, "input")
	case "block":
		return d.Devtype != "partition"
	}
	return false
}

// relate adds to each device what only other places know. all is sorted by path.
func relate(all []Device, pending []Device, deferred map[string]string) {
	at := make(map[string]*Device, len(all))
	for i := range all {
		at[all[i].Path] = &all[i]
	}
	for _, p := range pending {
		if d := owner(at, p.Path); d != nil {
			d.RequestsFirmware = strings.ReplaceAll(path.Base(p.Path), "!", "/")
		}
	}
	for i := range all {
		d := &all[i]
		if reason, ok := deferred[path.Base(d.Path)]; ok && d.Driver == "" {
			d.WaitingFor = first(reason, d.WaitingFor, "?")
		}
		lendRole(at, d)
	}
}

// owner is the nearest device above a path.
func owner(at map[string]*Device, name string) *Device {
	for p := path.Dir(name); p != "." && p != "/"; p = path.Dir(p) {
		if d := at[p]; d != nil {
			return d
		}
	}
	return nil
}

// lendRole tells the device behind a class device what it turned out to be: a
// vendor-specific USB interface that made wlan0 is a Wi-Fi card, and so is a
// PCI network card of the Ethernet class. A USB device is for what its first
// interface is for.
func lendRole(at map[string]*Device, d *Device) {
	switch d.Subsystem {
	case "net", "ieee80211", "bluetooth", "sound", "drm", "usb", "sdio":
	default:
		return
	}
	p := owner(at, d.Path)
	if p == nil || p.Subsystem == d.Subsystem && p.Devtype == d.Devtype {
		return
	}
	if p.Subsystem == "pci" && d.Subsystem == "usb" {
		return // a host is not what is plugged into it
	}
	if p.Role == "" || p.Role == RoleNet && (d.Role == RoleWifi || d.Role == RoleModem) {
		p.Role = d.Role
	}
	if p.Subsystem == "usb" && p.Devtype == "usb_interface" {
		lendRole(at, p) // it had no role when its own turn came
	}
}
