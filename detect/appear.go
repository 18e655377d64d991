package detect

import (
	"io/fs"
	"path"
	"strings"
)

// CardsBelow reads the cards a hardware device has made, with their connectors:
// what a wait for a picture looks at, over and over. root is the machine's "/",
// device a Path, "devices" for all there are. No node is asked, and no file read
// of a device that has a driver: a card is there before the probe that made it is
// over, and some files wait for that. What PCI says of the device is left out, and
// what stands behind a connector that does not answer: all of a card wait for one
// lock, and there is a next time.
func CardsBelow(root fs.FS, device string) []Card {
	f, kin := newFinder(root, nil), kinOf(root, Inventory{})
	f.most, kin.byLinks = 1, true
	var cards []Card
	for _, name := range f.class("drm", "card") {
		if at := resolve(root, "class/drm/"+name); strings.HasPrefix(at, device+"/") {
			cards = append(cards, f.card(kin, at, DMI{}))
		}
	}
	return cards
}

// Probed says whether the kernel knows what is on a connector: a driver
// registers it first and asks it later. A connected display without a mode is
// still being asked.
func (c Connector) Probed() bool {
	return c.Status == "disconnected" || c.Status == "connected" && len(c.Modes) > 0
}

// ModuleRuns says whether a module's start is over, and with it the probes of
// the devices it found: a load ends after them, but for drivers which probe in
// the background. Code built into the kernel has long begun.
func ModuleRuns(root fs.FS, module string) bool {
	state, err := fs.ReadFile(root, "sys/module/"+module+"/initstate")
	if err != nil {
		_, err = fs.Stat(root, "sys/module/"+module)
		return err == nil
	}
	return strings.TrimSpace(string(state)) == "live"
}

// Between tells the drivers of a bus in between: what a person knows the device
// for is made by the driver of one below it.
func Between(driver string) bool { return driver == "virtio-pci" || driver == "virtio-mmio" }

// Taken tells whether a driver has a device, or the one below it which makes
// what the device is for. A driver has it from before its probe on.
func Taken(root fs.FS, device string) bool {
	sys, err := fs.Sub(root, "sys")
	if err != nil {
		return false
	}
	driver := DriverOf(sys, device)
	if !Between(driver) {
		return driver != ""
	}
	entries, _ := fs.ReadDir(sys, device)
	for _, e := range entries {
		if isNumbered(e.Name(), "virtio") {
			return DriverOf(sys, device+"/"+e.Name()) != ""
		}
	}
	return true // the device below is about to appear
}

// DriverOf is the name of the driver of a device, a path relative to sys, "" for
// none. It reads no file, as those may wait for a driver which is just probing
// the device.
func DriverOf(sys fs.FS, device string) string {
	target, err := fs.ReadLink(sys, device+"/driver")
	if err != nil {
		return ""
	}
	return path.Base(target)
}

// ProbeDeferred tells whether a probe of a device was put off until another one
// is there. Only root knows, and only where debugfs is mounted.
func ProbeDeferred(root fs.FS, device string) bool {
	list, err := fs.ReadFile(root, "sys/"+deferredList)
	if err != nil {
		return false
	}
	_, waits := parseDeferred(string(list))[path.Base(device)]
	return waits
}

// Shown lists the names of the cards, connectors, framebuffers and input devices
// there are: cheap to ask, and another list where one came or went.
func Shown(root fs.FS) (names []string) {
	for _, class := range []string{"drm", "graphics", "input"} {
		entries, _ := fs.ReadDir(root, "sys/class/"+class)
		for _, e := range entries {
			names = append(names, e.Name())
		}
	}
	return names
}
