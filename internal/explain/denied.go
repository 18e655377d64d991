package explain

import (
	"fmt"
	"slices"
	"strings"

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
	kmod.ByInitramfs:       "the initramfs leaves it for the real root",
}

// rank puts what a person decided before our own decisions, and the driver a
// person would name before the framebuffer driver for the same card, which is
// denied on most machines anyway.
func rank(d kmod.Denial) int {
	n := 0
	switch d.By {
	case kmod.ByNever:
		n = 2
	case kmod.ByLadder:
		n = 4
	}
	if isFbdev(d.Module) {
		n++
	}
	return n
}

// isFbdev goes by the name, as people do: radeonfb, matroxfb_base.
func isFbdev(module string) bool {
	return strings.HasSuffix(module, "fb") || strings.HasSuffix(module, "fb_base")
}

// rankDenials orders each device's denials; equals stay as the plan has them.
func (v *view) rankDenials() {
	for _, w := range v.wishes {
		slices.SortStableFunc(w.denied, func(a, b kmod.Denial) int { return rank(a) - rank(b) })
	}
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

// mostDenials is how many of a device's denials a sentence names.
const mostDenials = 3

func (v *view) denied(w wish) Verdict {
	all := realDenials(w)
	if len(all) == 0 {
		all = w.denied
	}
	verdict := Verdict{Outcome: Denied, By: all[0].Source, Hint: all[0].Text}
	var why []string
	for _, d := range all {
		add(&verdict.Modules, d.Module)
		add(&why, inWords(d))
	}
	if more := len(why) - mostDenials; more > 0 {
		why = append(why[:mostDenials], fmt.Sprintf("and %d more", more))
	}
	verdict.Why = strings.Join(why, "; ")
	return verdict
}

// inWords is one denial as a sentence.
func inWords(d kmod.Denial) string {
	words, ok := deniers[d.By]
	if !ok {
		words = string(d.By) + " denies it"
	}
	why := fmt.Sprintf("%s is denied: %s", d.Module, words)
	if d.Needs != "" {
		why = fmt.Sprintf("%s needs %s, which is denied: %s", d.Module, d.Needs, words)
	}
	if d.Source != "" {
		why += ", by " + d.Source
	}
	return why
}
