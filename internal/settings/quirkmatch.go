package settings

import (
	"fmt"
	"slices"
	"strings"
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

func pattern(v any) (string, error) {
	s, ok := v.(string)
	if s = strings.TrimSpace(s); !ok || s == "" {
		return "", fmt.Errorf("want text")
	}
	return s, nil
}
