package explain

import (
	"fmt"
	"slices"
	"strings"

	"attune/detect"
)

// takers are drivers that drive nothing: they hold a device for somebody else.
var takers = []struct {
	driver string
	whom   string
}{
	{"vfio-pci", "for a virtual machine or a program (VFIO)"},
	{"vfio-platform", "for a virtual machine or a program (VFIO)"},
	{"vfio-amba", "for a virtual machine or a program (VFIO)"},
	{"vfio_ccw", "for a virtual machine (VFIO)"},
	{"vfio_ap", "for a virtual machine (VFIO)"},
	{"mlx5_vfio_pci", "for a virtual machine (VFIO)"},
	{"nvgrace_gpu_vfio_pci", "for a virtual machine (VFIO)"},
	{"pci-stub", "so that no driver takes it (pci-stub)"},
	{"pciback", "for another Xen domain"},
	{"xen-pciback", "for another Xen domain"},
	{"usbip-host", "for another host over the network (USB/IP)"},
	{"uio_pci_generic", "for a program (UIO)"},
	{"igb_uio", "for a program (DPDK)"},
	{"uio_hv_generic", "for a program (UIO)"},
}

// programs are drivers that stand for a program which opened the device itself.
var programs = []string{"usbfs"}

func taker(driver string) string {
	for _, t := range takers {
		if t.driver == driver {
			return t.whom
		}
	}
	return ""
}

func taken(v *view, d *detect.Device) (Verdict, bool) {
	if whom := taker(d.Driver); whom != "" {
		return Verdict{Outcome: Taken, Driver: d.Driver, Modules: list(d.Module),
			Why: d.Driver + " holds it " + whom}, true
	}
	if whom := taker(d.DriverOverride); d.Driver == "" && whom != "" {
		return Verdict{Outcome: Taken, Modules: list(underscores(d.DriverOverride)),
			Why:  fmt.Sprintf("its driver_override reserves it for %s, which has not taken it yet", d.DriverOverride),
			Hint: "empty its driver_override and probe it again to give it back"}, true
	}
	return Verdict{}, false
}

// bound believes the driver link. Whose code the driver is: driver/module
// tells, and where a capture does not have it, what the aliases asked for.
func bound(v *view, d *detect.Device) (Verdict, bool) {
	if d.Driver == "" {
		return Verdict{}, false
	}
	if slices.Contains(programs, d.Driver) {
		return Verdict{Outcome: UserSpace, Driver: d.Driver, Why: "a program has opened it and drives it itself"}, true
	}
	verdict := Verdict{Outcome: Bound, Driver: d.Driver, Modules: list(d.Module), Why: d.Driver + " drives it"}
	w := v.asked(d)
	switch {
	case d.Module == "" && ownerless[d.Subsystem] && slices.ContainsFunc(w.want, v.inKernel):
		verdict.Modules = w.want
	case d.Module != "" && v.builtinModule(d.Module),
		d.Module == "" && len(v.module) > 0,
		d.Module == "" && len(w.builtin) > 0 && len(w.want) == 0:
		verdict.Outcome = BoundBuiltin
		verdict.Why = d.Driver + ", a part of the kernel, drives it"
	}
	if file := v.log.firmware(v, d); file != "" {
		verdict.Hint = "the kernel did not find firmware " + file + "; some functions may be missing"
	}
	return verdict, true
}

// ownerless are the buses whose drivers never tell their module: their
// registration does not set the driver's owner (drivers/mmc/core/bus.c).
var ownerless = map[string]bool{"mmc": true}

// builtinModule says whether a name in /sys/module is code of the kernel
// image: such entries have no initstate.
func (v *view) builtinModule(name string) bool {
	m, ok := v.module[name]
	return ok && m.InitState == "" && len(v.module) > 0
}

func list(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}

func underscores(s string) string { return strings.ReplaceAll(s, "-", "_") }
