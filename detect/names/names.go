// Package names gives devices the names people know, out of the pci.ids and
// usb.ids of a machine.
//
// It is for printing only: nothing decides by a name, and nothing at boot
// waits for one. A database is read when the first name is asked for. Without
// a database the names are the numbers.
package names

import (
	"fmt"
	"io/fs"
	"path"
	"strings"
	"sync"
	"unicode"

	"attune/detect"
)

// A DB is the name databases of one machine. It is safe for several goroutines.
type DB struct {
	roots []fs.FS

	pciOnce sync.Once
	pci     *pciNames
	usbOnce sync.Once
	usb     []byte
}

// New looks for databases in roots, each a machine's tree from "/" down, and
// takes the first found. A capture holds none, so its caller gives the live
// machine's root after it. New itself reads nothing.
func New(roots ...fs.FS) *DB { return &DB{roots: roots} }

// A Name is what databases call a device; a field nobody knows is "".
type Name struct {
	Vendor    string // "Intel Corporation"
	Device    string // "Wi-Fi 6 AX200"
	Class     string // "Network controller"
	Subsystem string // PCI: what the maker of the card calls it
}

// Of names one device. What a device calls itself comes before what a database
// calls it, but on PCI, where devices have no words of their own.
func (db *DB) Of(d detect.Device) Name {
	switch d.Subsystem {
	case "pci":
		return db.ofPCI(d)
	case "usb":
		return db.ofUSB(d)
	}
	return Name{Device: d.Label}
}

// Text is a device's name in one line, never empty: the words known, else the
// numbers, else its place in the tree.
func (db *DB) Text(d detect.Device) string {
	n := db.Of(d)
	ids := fmt.Sprintf("[%04x:%04x]", d.Vendor, d.Product)
	switch {
	case n.Device != "" && n.Vendor != "" && !strings.HasPrefix(n.Device, n.Vendor):
		return n.Vendor + " " + n.Device
	case n.Device != "":
		return n.Device
	case n.Vendor != "":
		return n.Vendor + " " + ids
	case d.Vendor != 0 || d.Product != 0:
		return ids
	case len(d.Modalias) > 0 && len(d.Modalias[0]) < 64:
		return d.Modalias[0]
	}
	return path.Base(d.Path)
}

// read gives the first file of the list that any root has.
func (db *DB) read(files []string) (name string, data []byte) {
	for _, root := range db.roots {
		for _, file := range files {
			if b, err := fs.ReadFile(root, file); err == nil {
				return file, b
			}
		}
	}
	return "", nil
}

// maxDB is more than ten times what either database is today.
const maxDB = 32 << 20

// clean makes a database's words fit to print: old entries are not UTF-8.
func clean(s string) string {
	s = strings.Map(func(r rune) rune {
		if r == unicode.ReplacementChar || !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "?"))
	return strings.Join(strings.Fields(s), " ")
}
