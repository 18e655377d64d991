package explain

import (
	"fmt"

	"attune/detect/kmod"
)

// deniers is each mechanism in words. The four a person meets (modprobe.d
// blacklist and install, and two words of the command line) and our own.
var deniers = map[kmod.DeniedBy]string{
	kmod.ByBlacklist:       "modprobe.d keeps it from loading by itself (blacklist)",
	kmod.ByInstallFalse:    "modprobe.d replaces its load by a command that does nothing (install)",
	kmod.ByModprobeCmdline: "the kernel's command line tells modprobe to leave it (modprobe.blacklist)",
	kmod.ByKernelCmdline:   "the kernel's command line makes the kernel refuse it (module_blacklist)",
	kmod.ByDracutCmdline:   "the kernel's command line keeps it out of early boot (rd.driver.blacklist)",
	kmod.ByAttune:          "the kernel's command line denies it to attune (attune.deny)",
	kmod.ByNever:           "attune never loads it",
	kmod.ByLadder:          "another driver for this device is tried first",
}

// realDenials leaves out those that only put one driver behind another.
func realDenials(w wish) []kmod.Denial {
	var all []kmod.Denial
	for _, d := range w.denied {
		if d.By != kmod.ByLadder {
			all = append(all, d)
		}
	}
	return all
}

func (v *view) denied(w wish) Verdict {
	all := realDenials(w)
	if len(all) == 0 {
		all = w.denied
	}
	first := all[0]
	words, ok := deniers[first.By]
	if !ok {
		words = string(first.By) + " denies it"
	}
	verdict := Verdict{Outcome: Denied, By: first.Source, Why: fmt.Sprintf("%s is denied: %s", first.Module, words)}
	if first.Needs != "" {
		verdict.Why = fmt.Sprintf("%s needs %s, which is denied: %s", first.Module, first.Needs, words)
	}
	if first.Source != "" {
		verdict.Why += ", by " + first.Source
	}
	if first.Text != "" {
		verdict.Hint = first.Text
	}
	for _, d := range all {
		add(&verdict.Modules, d.Module)
	}
	return verdict
}
