package edid

import (
	"fmt"
	"strings"
)

// ID is who the display is, for settings to be kept by: "DEL-a0b1-7MT0178K2FPL".
// It is made of letters, digits and ".", "_", "-" alone. Two displays of a kind
// which have no serial number have the same one; only their connectors tell
// them apart.
func (e *EDID) ID() string {
	vendor := e.Vendor
	if vendor == "" {
		vendor = fmt.Sprintf("%04x", e.VendorID)
	}
	id := fmt.Sprintf("%s-%04x", vendor, e.Product)
	if s := safe(e.SerialString); s != "" {
		return id + "-" + s
	}
	if e.Serial != 0 && e.Serial != 0x01010101 {
		return fmt.Sprintf("%s-%08x", id, e.Serial)
	}
	return id
}

func safe(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '.', r == '_', r == '-':
			return r
		}
		return -1
	}, s)
}
