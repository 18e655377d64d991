// Package fingerprint says whether a machine is the one something was worked
// out for: what it is built of, which kernel and settings it runs, which attune.
//
// What changes without anything to work out anew is not in it: USB devices,
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

// A Key is all that something worked out depends on.
type Key struct {
	Hardware string `json:"hardware"` // hash of the kind of machine and what it is built of
	Settings string `json:"settings"` // hash
	Release  string `json:"release"`  // of the kernel
	Version  string `json:"version"`  // of the program
}

// KeyOf is for this machine, these settings as bytes, this kernel release and
// this version of the program.
func KeyOf(inv detect.Inventory, settings []byte, release, version string) Key {
	return Key{hash(Kind(inv.DMI) + strings.Join(builtIn(inv), "\n")), hash(string(settings)), release, version}
}

// String is 32 hex digits; any part changed, it is another.
func (k Key) String() string {
	return hash(fmt.Sprintf("%q %q %q %q", k.Hardware, k.Settings, k.Release, k.Version))
}

// Changed says what is not as it was, in words: "kernel 6.1.0-18-amd64 ->
// 6.1.0-20-amd64".
func (k Key) Changed(was Key) (what []string) {
	if k.Hardware != was.Hardware {
		what = append(what, "hardware")
	}
	if k.Settings != was.Settings {
		what = append(what, "settings")
	}
	if k.Release != was.Release {
		what = append(what, "kernel "+was.Release+" -> "+k.Release)
	}
	if k.Version != was.Version {
		what = append(what, "attune "+was.Version+" -> "+k.Version)
	}
	return what
}

// Of is the name of what is worked out on this machine, see KeyOf.
func Of(inv detect.Inventory, settings []byte, release, version string) string {
	return KeyOf(inv, settings, release, version).String()
}

func hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:16])
}

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

// Parts is a hash of what a machine is built of, "" when it has no part that
// would tell.
func Parts(inv detect.Inventory) string {
	parts := builtIn(inv)
	if len(parts) == 0 {
		return ""
	}
	return hash(strings.Join(parts, "\n"))[:16]
}

// Kind is the model as the firmware names it, a line for each of
// sys_vendor, product_name, product_version, board_vendor and board_name.
func Kind(d detect.DMI) string {
	return strings.Join([]string{d.SysVendor, d.ProductName, d.ProductVersion, d.BoardVendor, d.BoardName}, "\n") + "\n"
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
