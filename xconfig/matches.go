package xconfig

import (
	"fmt"
	"strconv"
	"strings"
)

// Matches says whether every field of a match that is set holds for the output.
func (o Output) Matches(m Match) bool {
	return Like(m.Connector, o.Connector) && Like(m.Card, o.Card) && o.hasRole(m.Role) && o.toldAs(m)
}

func (o Output) hasRole(role string) bool {
	switch strings.ToLower(role) {
	case "", "any":
		return true
	case "internal":
		return o.Internal
	case "external":
		return !o.Internal
	case "largest":
		return o.Largest
	case "touch":
		return o.Touch
	}
	return false // a role nobody knows is no display's
}

// toldAs compares what only an EDID tells; a display without one has none of it.
func (o Output) toldAs(m Match) bool {
	if m.Vendor == "" && m.Product == "" && m.Serial == "" && m.Name == "" {
		return true
	}
	t := o.Told
	return o.Display != "" &&
		Like(m.Vendor, t.Vendor) && Like(m.Product, fmt.Sprintf("%04x", t.Product)) && Like(m.Name, t.Name) &&
		(Like(m.Serial, t.Text) || Like(m.Serial, strconv.FormatUint(uint64(t.Serial), 10)) || Like(m.Serial, fmt.Sprintf("0x%08x", t.Serial)))
}
