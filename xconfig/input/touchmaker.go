package input

// displayMakers are the EDID makers of those whose USB vendor id is the key. Only firms
// that sell both the display and the electronics of its sensor under their own
// id: most touch monitors carry a sensor maker's id (ELAN, eGalax, ILITEK),
// which says nothing about the display.
var displayMakers = map[uint16][]string{
	0x03f0: {"HPN", "HWP"}, // HP
	0x043e: {"GSM"},        // LG
	0x04e7: {"ELO"},        // Elo TouchSystems
	0x04e8: {"SAM"},        // Samsung
	0x0502: {"ACR"},        // Acer
	0x0543: {"VSC"},        // ViewSonic
	0x056a: {"WAC"},        // Wacom: Cintiq and DTU, the display is in the tablet
	0x17ef: {"LEN"},        // Lenovo
	0x256c: {"HAT"},        // Huion: Kamvas
	0x28bd: {"UGD"},        // XP-Pen: Artist
	0x413c: {"DEL"},        // Dell
}

// penMakers sell pen displays and tablets and build nothing into laptops.
// Wacom does both.
var penMakers = []uint16{
	0x256c, // Huion, Gaomon
	0x28bd, // XP-Pen, UGEE
	0x5543, // UC-Logic
}
