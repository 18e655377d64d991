package kmod

import "attune/detect"

// A Policy is what decides beside the devices and modprobe.d: this program's
// own words on the kernel command line and its tables. The zero value plans
// what udevd would load by alias alone; DefaultPolicy has the tables.
type Policy struct {
	Deny      []Named `json:"deny,omitempty"`       // attune.deny: never, not as a dependency either
	Force     []Named `json:"force,omitempty"`      // attune.load: names or aliases to load whatever the devices
	Serial    bool    `json:"serial,omitempty"`     // one load at a time, for the Scheduler
	SkipBound bool    `json:"skip_bound,omitempty"` // another loader was here: plan only for devices without a driver

	Loaded []string `json:"loaded,omitempty"` // modules in the kernel already, with underscores

	Extra  []ExtraRow  `json:"-"`
	Never  []NeverRow  `json:"-"`
	Ladder []LadderRow `json:"-"`
	Urgent []UrgentRow `json:"-"`
}

// A Named is a module and the word of the command line that names it.
type Named struct {
	Module string `json:"module"`
	Source string `json:"source"`
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
