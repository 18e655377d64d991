package kmod

import "attune/detect"

// A Policy is what decides beside the devices and modprobe.d: this program's
// own words on the kernel command line and its tables. The zero value plans
// what udevd would load by alias alone; DefaultPolicy has the tables.
type Policy struct {
	Deny      []Named // attune.deny: never, not as a dependency either
	Force     []Named // attune.load: names or aliases to load whatever the devices
	Serial    bool    // one load at a time, for the Scheduler
	SkipBound bool    // another loader was here: plan only for devices without a driver

	Loaded []string // modules in the kernel already, with underscores

	Leave     map[string]string // in an initramfs: modules to be loaded from the real root -> why
	Elsewhere map[string]bool   // in an initramfs: modules the real root has and this tree has not

	Extra  []ExtraRow
	Never  []NeverRow
	Ladder []LadderRow
	Urgent []UrgentRow
}

// A Named is a module and the word of the command line that names it.
type Named struct {
	Module string
	Source string
}

// LoadedModules gives the modules of an inventory which are in the kernel as
// modules, and those built in which show up in /sys/module.
func LoadedModules(inv detect.Inventory) (live, builtin []string) {
	for _, m := range inv.Modules {
		switch m.InitState {
		case "live":
			live = append(live, m.Name)
		case "":
			builtin = append(builtin, m.Name)
		}
	}
	return live, builtin
}
