package settings

import (
	"slices"
	"strings"
)

// Fields of tables that are no settings, see docs/settings.md.
var (
	machineFields = []string{"mac", "uuid", "serial", "board-serial", "asset", "vendor", "product"}
	quirkFields   = []string{"dmi", "pci", "pci-class", "usb", "edid"}
	outputFields  = []string{"connector", "vendor", "product", "serial", "name", "card", "role", "off", "mode", "position", "rotate", "scale", "primary"}
	touchFields   = []string{"device", "rotate", "output"}
)

// IsKey says whether a place in a file of settings is one this program knows:
// "keyboard.layout", "output.mode", "match.mac", "quirk.set.modules.deny". What
// stands elsewhere is for others, and may be a secret.
func IsKey(place string) bool {
	parts := strings.Split(place, ".")
	if quirk, ok := strings.CutPrefix(place, "quirk."); ok {
		parts = parts[1:]
		if setting, ok := strings.CutPrefix(quirk, "set."); ok {
			return slices.Contains(Names(), setting)
		}
		if quirk == "comment" || quirk == "link" {
			return true
		}
		if parts[0] == "match" {
			return len(parts) > 1 && slices.Contains(quirkFields, parts[1])
		}
	}
	if len(parts) < 2 {
		return slices.Contains(Names(), place)
	}
	switch last := parts[len(parts)-1]; parts[0] {
	case "output":
		return slices.Contains(outputFields, last)
	case "touch":
		return slices.Contains(touchFields, last) || len(parts) == 3 && parts[1] == "output" && slices.Contains(outputFields, last)
	case "match":
		return slices.Contains(machineFields, last)
	}
	return slices.Contains(Names(), place)
}
