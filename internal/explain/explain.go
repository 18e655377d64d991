// Package explain says of every device why it works or does not: exactly one
// outcome each, out of a closed list.
//
// It decides from facts alone (an inventory, a plan, how the loads went, the
// kernel's log) and reads nothing itself. What counts is the driver link;
// everything else only explains why it is missing.
package explain

import (
	"attune/detect"
)

// An Outcome is what became of a device.
type Outcome string

// The outcomes. Every device has exactly one; there are no others.
const (
	// Bound: a driver from a module drives it.
	Bound Outcome = "bound"
	// BoundBuiltin: a driver that is part of the kernel image drives it.
	BoundBuiltin Outcome = "bound-builtin"
	// PartOf: it works as a part of another device, which Of names: the
	// interface of a card, the firmware's description of a chip, the input side
	// of a keyboard.
	PartOf Outcome = "part-of"
	// UserSpace: no kernel driver, on purpose; a program drives it.
	UserSpace Outcome = "user-space"
	// Taken: kept away from its own driver for a virtual machine or another host.
	Taken Outcome = "taken"
	// NoDriver: nothing in Linux ever binds to this kind of device.
	NoDriver Outcome = "no-driver"
	// NoModule: it may have a driver, and this image has none that asks for it.
	NoModule Outcome = "no-module"
	// NotLoaded: this image has its module and nobody has loaded it (yet).
	NotLoaded Outcome = "not-loaded"
	// Denied: somebody decided against it; By says who, by file and line.
	Denied Outcome = "denied"
	// LoadFailed: the kernel refused its module, or the module's start failed.
	LoadFailed Outcome = "load-failed"
	// LoadedNotBound: its driver is in the kernel and has not taken it.
	LoadedNotBound Outcome = "loaded-not-bound"
	// FirmwareMissing: its driver asked for a file that is not there; File names it.
	FirmwareMissing Outcome = "firmware-missing"
	// Deferred: its driver waits for another device.
	Deferred Outcome = "deferred"
	// Hidden: switched off before a driver could see it, by a word of the
	// kernel's command line or by the firmware.
	Hidden Outcome = "hidden"
	// Unreadable: /sys did not tell what it is or whether a driver has it, or the
	// image's module index is damaged and did not tell what there is for it.
	Unreadable Outcome = "unreadable"
)

// Outcomes lists all of them, from working to not.
var Outcomes = []Outcome{
	Bound, BoundBuiltin, PartOf, UserSpace, Taken, NoDriver,
	NotLoaded, Deferred, FirmwareMissing, LoadedNotBound, LoadFailed, Denied, Hidden, NoModule, Unreadable,
}

// Works says whether a device with this outcome needs nobody's attention.
func (o Outcome) Works() bool {
	switch o {
	case Bound, BoundBuiltin, PartOf, UserSpace, Taken, NoDriver:
		return true
	}
	return false
}

// A Verdict is one device and its outcome.
type Verdict struct {
	Device  string   `json:"device"` // path relative to /sys
	Outcome Outcome  `json:"outcome"`
	Driver  string   `json:"driver,omitempty"`  // with bound, bound-builtin, taken
	Modules []string `json:"modules,omitempty"` // the modules that are or would be behind it
	Of      string   `json:"of,omitempty"`      // with part-of: the other device's path
	By      string   `json:"by,omitempty"`      // with denied, hidden: "/etc/modprobe.d/x.conf:3", "nomodeset"
	File    string   `json:"file,omitempty"`    // with firmware-missing: relative to /lib/firmware
	Why     string   `json:"why"`               // one sentence in plain words
	Hint    string   `json:"hint,omitempty"`    // what a person can do, or should know
}

// Explain gives one verdict for each device, in the inventory's order.
func Explain(inv detect.Inventory, f Facts) []Verdict {
	v := newView(inv, f)
	all := make([]Verdict, len(inv.Devices))
	for i := range inv.Devices {
		all[i] = v.judge(&inv.Devices[i])
	}
	return all
}

// judge asks rule after rule; the first that has an answer gives it.
func (v *view) judge(d *detect.Device) Verdict {
	for _, r := range rules {
		if got, ok := r.decide(v, d); ok {
			got.Device = d.Path
			return got
		}
	}
	return Verdict{Device: d.Path, Outcome: NoModule, Why: "no module in this image answers to its alias"}
}

// rules are in order: what is certain before what is concluded, and what a
// person decided before what happened to fail.
var rules = []struct {
	name   string
	decide func(*view, *detect.Device) (Verdict, bool)
}{
	{"taken", taken},
	{"asks for firmware this moment", asksFirmware},
	{"bound", bound},
	{"not authorized", unauthorized},
	{"part of another device", partOf},
	{"what /sys did not tell", unreadable},
	{"switched off by the firmware", switchedOff},
	{"reserved by driver_override", overridden},
	{"kinds nothing ever binds to", neverBound},
	{"deferred, and the kernel says why", deferred},
	{"hidden by the command line", hidden},
	{"firmware missing", firmwareMissing},
	{"its modules", modules},
	{"driven from user space", userSpace},
	{"kinds that mostly have no driver", rarelyBound},
	{"no alias", noAlias},
	{"no module", noModule},
}
