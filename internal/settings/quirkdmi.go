package settings

import (
	"fmt"
	"slices"
	"strings"

	"attune/detect"
	"attune/xconfig"
)

// dmiCondition is a table of fields of DMI, as /sys/class/dmi/id names them.
func dmiCondition(v any) (condition, error) {
	table, ok := v.(map[string]any)
	if !ok || len(table) == 0 {
		return nil, fmt.Errorf("want a table such as { product_name = \"...\" }")
	}
	var all []condition
	for _, key := range sortedKeys(table) {
		if !slices.Contains(detect.DMIFields(), key) {
			return nil, fmt.Errorf("%s", unknown("field", key, detect.DMIFields()))
		}
		one, err := anyOf(table[key], func(v any) (condition, error) {
			pattern, err := pattern(v)
			return func(m Machine) bool { return likeDMI(pattern, m.DMI.Field(key), m.DMI.Squeezed) }, err
		})
		if err != nil {
			return nil, fmt.Errorf("%s: %w", key, err)
		}
		all = append(all, one)
	}
	return every(all), nil
}

// likeDMI: what is known from the dmi: alias alone has lost its blanks and
// colons, so the pattern loses them too.
func likeDMI(pattern, text string, squeezed bool) bool {
	if squeezed {
		pattern = strings.NewReplacer(" ", "", ":", "").Replace(pattern)
	}
	return text != "" && xconfig.Like(pattern, text)
}
