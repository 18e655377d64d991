package xconfig

// displayMakers are the EDID makers of those whose USB vendor id is the key. Only firms
// that sell both the display and the electronics of its sensor under their own
// id: most touch monitors carry a sensor maker's id (ELAN, eGalax, ILITEK),
// which says nothing about the display.
var displayMakers = map[uint16][]string{
	0x03f0: {"HPN", "HWP"}, // HP
	0x043e: {"GSM"},        // LG
	0x04e7: {"ELO"},        // Elo TouchSystems
	0x056a: {"WAC"},        // Wacom: Cintiq and DTU, the display is in the tablet
	0x0502: {"ACR"},        // Acer
	0x17ef: {"LEN"},        // Lenovo
	0x413c: {"DEL"},        // Dell
	0x04e8: {"SAM"},        // Samsung
	0x0543: {"VSC"},        // ViewSonic
	0x256c: {"HAT", "HUI"}, // Huion
}
