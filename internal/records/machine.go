package records

import (
	"attune/detect"
	"attune/internal/fingerprint"
	"attune/xconfig"
)

// machineFields are what a kind of machine is told by: files of
// /sys/class/dmi/id, and "parts".
var machineFields = []string{"sys_vendor", "product_name", "product_version", "product_sku", "product_family", "board_vendor", "board_name", "board_version", "parts"}

// MachineFields are the names of what a kind of machine is told by.
func MachineFields() []string { return machineFields }

func machineField(inv detect.Inventory, field string) string {
	d := inv.DMI
	switch field {
	case "sys_vendor":
		return d.SysVendor
	case "product_name":
		return d.ProductName
	case "product_version":
		return d.ProductVersion
	case "product_sku":
		return d.ProductSKU
	case "product_family":
		return d.ProductFamily
	case "board_vendor":
		return d.BoardVendor
	case "board_name":
		return d.BoardName
	case "board_version":
		return d.BoardVersion
	case "parts":
		return fingerprint.Parts(inv)
	}
	return ""
}

// MachineOf is a match for machines of this kind, nil for one that has no
// names and no parts.
func MachineOf(inv detect.Inventory) map[string]string {
	m := map[string]string{}
	for _, field := range []string{"sys_vendor", "product_name", "product_version", "board_vendor", "board_name"} {
		if value := machineField(inv, field); value != "" {
			m[field] = value
		}
	}
	if len(m) == 0 {
		if parts := machineField(inv, "parts"); parts != "" {
			m["parts"] = parts
		}
	}
	if len(m) == 0 {
		return nil
	}
	return m
}

// isMachine says whether each field that is asked for is so. A machine nobody
// knows is no machine's like.
func isMachine(want map[string]string, inv detect.Inventory) bool {
	for field, value := range want {
		have := machineField(inv, field)
		if have == "" || !(have == value || xconfig.Like(value, have)) {
			return false
		}
	}
	return len(want) > 0
}
