package detect

import (
	"slices"
	"strings"
)

// dmiFiles is what is read of class/dmi/id. Serial numbers and UUIDs are left
// alone: they tell machines apart, which no decision of ours needs.
var dmiFiles = []string{
	"sys_vendor", "product_name", "product_version", "product_sku", "product_family",
	"board_vendor", "board_name", "board_version", "chassis_type",
	"bios_vendor", "bios_version", "bios_date",
}

// fields gives the place of each file's content, in the order of dmiFiles.
func (m *DMI) fields() []*string {
	return []*string{
		&m.SysVendor, &m.ProductName, &m.ProductVersion, &m.ProductSKU, &m.ProductFamily,
		&m.BoardVendor, &m.BoardName, &m.BoardVersion, &m.ChassisType,
		&m.BIOSVendor, &m.BIOSVersion, &m.BIOSDate,
	}
}

// DMIFields are the names a DMI's fields have in class/dmi/id.
func DMIFields() []string { return slices.Clone(dmiFiles) }

// Field is the field which class/dmi/id has under a name, "" where it is empty
// or there is none of that name.
func (m DMI) Field(name string) string {
	if i := slices.Index(dmiFiles, name); i >= 0 {
		return *m.fields()[i]
	}
	return ""
}

// dmiKeys are the names of the same fields in a dmi: alias.
var dmiKeys = []string{
	"svn", "pn", "pvr", "sku", "", "rvn", "rn", "rvr", "ct", "bvn", "bvr", "bd",
}

func decodeDMI(r *raw, aliases []string) DMI {
	var m DMI
	places := m.fields()
	seen := false
	for i, name := range dmiFiles {
		text, ok := r.files[name]
		seen = seen || ok
		m.set(places[i], name, text)
	}
	if !seen {
		m.fromAlias(aliases)
	}
	return m
}

func (m *DMI) set(place *string, name, text string) {
	switch value := clean(line(text)); {
	case value == "":
	case IsPlaceholder(value):
		m.Placeholders = append(m.Placeholders, name)
	default:
		*place = value
	}
}

// fromAlias is for captures that kept the alias and not the files. The alias
// has lost all spaces and colons, so Squeezed warns of comparing its words.
func (m *DMI) fromAlias(aliases []string) {
	for _, alias := range aliases {
		rest, ok := strings.CutPrefix(alias, "dmi:")
		if !ok {
			continue
		}
		places := m.fields()
		for part := range strings.SplitSeq(rest, ":") {
			// "pvr" and "pn" begin alike: the longest key that fits is meant.
			best := -1
			for i, key := range dmiKeys {
				if key != "" && strings.HasPrefix(part, key) && (best < 0 || len(key) > len(dmiKeys[best])) {
					best = i
				}
			}
			if best >= 0 {
				m.set(places[best], dmiFiles[best], part[len(dmiKeys[best]):])
			}
		}
		m.Squeezed = true
		return
	}
}

// placeholders are what makers leave in the fields they should have filled,
// in lower case without spaces and full stops. All seen on sold machines.
var placeholders = []string{
	"tobefilledbyoem", "defaultstring", "systemproductname", "systemmanufacturer",
	"systemversion", "systemname", "systemserialnumber", "allseries", "baseboard",
	"baseboardmanufacturer", "baseboardproductname", "baseboardversion", "boardproductname",
	"boardmanufacturer", "boardversion", "chassismanufacturer", "chassisversion",
	"notapplicable", "notspecified", "notavailable", "notdefined", "na", "n/a", "none", "null",
	"unknown", "undefined", "unspecified", "invalid", "empty", "oem", "oem1", "oemstring",
	"typenumber", "productname", "product", "version", "sku", "family", "type1productconfigid",
	"type1family", "type1skunumber", "skunumber", "sku_number", "filledbyoem", "o.e.m.",
	"xx", "xxx", "xxxx", "xxxxx", "xxxxxx", "xxxxxxx", "xxxxxxxx", "0123456789", "123456789",
	"1234567890", "01234567890123456789", "1234567", "12345678", "01234567",
	"03000200-0400-0500-0006-000700080009", // the UUID AMI's sample BIOS ships with
	"12345678-1234-5678-90ab-cddeefaabbcc", "fefefefe-fefe-fefe-fefe-fefefefefefe",
}

// IsPlaceholder says whether a DMI string is what a board comes with when
// nobody filled it in: "To be filled by O.E.M.", blanks, zeros, a UUID of all F.
func IsPlaceholder(s string) bool {
	s = strings.ToLower(strings.NewReplacer(" ", "", "\t", "", ".", "").Replace(s))
	return s == "" || slices.Contains(placeholders, s) || one(strings.ReplaceAll(s, "-", ""))
}

// one says whether a string repeats a filler: 0000, ffff, xxxx, ---, ***.
func one(s string) bool {
	return strings.Trim(s, s[:min(1, len(s))]) == "" && (s == "" || strings.ContainsAny(s[:1], "0fx*?#_.1") && (len(s) > 1 || s == "0"))
}
