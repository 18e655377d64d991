package settings

import (
	"fmt"
	"strings"

	"attune/detect"
	"attune/xconfig"
)

// dmiFields are the fields of DMI a quirk can ask for, as /sys/class/dmi/id
// names them.
var dmiFields = []struct {
	name string
	of   func(detect.DMI) string
}{
	{"sys_vendor", func(d detect.DMI) string { return d.SysVendor }},
	{"product_name", func(d detect.DMI) string { return d.ProductName }},
	{"product_version", func(d detect.DMI) string { return d.ProductVersion }},
	{"product_sku", func(d detect.DMI) string { return d.ProductSKU }},
	{"product_family", func(d detect.DMI) string { return d.ProductFamily }},
	{"board_vendor", func(d detect.DMI) string { return d.BoardVendor }},
	{"board_name", func(d detect.DMI) string { return d.BoardName }},
	{"board_version", func(d detect.DMI) string { return d.BoardVersion }},
	{"chassis_type", func(d detect.DMI) string { return d.ChassisType }},
	{"bios_vendor", func(d detect.DMI) string { return d.BIOSVendor }},
	{"bios_version", func(d detect.DMI) string { return d.BIOSVersion }},
	{"bios_date", func(d detect.DMI) string { return d.BIOSDate }},
}

func dmiCondition(v any) (condition, error) {
	table, ok := v.(map[string]any)
	if !ok || len(table) == 0 {
		return nil, fmt.Errorf("want a table such as { product_name = \"...\" }")
	}
	var all []condition
	for _, key := range sortedKeys(table) {
		of, err := dmiField(key)
		if err != nil {
			return nil, err
		}
		one, err := anyOf(table[key], func(v any) (condition, error) {
			pattern, err := pattern(v)
			return func(m Machine) bool { return likeDMI(pattern, of(m.DMI), m.DMI.Squeezed) }, err
		})
		if err != nil {
			return nil, fmt.Errorf("%s: %w", key, err)
		}
		all = append(all, one)
	}
	return every(all), nil
}

func dmiField(name string) (func(detect.DMI) string, error) {
	var known []string
	for _, f := range dmiFields {
		if f.name == name {
			return f.of, nil
		}
		known = append(known, f.name)
	}
	return nil, fmt.Errorf("%s", unknown("field", name, known))
}

// likeDMI: what is known from the dmi: alias alone has lost its blanks and
// colons, so the pattern loses them too.
func likeDMI(pattern, text string, squeezed bool) bool {
	if squeezed {
		pattern = strings.NewReplacer(" ", "", ":", "").Replace(pattern)
	}
	return text != "" && xconfig.Like(pattern, text)
}
