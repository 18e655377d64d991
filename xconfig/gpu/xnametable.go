package gpu

import (
	"fmt"
	"strings"

	"attune/detect"
)

// An xNaming is how one X driver makes names of connectors.
type xNaming struct {
	driver string
	source string   // where it was read; the stems were read in Debian 12's binary, too
	stems  []string // by the number of the connector's type, as detect.ConnectorTypes has them
	form   func(port) (string, bool)
	mst    bool // MST outputs are named after the port they hang on
}

// A port is what a form makes a name of.
type port struct {
	stems        []string
	kind, number int // as in the kernel's name; numbers of a type go through all cards
	rank         int
	connectors   []detect.Connector
	index        int // among connectors
}

var xNamings = []xNaming{
	{"modesetting", "xorg-server 21.1.7 hw/xfree86/drivers/modesetting/drmmode_display.c drmmode_create_name",
		[]string{"None", "VGA", "DVI-I", "DVI-D", "DVI-A", "Composite", "SVIDEO", "LVDS", "Component", "DIN", "DP", "HDMI", "HDMI-B", "TV", "eDP", "Virtual", "DSI", "DPI"},
		port.counted, true},
	{"nouveau", "xf86-video-nouveau 1.0.17 src/drmmode_display.c drmmode_create_name",
		[]string{"None", "VGA", "DVI-I", "DVI-D", "DVI-A", "Composite", "SVIDEO", "LVDS", "CTV", "DIN", "DP", "HDMI", "HDMI", "TV", "eDP"},
		port.counted, true},
	{"amdgpu", "xf86-video-amdgpu 23.0.0 src/drmmode_display.c drmmode_create_name",
		[]string{"None", "VGA", "DVI-I", "DVI-D", "DVI-A", "Composite", "S-video", "LVDS", "CTV", "DIN", "DisplayPort", "HDMI-A", "HDMI-B", "TV", "eDP", "Virtual", "DSI"},
		port.fromZero, true},
	{"radeon", "xf86-video-ati 19.1.0 src/drmmode_display.c drmmode_create_name",
		[]string{"None", "VGA", "DVI", "DVI", "DVI", "Composite", "S-video", "LVDS", "CTV", "DIN", "DisplayPort", "HDMI", "HDMI", "TV", "eDP"},
		port.fromZero, true},
	{"intel", "xf86-video-intel 2.99.917+git20210115 src/sna/sna_display.c sna_output_add, src/uxa/intel_display.c intel_output_init",
		[]string{"None", "VGA", "DVI", "DVI", "DVI", "Composite", "TV", "LVDS", "CTV", "DIN", "DP", "HDMI", "HDMI", "TV", "eDP", "Virtual", "DSI", "DPI"},
		port.intel, true},
	{"qxl", "xf86-video-qxl 0.1.5+git20200331 src/qxl_drmmode.c drmmode_output_init",
		[]string{"None", "VGA", "DVI-I", "DVI-D", "DVI-A", "Composite", "SVIDEO", "LVDS", "Component", "DIN", "DP", "HDMI", "HDMI-B", "TV", "eDP", "Virtual", "DSI", "DPI"},
		port.plain, false},
	{"vmware", "xf86-video-vmware 13.3.0 vmwgfx/vmwgfx_output.c xorg_output_init",
		[]string{"Unknown", "VGA", "DVI", "DVI", "DVI", "Composite", "SVIDEO", "LVDS", "CTV", "DIN", "DP", "HDMI", "HDMI", "TV", "EDP", "Virtual"},
		port.vmware, false},
	{"vboxvideo", "VirtualBox 6 src/VBox/Additions/x11/vboxvideo/vboxvideo.c: one output per screen, from 0",
		nil, port.byIndex, false},
	{"nvidia", "README of NVIDIA's driver, appendix C: outputs are counted per type in the driver's own order, and a DisplayPort or DVI-I socket is two",
		[]string{1: "VGA", 3: "DVI-D", 11: "HDMI"}, port.nvidia, false},
}

// stem is "" for types the driver has no word for.
func (p port) stem() string {
	if p.kind < len(p.stems) {
		return p.stems[p.kind]
	}
	return ""
}

// counted: "HDMI-1", "HDMI-1-1" on the first further GPU.
func (p port) counted() (string, bool) {
	switch {
	case p.stem() == "":
		return fmt.Sprintf("Unknown%d-%d", p.kind, p.number), true
	case p.rank > 0:
		return fmt.Sprintf("%s-%d-%d", p.stem(), p.rank, p.number), true
	}
	return fmt.Sprintf("%s-%d", p.stem(), p.number), true
}

// fromZero: as the drivers of Radeons named outputs before kernels did. The
// first connector of a type: DVI and HDMI of all sorts are counted together,
// VGA and DisplayPort are number 0, the others have no number.
func (p port) fromZero() (string, bool) {
	switch {
	case p.stem() == "":
		return fmt.Sprintf("Unknown%d-%d", p.kind, p.number-1), true
	case p.rank > 0:
		return fmt.Sprintf("%s-%d-%d", p.stem(), p.rank, p.number-1), true
	case p.number > 1:
		return fmt.Sprintf("%s-%d", p.stem(), p.number-1), true
	}
	switch {
	case p.is("DVI"), p.is("HDMI"):
		return fmt.Sprintf("%s-%d", p.stem(), p.firstsBefore()), true
	case p.is("VGA"), p.is("DP"):
		return p.stem() + "-0", true
	}
	return p.stem(), true
}

// is compares the type without what tells DVI-I from DVI-D.
func (p port) is(family string) bool { return family == typeFamily(p.kind) }

func typeFamily(kind int) string {
	family, _, _ := strings.Cut(detect.ConnectorTypes[kind], "-")
	return family
}

// firstsBefore counts the connectors before this one that are the first of
// their type in the same family.
func (p port) firstsBefore() int {
	n := 0
	for _, c := range p.connectors[:p.index] {
		if kind, number, ok := splitConnector(c.Name); ok && number == 1 && c.MSTPath == "" && p.is(typeFamily(kind)) {
			n++
		}
	}
	return n
}

// plain: "Virtual-1" on every GPU.
func (p port) plain() (string, bool) {
	return fmt.Sprintf("%s-%d", p.stem(), p.number), p.stem() != ""
}

// intel: "HDMI1" on every GPU.
func (p port) intel() (string, bool) {
	if p.stem() == "" {
		return fmt.Sprintf("UNKNOWN%d", p.number), true
	}
	return fmt.Sprintf("%s%d", p.stem(), p.number), true
}

// vmware: "Virtual1".
func (p port) vmware() (string, bool) {
	if p.stem() == "" {
		return fmt.Sprintf("Unknown%d", p.number), true
	}
	return fmt.Sprintf("%s%d", p.stem(), p.number), true
}

func (p port) byIndex() (string, bool) { return fmt.Sprintf("VGA-%d", p.index), true }

// nvidia: only the single connector of a type that is one output.
func (p port) nvidia() (string, bool) {
	for i, c := range p.connectors {
		if kind, _, ok := splitConnector(c.Name); ok && kind == p.kind && i != p.index {
			return "", false
		}
	}
	if p.rank > 0 || p.stem() == "" {
		return "", false
	}
	return p.stem() + "-0", true
}
