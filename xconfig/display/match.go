package display

import (
	"fmt"
	"strconv"
	"strings"

	"attune/xconfig"
)

// matches says whether every field of a match that is set holds for the head.
func (h *head) matches(m xconfig.Match) bool {
	return xconfig.Like(m.Connector, h.conn.Name) &&
		xconfig.Like(m.Card, h.card.ID) &&
		h.hasRole(m.Role) && h.hasEDID(m)
}

func (h *head) hasRole(role string) bool {
	switch strings.ToLower(role) {
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
func (h *head) hasEDID(m xconfig.Match) bool {
	if m.Vendor == "" && m.Product == "" && m.Serial == "" && m.Name == "" {
		return true
	}
	e := h.edid
	if e == nil {
		return false
	}
	return xconfig.Like(m.Vendor, e.Vendor) &&
		xconfig.Like(m.Product, fmt.Sprintf("%04x", e.Product)) &&
		xconfig.Like(m.Name, e.Name) &&
		(xconfig.Like(m.Serial, e.SerialString) || xconfig.Like(m.Serial, strconv.FormatUint(uint64(e.Serial), 10)) ||
			xconfig.Like(m.Serial, fmt.Sprintf("0x%08x", e.Serial)))
}
