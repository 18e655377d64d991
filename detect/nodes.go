package detect

import (
	"bufio"
	"bytes"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"
)

// A NodeAsker tells what only the device nodes under /dev know. The live
// machine's is in detect/nodes; a capture's is NodesOf. nil is fine wherever
// one is wanted: those facts are then not known.
type NodeAsker interface {
	// Connectors gives the connectors of a DRM device, node "dri/card0", in the
	// kernel's order.
	Connectors(node string) ([]ConnectorFacts, error)
	// Axes gives the absolute axes of an input device, node "input/event3".
	Axes(node string) ([]Axis, error)
}

// ConnectorFacts are what a connector says through its card's node.
type ConnectorFacts struct {
	Name        string // as in sysfs: "HDMI-A-1"
	ID          uint32 // DRM object id
	Orientation string // property "panel orientation", as Connector has it
	NonDesktop  bool
	LinkBad     bool
	MSTPath     string
	Tile        string
}

// An Axis is one absolute axis, what EVIOCGABS says of it.
type Axis struct {
	Code       uint16 // ABS_X 0, ABS_Y 1, ... of linux/input-event-codes.h
	Min, Max   int32
	Resolution int32 // units per mm (per radian for rotations), 0 unknown
}

// NodesFile is where a capture keeps what its machine's nodes said.
//
// Each line is one fact, its parts separated by tabs:
//
//	dri/card0	HDMI-A-1	id	95
//	dri/card0	eDP-1	panel orientation	Right Side Up
//	input/event5	abs 0	0 4095 31
//
// A connector's keys are "id" and the names of DRM properties: "panel
// orientation", "non-desktop" (1), "link-status" (Bad), "PATH", "TILE". An
// axis has its code in decimal, and minimum, maximum and resolution.
const NodesFile = "attune/nodes"

// NodesOf answers from a capture's NodesFile. It is nil for a tree without one.
func NodesOf(root fs.FS) NodeAsker {
	b, err := fs.ReadFile(root, NodesFile)
	if err != nil {
		return nil
	}
	return parseNodes(b)
}

// recorded is a NodeAsker out of text.
type recorded struct {
	connectors map[string][]ConnectorFacts
	axes       map[string][]Axis
}

func (n *recorded) Connectors(node string) ([]ConnectorFacts, error) { return n.connectors[node], nil }
func (n *recorded) Axes(node string) ([]Axis, error)                 { return n.axes[node], nil }

// maxFacts is far more than a machine's nodes have to say.
const maxFacts = 4096

// parseNodes reads what is well-formed and leaves out the rest.
func parseNodes(text []byte) *recorded {
	n := &recorded{map[string][]ConnectorFacts{}, map[string][]Axis{}}
	lines := bufio.NewScanner(bytes.NewReader(text))
	for range maxFacts {
		if !lines.Scan() {
			break
		}
		part := strings.Split(lines.Text(), "\t")
		switch {
		case len(part) == 4 && strings.HasPrefix(part[0], "dri/"):
			n.connector(part[0], part[1]).set(part[2], part[3])
		case len(part) == 3 && strings.HasPrefix(part[0], "input/"):
			if a, ok := parseAxis(part[1], part[2]); ok {
				n.axes[part[0]] = append(n.axes[part[0]], a)
			}
		}
	}
	return n
}

func (n *recorded) connector(node, name string) *ConnectorFacts {
	l := n.connectors[node]
	i := slices.IndexFunc(l, func(c ConnectorFacts) bool { return c.Name == name })
	if i < 0 {
		i = len(l)
		l = append(l, ConnectorFacts{Name: name})
		n.connectors[node] = l
	}
	return &l[i]
}

func (c *ConnectorFacts) set(key, value string) {
	switch key {
	case "id":
		id, err := strconv.ParseUint(value, 10, 32)
		if err == nil {
			c.ID = uint32(id)
		}
	case "panel orientation":
		c.Orientation = value
	case "non-desktop":
		c.NonDesktop = value == "1"
	case "link-status":
		c.LinkBad = value == "Bad"
	case "PATH":
		c.MSTPath = value
	case "TILE":
		c.Tile = value
	}
}

func parseAxis(code, text string) (a Axis, ok bool) {
	number, ok := strings.CutPrefix(code, "abs ")
	if !ok {
		return a, false
	}
	c, err := strconv.ParseUint(number, 10, 16)
	part := strings.Split(text, " ")
	if err != nil || len(part) != 3 {
		return a, false
	}
	a.Code = uint16(c)
	for i, to := range []*int32{&a.Min, &a.Max, &a.Resolution} {
		v, err := strconv.ParseInt(part[i], 10, 32)
		if err != nil {
			return a, false
		}
		*to = int32(v)
	}
	return a, true
}

// RecordNodes asks a machine's nodes and writes the answers as NodesFile has
// them, nil when there is nothing to tell.
func RecordNodes(root fs.FS, ask NodeAsker) []byte {
	if ask == nil {
		return nil
	}
	var b bytes.Buffer
	f := newFinder(root, ask)
	for _, name := range f.class("drm", "card") {
		node := "dri/" + name
		got, _ := within(f, "class/drm/"+name, func(r *reader) []ConnectorFacts { return r.connectors(node) })
		for _, c := range got {
			c.write(&b, node)
		}
	}
	for _, name := range f.class("input", "event") {
		node, at := "input/"+name, "class/input/"+name
		got, _ := within(f, at, func(r *reader) []Axis {
			if abs := r.line(at + "/device/capabilities/abs"); abs == "" || abs == "0" {
				return nil
			}
			return r.axes(node)
		})
		for _, a := range got {
			fmt.Fprintf(&b, "%s\tabs %d\t%d %d %d\n", node, a.Code, a.Min, a.Max, a.Resolution)
		}
	}
	return b.Bytes()
}

func (c ConnectorFacts) write(b *bytes.Buffer, node string) {
	put := func(key, value string) {
		if value != "" {
			fmt.Fprintf(b, "%s\t%s\t%s\t%s\n", node, oneLine(c.Name), key, oneLine(value))
		}
	}
	put("id", strconv.FormatUint(uint64(c.ID), 10))
	put("panel orientation", c.Orientation)
	if c.NonDesktop {
		put("non-desktop", "1")
	}
	if c.LinkBad {
		put("link-status", "Bad")
	}
	put("PATH", c.MSTPath)
	put("TILE", c.Tile)
}

// oneLine keeps the text's form whatever a driver says.
func oneLine(s string) string { return clean(strings.ReplaceAll(s, "\t", " ")) }

// class lists the devices of a class whose names are prefix and a number, in
// the order of the numbers.
func (f *finder) class(class, prefix string) []string {
	names, _ := within(f, "class/"+class, func(r *reader) []string { return r.list("class/" + class) })
	names = slices.DeleteFunc(names, func(n string) bool { return !isNumbered(n, prefix) })
	slices.SortFunc(names, natural)
	return names
}

func (r *reader) connectors(node string) []ConnectorFacts {
	if r.ask == nil {
		return nil
	}
	l, err := r.ask.Connectors(node)
	r.failed("dev/"+node, err)
	return l
}

func (r *reader) axes(node string) []Axis {
	if r.ask == nil || node == "" {
		return nil
	}
	l, err := r.ask.Axes(node)
	r.failed("dev/"+node, err)
	return l
}
