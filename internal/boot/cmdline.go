package boot

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"attune/detect"
	"attune/detect/kmod"
	"attune/internal/settings"
)

// ParseCmdline reads the attune words of the kernel command line:
//
//	attune=off             do nothing
//	attune.skip=BUS,...    leave the devices of these buses alone: pci, usb, acpi, dmi, cpu ...
//	attune.deadline=30s    how long to wait for rest
//	attune.desktop=off     configure neither displays nor input devices
//	attune.initramfs=WORD  instead, beside or off: for the scripts there
//
// and the ones about modules that kmod.DefaultPolicy knows; those that are
// settings count for more once the settings are read, see With, and what is
// wrong about them is told there. What nobody knows changes nothing and is told
// in the options' warnings.
func ParseCmdline(cmdline string) Options {
	var opt Options
	warn := func(format string, args ...any) {
		opt.Warnings = append(opt.Warnings, fmt.Errorf("kernel command line: "+format, args...))
	}
	for _, word := range kmod.CmdlineWords(cmdline) {
		if word == "--" { // what follows is for init
			break
		}
		key, value, _ := strings.Cut(strings.ReplaceAll(word, `"`, ""), "=")
		switch key {
		case "attune":
			if opt.Off = value == "off"; !opt.Off {
				warn("%q: only attune=off is known", word)
			}
		case "attune.desktop":
			if opt.NoDesktop = value == "off"; !opt.NoDesktop {
				warn("%q: only attune.desktop=off is known", word)
			}
		case "attune.initramfs":
			if !slices.Contains([]string{"instead", "beside", "off"}, value) {
				warn("%q: it knows instead, beside and off", word)
			}
		case "attune.skip":
			opt.Skip = append(opt.Skip, strings.FieldsFunc(value, isComma)...)
		case "attune.deadline":
			if d, err := time.ParseDuration(value); err == nil && d > 0 {
				opt.Deadline = d
			}
		}
	}
	policy, unknown := kmod.DefaultPolicy(cmdline, append(settings.Words(), "desktop", "initramfs")...)
	opt.Policy = policy
	for _, u := range unknown {
		opt.Warnings = append(opt.Warnings, errors.New(u))
	}
	return opt
}

// With are the options with what the settings ask for: theirs count, which have
// those of the command line in them.
func (o Options) With(s settings.Boot) Options {
	o.Policy = s.Policy(o.Policy)
	o.Skip = nil
	for _, n := range s.Skip {
		o.Skip = append(o.Skip, n.Name)
	}
	if s.Deadline > 0 {
		o.Deadline = s.Deadline
	}
	return o
}

func isComma(r rune) bool { return r == ',' }

// Unmatched says which words of the command line name nothing this machine or
// image has: a slip of the pen looks like a word that works.
func (o Options) Unmatched(inv detect.Inventory, r *kmod.Resolver) (warnings []error) {
	for _, bus := range o.Skip {
		if !slices.ContainsFunc(inv.Devices, func(d detect.Device) bool { return d.Subsystem == bus }) {
			warnings = append(warnings, fmt.Errorf("attune.skip: this machine has no device of a bus %q", bus))
		}
	}
	for _, deny := range o.Policy.Deny {
		a, err := r.Lookup(deny.Module)
		if err == nil && len(a.Modules) == 0 {
			warnings = append(warnings, fmt.Errorf("%s: this image has no module %q", deny.Source, deny.Module))
		}
	}
	return warnings
}

// Keep is the inventory without the devices to be left alone.
func (o Options) Keep(inv detect.Inventory) detect.Inventory {
	inv.Devices = o.keep(inv.Devices)
	return inv
}

func (o Options) keep(devices []detect.Device) []detect.Device {
	if len(o.Skip) == 0 {
		return devices
	}
	return slices.DeleteFunc(slices.Clone(devices), func(d detect.Device) bool {
		return slices.Contains(o.Skip, d.Subsystem)
	})
}
