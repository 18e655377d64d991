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
	if field == "parts" {
		return fingerprint.Parts(inv)
	}
	return inv.DMI.Field(field)
}

// MachineOf is a match for machines of this kind, nil for one that has no
// names and no parts.
func MachineOf(inv detect.Inventory) map[string]string {
	m := map[string]string{}
	for _, field := range fingerprint.ModelFields {
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
