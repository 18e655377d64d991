package detect

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// maxEDID is 256 blocks: what the block count in an EDID can say.
const maxEDID = 256 * 128

func (r *reader) connector(at string) Connector {
	r.enter(at)
	c := Connector{
		Status:  first(r.line(at+"/status"), "unknown"),
		Enabled: r.line(at+"/enabled") == "enabled",
		Modes:   strings.Fields(r.file(at + "/modes")),
	}
	// The attribute says it has 0 bytes. It is read to its end.
	if b := []byte(r.file(at + "/edid")); len(b) > 0 {
		c.EDID = b[:min(len(b), maxEDID)]
	}
	id, _ := strconv.ParseUint(r.line(at+"/connector_id"), 10, 32) // since 6.5
	c.Object = uint32(id)
	return c
}

// learn takes over what the card's node said.
func (c *Connector) learn(f ConnectorFacts) {
	c.Object = f.ID
	c.Orientation, c.NonDesktop, c.LinkBad = f.Orientation, f.NonDesktop, f.LinkBad
	c.MSTPath, c.Tile = f.MSTPath, f.Tile
}

// ConnectorTypes are the kernel's names of DRM_MODE_CONNECTOR_*, in the order of
// their numbers: drm_connector_enum_list in drivers/gpu/drm/drm_connector.c,
// Linux 6.1. Connectors in sysfs are named by them.
var ConnectorTypes = [...]string{
	"Unknown", "VGA", "DVI-I", "DVI-D", "DVI-A", "Composite", "SVIDEO", "LVDS", "Component", "DIN", "DP",
	"HDMI-A", "HDMI-B", "TV", "eDP", "Virtual", "DSI", "DPI", "Writeback", "SPI", "USB",
}

// connectorType takes the number off a connector's name: "HDMI-A-1" is of
// type "HDMI-A".
func connectorType(name string) string {
	if i := strings.LastIndexByte(name, '-'); i > 0 {
		return name[:i]
	}
	return name
}

// builtIn are the types of connectors that have no socket.
var builtIn = map[string]bool{"eDP": true, "LVDS": true, "DSI": true, "DPI": true, "SPI": true}

// portable are the chassis types (SMBIOS 3.6 §7.4.1) which come with a panel.
var portable = map[string]string{
	"8": "portable", "9": "laptop", "10": "notebook", "11": "hand-held", "13": "all in one", "14": "sub notebook",
	"30": "tablet", "31": "convertible", "32": "detachable",
}

// internalPanel says whether a connector leads to the machine's own panel, by
// what else than the EDID tells, and what told.
func internalPanel(c Connector, card Card, dmi DMI) (bool, string) {
	chassis := portable[dmi.ChassisType]
	switch {
	case builtIn[c.Type]:
		return true, "connector type " + c.Type
	case c.Orientation != "":
		// The kernel knows how a panel is mounted from tables of machines and
		// firmware, and of built-in panels alone.
		return true, "property panel orientation"
	case card.Firmware && chassis != "":
		// What the firmware showed its picture on, and did not say what it was.
		return true, "the firmware's display of a machine with chassis type " + chassis
	}
	return false, ""
}

// sortConnectors puts a card's connectors in the order the kernel lists them
// in. That is the order of their ids. Where those are unknown it is guessed:
// built-in panels come first with every driver that has some, then drivers go
// from port to port, and a port has DisplayPort before HDMI.
func sortConnectors(all []Connector) {
	known := !slices.ContainsFunc(all, func(c Connector) bool { return c.Object == 0 })
	slices.SortStableFunc(all, func(a, b Connector) int {
		if known {
			return cmp.Compare(a.Object, b.Object)
		}
		return cmp.Or(
			boolFirst(builtIn[a.Type], builtIn[b.Type]),
			cmp.Compare(connectorNumber(a.Name), connectorNumber(b.Name)),
			strings.Compare(a.Name, b.Name))
	})
}

func boolFirst(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}

func connectorNumber(name string) int {
	n, err := strconv.Atoi(name[strings.LastIndexByte(name, '-')+1:])
	if err != nil {
		return 1 << 30
	}
	return n
}
