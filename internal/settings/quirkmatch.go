package settings

import (
	"fmt"
	"slices"
	"strings"

	"attune/detect"
	"attune/xconfig"
)

// A condition says whether a quirk is about a machine.
type condition func(Machine) bool

// conditions are the keys of [quirk.match]; all that are given have to hold.
// Patterns are compared without regard to case, * and ? are wildcards.
var conditions = []struct {
	key  string
	read func(v any) (condition, error)
}{
	{"dmi", dmiCondition},
	{"pci", func(v any) (condition, error) { return anyOf(v, pciCondition) }},
	{"pci-class", func(v any) (condition, error) { return anyOf(v, classCondition) }},
	{"usb", func(v any) (condition, error) { return anyOf(v, usbCondition) }},
	{"edid", func(v any) (condition, error) { return anyOf(v, edidCondition) }},
}

// condition reads [quirk.match]; the text says what is wrong with it.
func (f *file) condition(v any) (condition, string) {
	table, ok := v.(map[string]any)
	if !ok || len(table) == 0 {
		return nil, "which hardware? say match.dmi, match.pci, match.pci-class, match.usb or match.edid"
	}
	var all []condition
	var known []string
	for _, c := range conditions {
		known = append(known, c.key)
		if table[c.key] == nil {
			continue
		}
		one, err := c.read(table[c.key])
		if err != nil {
			return nil, fmt.Sprintf("match.%s: %v", c.key, err)
		}
		all = append(all, one)
	}
	for _, k := range sortedKeys(table) {
		if !slices.Contains(known, k) {
			return nil, "match: " + unknown("key", k, known)
		}
	}
	return every(all), ""
}

func every(all []condition) condition {
	return func(m Machine) bool {
		return !slices.ContainsFunc(all, func(c condition) bool { return !c(m) })
	}
}

// anyOf reads one thing to match or a list, of which one has to.
func anyOf(v any, read func(v any) (condition, error)) (condition, error) {
	list, ok := v.([]any)
	if !ok {
		list = []any{v}
	}
	if len(list) == 0 {
		return nil, fmt.Errorf("an empty list matches nothing")
	}
	var any []condition
	for _, v := range list {
		one, err := read(v)
		if err != nil {
			return nil, err
		}
		any = append(any, one)
	}
	return func(m Machine) bool { return slices.ContainsFunc(any, func(c condition) bool { return c(m) }) }, nil
}

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

func pattern(v any) (string, error) {
	s, ok := v.(string)
	if s = strings.TrimSpace(s); !ok || s == "" {
		return "", fmt.Errorf("want text")
	}
	return s, nil
}

// idPattern is an ID of n parts of four hex digits, with colons between; a
// part may have wildcards.
func idPattern(v any, n ...int) (string, error) {
	s, err := pattern(v)
	parts := strings.Split(strings.ToLower(s), ":")
	ok := err == nil && slices.Contains(n, len(parts))
	for _, p := range parts {
		wild := strings.ContainsAny(p, "*?")
		ok = ok && p != "" && strings.Trim(p, "0123456789abcdef*?") == "" && (wild || len(p) == 4)
	}
	if !ok {
		return "", fmt.Errorf("want VENDOR:DEVICE in hex, such as \"8086:3e9b\"")
	}
	return strings.Join(parts, ":"), nil
}

func pciCondition(v any) (condition, error) {
	id, err := idPattern(v, 2, 4)
	return func(m Machine) bool {
		return m.has("pci", func(d detect.Device) bool {
			have := fmt.Sprintf("%04x:%04x", d.Vendor, d.Product)
			if strings.Count(id, ":") == 3 {
				have += fmt.Sprintf(":%04x:%04x", d.SubVendor, d.SubDevice)
			}
			return xconfig.Like(id, have)
		})
	}, err
}

func classCondition(v any) (condition, error) {
	s, err := pattern(v)
	if err != nil || len(s) > 6 || len(s)%2 != 0 || strings.Trim(strings.ToLower(s), "0123456789abcdef") != "" {
		return nil, fmt.Errorf("want two, four or six hex digits, such as \"0300\"")
	}
	return func(m Machine) bool {
		return m.has("pci", func(d detect.Device) bool { return xconfig.Like(s+"*", fmt.Sprintf("%06x", d.Class)) })
	}, nil
}

func usbCondition(v any) (condition, error) {
	id, err := idPattern(v, 2)
	return func(m Machine) bool {
		return m.has("usb", func(d detect.Device) bool {
			return d.Vendor != 0 && xconfig.Like(id, fmt.Sprintf("%04x:%04x", d.Vendor, d.Product))
		})
	}, err
}

func (m Machine) has(subsystem string, is func(detect.Device) bool) bool {
	return slices.ContainsFunc(m.Devices, func(d detect.Device) bool { return d.Subsystem == subsystem && is(d) })
}

// edidCondition is about one display: a table of vendor, product and name.
func edidCondition(v any) (condition, error) {
	table, ok := v.(map[string]any)
	if !ok || len(table) == 0 {
		return nil, fmt.Errorf("want a table such as { vendor = \"DEL\", product = \"a0b1\" }")
	}
	var want Display
	places := map[string]*string{"vendor": &want.Vendor, "product": &want.Product, "name": &want.Name}
	for _, key := range sortedKeys(table) {
		if places[key] == nil {
			return nil, fmt.Errorf("%s", unknown("key", key, sortedKeys(places)))
		}
		var err error
		if *places[key], err = pattern(table[key]); err != nil {
			return nil, fmt.Errorf("%s: %w", key, err)
		}
	}
	return func(m Machine) bool {
		return slices.ContainsFunc(m.Displays, func(d Display) bool {
			return xconfig.Like(want.Vendor, d.Vendor) && xconfig.Like(want.Product, d.Product) && xconfig.Like(want.Name, d.Name)
		})
	}, nil
}
