// Package fingerprint says whether a machine is of the kind something was
// noted on: its model's names, else what it is built of.
//
// What changes while it stays the same machine is not in it: USB devices,
// displays, what drivers make once they are loaded, the firmware's version.
package fingerprint

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"

	"attune/detect"
)

// Machine is the kind of machine: two of one model have one, with the same
// parts in the same places. Serial numbers are not in it. It is the model's
// names; of a machine whose firmware has none ("To be filled by O.E.M.") a hash
// of what it is built of. "" is of a machine nothing is known of.
func Machine(inv detect.Inventory) string {
	if kind := Kind(inv.DMI); strings.TrimSpace(kind) != "" {
		return kind
	}
	return Parts(inv)
}

// Parts is a hash, 16 hex digits, of what a machine is built of, "" when it has
// no part that would tell.
func Parts(inv detect.Inventory) string {
	parts := builtIn(inv)
	if len(parts) == 0 {
		return ""
	}
	sum := sha256.Sum256([]byte(strings.Join(parts, "\n")))
	return hex.EncodeToString(sum[:8])
}

// ModelFields are the fields of DMI a model is told by.
var ModelFields = []string{"sys_vendor", "product_name", "product_version", "board_vendor", "board_name"}

// Kind is the model as the firmware names it, a line for each of ModelFields.
func Kind(d detect.DMI) string {
	var text string
	for _, field := range ModelFields {
		text += d.Field(field) + "\n"
	}
	return text
}

// builtIn are the devices the kernel knows before any driver is there, a line
// for each, sorted.
func builtIn(inv detect.Inventory) []string {
	var lines []string
	for _, d := range inv.Devices {
		switch {
		case len(d.Modalias) == 0:
		case d.Subsystem == "pci" && !behindDriver(d.Path):
			lines = append(lines, fmt.Sprintf("%s %s", place(d.Path), d.Modalias[0]))
		case d.Subsystem == "platform" && strings.HasPrefix(d.Modalias[0], "of:"):
			lines = append(lines, d.Modalias[0])
		}
	}
	slices.Sort(lines)
	return lines
}

func place(path string) string { return path[strings.LastIndexByte(path, '/')+1:] }

// behindDriver is of PCI devices that are there only with a driver: below a
// second root (Intel's VMD).
func behindDriver(path string) bool { return len(pciRoot().FindAllString(path, 2)) > 1 }

var pciRoot = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(^|/)pci[0-9a-f]+:[0-9a-f]+(/|$)`) })
