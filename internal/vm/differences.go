package vm

import "strings"

// A Side is who has what the other lacks.
type Side string

const (
	Ours   Side = "attune" // with attune only
	Theirs Side = "udevd"  // with udevd only
)

// A Difference is one allowed difference between what attune and what udevd
// make of a machine, with its reason. A * stands for anything.
type Difference struct {
	Suite   string // "*" for all
	Machine string
	Side    Side
	Fact    string // as Facts gives it: "module sg"
	Why     string
	May     bool // comes and goes from run to run; all others must be seen
}

// Differences is every difference there may be.
var Differences = []Difference{
	{
		Suite: "bookworm", Machine: "pc-e1000", Side: Ours, Fact: "module ehci_pci",
		Why: "uhci_hcd has two softdep lines, the kernel's (pre: ehci_pci) and Debian's aliases.conf (pre: ehci-hcd); libkmod heeds only the first it reads, a bug known and still open: https://github.com/kmod-project/kmod/issues/33",
	},
	{Suite: "*", Machine: "q35-usb-mix", Side: Ours, Fact: "driver *#-1:1.* cdc_*", May: true, Why: cdcRace},
	{Suite: "*", Machine: "q35-usb-mix", Side: Theirs, Fact: "driver *#-1:1.* cdc_*", May: true, Why: cdcRace},
}

const cdcRace = "usb-net's control interface is claimed by cdc_ether, which takes the data interface with it, and its data interface by cdc_subset, which takes that alone: whichever is loaded first; udevd loads for the two interfaces side by side"

// explained gives the index of the row which allows a difference, -1 if none.
func explained(suite, machine string, side Side, fact string) int {
	for i, d := range Differences {
		if d.Side == side && glob(d.Suite, suite) && glob(d.Machine, machine) && glob(d.Fact, fact) {
			return i
		}
	}
	return -1
}

// glob says whether text is pattern with something put in for each *, which
// may be a slash.
func glob(pattern, text string) bool {
	head, tail, star := strings.Cut(pattern, "*")
	if !star {
		return pattern == text
	}
	rest, ok := strings.CutPrefix(text, head)
	if !ok {
		return false
	}
	for i := range len(rest) + 1 {
		if glob(tail, rest[i:]) {
			return true
		}
	}
	return false
}
