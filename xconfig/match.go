package xconfig

import (
	"fmt"
	"strings"
)

// ParseMatch reads a Match as people write it in one line: "internal",
// "HDMI-A-1", or fields with commas between, "vendor=DEL,product=a0b1". A word
// alone is a role where it is one, else a connector.
func ParseMatch(text string) (Match, error) {
	var m Match
	for _, part := range strings.Split(text, ",") {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		field, value, ok := strings.Cut(part, "=")
		switch {
		case !ok && IsRole(part):
			field, value = "role", part
		case !ok:
			field, value = "connector", part
		}
		if err := m.set(strings.TrimSpace(field), strings.TrimSpace(value)); err != nil {
			return Match{}, fmt.Errorf("matching displays by %q: %w", text, err)
		}
	}
	return m, nil
}

func (m *Match) set(field, value string) error {
	field = strings.ToLower(field)
	to := m.field(field)
	switch {
	case to == nil:
		return fmt.Errorf("no field %q; there are connector, vendor, product, serial, name, role, card", field)
	case field == "role" && !IsRole(value):
		return fmt.Errorf("no role %q; there are %s", value, strings.Join(Roles, ", "))
	}
	*to = value
	return nil
}

func (m *Match) field(name string) *string {
	switch name {
	case "connector":
		return &m.Connector
	case "vendor":
		return &m.Vendor
	case "product":
		return &m.Product
	case "serial":
		return &m.Serial
	case "name":
		return &m.Name
	case "role":
		return &m.Role
	case "card":
		return &m.Card
	}
	return nil
}

// Roles are the words that pick a display by what it is.
var Roles = []string{"internal", "external", "largest", "touch", "any"}

// IsRole says whether a word is one of Roles, in whatever case.
func IsRole(s string) bool {
	for _, r := range Roles {
		if strings.EqualFold(r, s) {
			return true
		}
	}
	return false
}

// String is the match as ParseMatch reads it, "any" for an empty one.
func (m Match) String() string {
	var parts []string
	for _, name := range []string{"role", "connector", "vendor", "product", "serial", "name", "card"} {
		if value := *m.field(name); value != "" {
			parts = append(parts, name+"="+value)
		}
	}
	if len(parts) == 0 {
		return "any"
	}
	return strings.Join(parts, ",")
}
