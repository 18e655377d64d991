package detect

import (
	"strings"
	"unicode"
)

// A reader of codes and cards that is a keyboard types the keys of a US
// keyboard, whatever layout the person at the machine has.

// anyProduct stands for a vendor who makes nothing else that is a keyboard.
const anyProduct = -1

// typists are such devices by their USB numbers. Source, where none is named:
// usb.ids.
var typists = []struct {
	vendor  uint16
	product int
	kind    InputKind
	name    string
}{
	{0x0c2e, anyProduct, KindScanner, "Metrologic, now Honeywell: MS7120, Voyager, Vuquest"},
	{0x0536, anyProduct, KindScanner, "Hand Held Products, now Honeywell: IT4800"},
	{0x067e, 0x0801, KindScanner, "Intermec, now Honeywell: in keyboard mode"},
	{0x05e0, anyProduct, KindScanner, "Symbol, now Zebra: LS2208, DS4308; 1200 in keyboard mode"},
	{0x05f9, anyProduct, KindScanner, "PSC, now Datalogic: Gryphon, Magellan"},
	{0x080c, anyProduct, KindScanner, "Datalogic before PSC: Gryphon D120, M100"},
	{0x065a, anyProduct, KindScanner, "Optoelectronics: Opticon OPR-2001"},
	{0x1eab, anyProduct, KindScanner, "Newland: HR200, EM2028, FM430"},
	{0x0745, anyProduct, KindScanner, "Syntech: CipherLab"},
	{0x0581, 0x0107, KindScanner, "Tera, 2.4 GHz receiver"},
	{0x0581, 0x0115, KindScanner, "Tera 5100"},
	{0x0581, 0x011c, KindScanner, "Tera 5100 dongle"},
	{0x0581, 0x020c, KindScanner, "Tera EVHK0012"},
	{0x0db5, 0x013a, KindScanner, "Access IS barcode module, keyboard mode"},
	{0x03f0, 0x0139, KindScanner, "HP 4430"},
	{0x03f0, 0x1d24, KindScanner, "HP"},
	{0x040b, 0x6510, KindScanner, "Weltrend: the chip in many cheap readers"},
	{0x04b4, 0xbca1, KindScanner, "Cypress: likewise"},
	{0x04b4, 0xde61, KindScanner, "Cypress"},
	{0x04b4, 0xde64, KindScanner, "Cypress"},

	{0x0801, anyProduct, KindCardReader, "MagTek"},
	{0x0acd, anyProduct, KindCardReader, "ID TECH"},
	{0x0c27, anyProduct, KindCardReader, "RF IDeas pcProx"},
	{0x03f0, 0x1539, KindCardReader, "HP mini magnetic stripe reader"},
	{0x03f0, 0x2724, KindCardReader, "HP, made by ID TECH: IDRA-334133"},
	{0x040b, 0x6543, KindCardReader, "Manhattan, Weltrend chip"},
	{0x0d3a, 0x0500, KindCardReader, "Posiflex"},
}

// typist says whether a device that udev's rules take for a keyboard is such a
// reader: by its numbers, else by its name.
func typist(in Input) []InputKind {
	if !in.Is(KindKeyboard) || in.Bus != busUSB && in.Bus != busBluetooth {
		return nil
	}
	for _, t := range typists {
		if in.Bus == busUSB && in.Vendor == t.vendor && (t.product == anyProduct || in.Product == uint16(t.product)) {
			return []InputKind{t.kind}
		}
	}
	return typistName(in.Name)
}

// typistName looks for whole words. A keyboard with a card reader in it is a
// keyboard, and a scanner of fingers types nothing.
func typistName(name string) []InputKind {
	words := " " + strings.Join(strings.FieldsFunc(strings.ToLower(name), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	}), " ") + " "
	has := func(all ...string) bool {
		for _, w := range all {
			if strings.Contains(words, " "+w+" ") {
				return true
			}
		}
		return false
	}
	switch {
	case has("barcode", "bar code", "barcodescanner"):
		return []InputKind{KindScanner}
	case has("keyboard", "keypad", "fingerprint", "finger", "document", "photo", "film"):
		return nil
	case has("scanner"):
		return []InputKind{KindScanner}
	case has("magnetic stripe", "magstripe", "swipe reader", "card reader", "rfid reader", "rfid"):
		return []InputKind{KindCardReader}
	}
	return nil
}
