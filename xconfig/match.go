package xconfig

import (
	"fmt"
	"strconv"
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
		case !ok && isRole(part):
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
	case field == "role" && !isRole(value):
		return fmt.Errorf("no role %q; there are %s", value, strings.Join(roles, ", "))
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

var roles = []string{"internal", "external", "largest", "touch", "any"}

func isRole(s string) bool {
	for _, r := range roles {
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

// matches says whether every field that is set holds for a head.
func (m Match) matches(h *head) bool {
	return like(m.Connector, h.conn.Name) &&
		like(m.Card, h.card.ID) &&
		m.hasRole(h) && m.hasEDID(h)
}

func (m Match) hasRole(h *head) bool {
	switch strings.ToLower(m.Role) {
	case "", "any":
		return true
	case "internal":
		return h.out.Internal
	case "external":
		return !h.out.Internal
	case "largest":
		return h.largest
	case "touch":
		return h.touch
	}
	return false // a role nobody knows is no display's
}

// hasEDID compares what only an EDID tells; a display without one has none of it.
func (m Match) hasEDID(h *head) bool {
	if m.Vendor == "" && m.Product == "" && m.Serial == "" && m.Name == "" {
		return true
	}
	e := h.edid
	if e == nil {
		return false
	}
	return like(m.Vendor, e.Vendor) &&
		like(m.Product, fmt.Sprintf("%04x", e.Product)) &&
		like(m.Name, e.Name) &&
		(like(m.Serial, e.SerialString) || like(m.Serial, strconv.FormatUint(uint64(e.Serial), 10)) ||
			like(m.Serial, fmt.Sprintf("0x%08x", e.Serial)))
}

// like compares without regard to case; * stands for any text and ? for one
// byte. An empty pattern is no condition.
func like(pattern, text string) bool {
	return pattern == "" || wild(strings.ToLower(pattern), strings.ToLower(text))
}

// wild is linear in practice: at a mismatch only the last * takes one more byte.
func wild(pattern, text string) bool {
	p, t, star, mark := 0, 0, -1, 0
	for t < len(text) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, mark = p, t
			p++
		case p < len(pattern) && (pattern[p] == '?' || pattern[p] == text[t]):
			p++
			t++
		case star >= 0:
			mark++
			p, t = star+1, mark
		default:
			return false
		}
	}
	return strings.Trim(pattern[p:], "*") == ""
}
