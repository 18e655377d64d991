package input

import "attune/xconfig"

// hidCountries are the country codes of HID 1.11 §6.2.1 that name one layout.
// Left out: 0 (not told), 13 (any ISO keyboard), 33 (the US, which firmware says that
// never thought of it).
var hidCountries = map[uint8]xconfig.Keyboard{
	1:  both("ara"),
	2:  {Layout: "be"},
	3:  {Layout: "ca"},                       // Canadian bilingual
	4:  {Layout: "ca", Variant: "fr-legacy"}, // Canadian French
	5:  {Layout: "cz"},
	6:  {Layout: "dk"},
	7:  {Layout: "fi"},
	8:  {Layout: "fr"},
	9:  {Layout: "de"},
	10: both("gr"),
	11: both("il"),
	12: {Layout: "hu"},
	14: {Layout: "it"},
	15: {Layout: "jp"},
	16: {Layout: "kr"},
	17: {Layout: "latam"},
	18: {Layout: "nl"},
	19: {Layout: "no"},
	20: both("ir"),
	21: {Layout: "pl"},
	22: {Layout: "pt"},
	23: both("ru"),
	24: {Layout: "sk"},
	25: {Layout: "es"},
	26: {Layout: "se"},
	27: {Layout: "ch", Variant: "fr"},
	28: {Layout: "ch"},
	29: {Layout: "ch"},
	30: {Layout: "tw"},
	31: {Layout: "tr"},
	32: {Layout: "gb"},
	34: {Layout: "rs", Variant: "latin"}, // Yugoslavia
	35: {Layout: "tr", Variant: "f"},
}
