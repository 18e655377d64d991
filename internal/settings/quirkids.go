package settings

import (
	"fmt"
	"slices"
	"strings"

	"attune/detect"
	"attune/xconfig"
)

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
