package gpu

import (
	"slices"
	"strconv"
	"strings"

	"attune/detect"
)

// XName is what an X driver calls the output of a connector: a Monitor
// section's Identifier, an argument of xrandr's --output. rank is 0 on the GPU
// X shows its screen with and n on the n-th further one; connectors are all of
// the card, in the kernel's order; which is the kernel's name of the one that
// is meant. It says false where the name cannot be known: an X driver that is
// not in the table, one that has a single output for all connectors, a
// connector of which only the driver knows how it counts.
func XName(driver string, rank int, connectors []detect.Connector, which string) (string, bool) {
	i := slices.IndexFunc(connectors, func(c detect.Connector) bool { return c.Name == which })
	n := slices.IndexFunc(xNamings, func(n xNaming) bool { return n.driver == driver })
	if i < 0 || n < 0 {
		return "", false
	}
	return xNamings[n].name(rank, connectors, i)
}

func (n xNaming) name(rank int, connectors []detect.Connector, i int) (string, bool) {
	if n.mst && connectors[i].MSTPath != "" {
		base, rest, ok := mstParent(connectors, i)
		if !ok {
			return "", false
		}
		name, ok := n.name(rank, connectors, base)
		return limit(name + "-" + rest), ok
	}
	kind, number, ok := splitConnector(connectors[i].Name)
	if !ok {
		return "", false
	}
	name, ok := n.form(port{n.stems, kind, number, rank, connectors, i})
	return limit(name), ok
}

// limit cuts a name as the drivers' buffers of 32 bytes do.
func limit(name string) string { return name[:min(len(name), 31)] }

// splitConnector takes the kernel's name apart: "HDMI-A-1" is type 11, number 1.
func splitConnector(name string) (kind, number int, ok bool) {
	i := strings.LastIndexByte(name, '-')
	if i < 0 {
		return 0, 0, false
	}
	kind = slices.Index(detect.ConnectorTypes[:], name[:i])
	number, err := strconv.Atoi(name[i+1:])
	return kind, number, kind >= 0 && err == nil && number > 0
}

// mstParent finds the connector an MST output hangs on, and the rest of its
// path. The path names the parent by its object id. X's drivers read at most
// four digits of it.
func mstParent(connectors []detect.Connector, i int) (parent int, rest string, ok bool) {
	path, isMST := strings.CutPrefix(connectors[i].MSTPath, "mst:")
	id, rest, cut := strings.Cut(path, "-")
	object, err := strconv.ParseUint(id, 10, 32)
	if !isMST || !cut || len(id) > 4 || err != nil || object == 0 {
		return 0, "", false
	}
	parent = slices.IndexFunc(connectors, func(c detect.Connector) bool { return c.Object == uint32(object) && c.MSTPath == "" })
	if parent < 0 {
		parent = onlyPort(connectors)
	}
	return parent, rest, parent >= 0
}

// onlyPort is the one DisplayPort connector that could have a hub behind it,
// -1 when there are several. A port with a hub is itself disconnected.
func onlyPort(connectors []detect.Connector) int {
	found := -1
	for i, c := range connectors {
		if c.Type == "DP" && c.MSTPath == "" && c.Status == "disconnected" && c.Object == 0 {
			if found >= 0 {
				return -1
			}
			found = i
		}
	}
	return found
}
