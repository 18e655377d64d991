package input

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"attune/detect"
	"attune/xconfig"
)

// byParent: a display that is itself a USB device shares its hub with its
// sensor; so do other monitors at a dock, which their size tells.
func (t *touchMap) byParent(in detect.Input) (*xconfig.Output, string) {
	found := pick(t.on, func(o *xconfig.Output) bool { return sharedHub(t.cardDevice(o.Card), in.Path) != "" })
	if len(found) == 1 && !t.sizeDenies(in, found[0]) {
		return found[0], "on the same USB hub as the display"
	}
	return nil, ""
}

// byBeingBuiltIn: a sensor on a bus that does not leave the machine lies on
// the machine's own panel; not where its size says it is another display's,
// for a monitor's own hub looks built in too.
func (t *touchMap) byBeingBuiltIn(in detect.Input) (*xconfig.Output, string) {
	if !in.Internal {
		return nil, ""
	}
	panels := pick(t.on, func(o *xconfig.Output) bool { return o.Internal })
	switch {
	case len(panels) == 1 && t.sizeDenies(in, panels[0]):
		return nil, ""
	case len(panels) == 1:
		return panels[0], "built in, as the panel is"
	case len(panels) == 0 && t.hasPanel():
		return nil, "built in, but the panel shows no picture"
	}
	return nil, ""
}

// sizeDenies says whether the sensor is not as large as the output and is as
// large as another.
func (t *touchMap) sizeDenies(in detect.Input, o *xconfig.Output) bool {
	if in.WidthMM <= 0 || o.WidthMM <= 0 || o.AsLargeAs(in) {
		return false
	}
	return slices.ContainsFunc(t.on, func(o *xconfig.Output) bool { return o.AsLargeAs(in) })
}

func (t *touchMap) hasPanel() bool {
	return slices.ContainsFunc(t.display.Outputs, func(o xconfig.Output) bool { return o.Internal })
}

// bySize: the sensor is as large as one display's image. Of several of that
// size the one that is built in like the sensor, or is outside like it.
func (t *touchMap) bySize(in detect.Input) (*xconfig.Output, string) {
	fit := pick(t.on, func(o *xconfig.Output) bool { return o.AsLargeAs(in) })
	if len(fit) > 1 {
		fit = pick(fit, func(o *xconfig.Output) bool { return o.Internal == in.Internal })
	}
	if len(fit) != 1 {
		return nil, ""
	}
	return fit[0], fmt.Sprintf("as large as the display: %dx%d mm, %dx%d mm", in.WidthMM, in.HeightMM, fit[0].WidthMM, fit[0].HeightMM)
}

// byVendor: who made the sensor's USB device made one of the displays.
func (t *touchMap) byVendor(in detect.Input) (*xconfig.Output, string) {
	if in.Internal && t.hasPanel() {
		return nil, "" // a laptop's sensor and the monitor beside it may well have one maker
	}
	makers := displayMakers[in.Vendor]
	found := pick(t.on, func(o *xconfig.Output) bool {
		maker, _, _ := strings.Cut(o.Display, "-")
		return maker != "" && slices.Contains(makers, maker)
	})
	if len(found) == 1 {
		return found[0], "sensor and display have one maker"
	}
	return nil, ""
}

// byBeingAlone: one picture is the whole desktop.
func (t *touchMap) byBeingAlone(detect.Input) (*xconfig.Output, string) {
	pictures := t.pictures()
	if len(pictures) == 1 {
		return pictures[0], "the only picture there is"
	}
	return nil, ""
}

// pictures are the outputs that show something of their own: a mirror's touch
// goes where that of the mirrored does.
func (t *touchMap) pictures() []*xconfig.Output {
	return pick(t.on, func(o *xconfig.Output) bool { return o.Mirrors == "" })
}

// byLikelihood: of a machine with a panel, a touchscreen nothing is known of is
// far more often that of the panel than of a monitor. Those of firms that build pens
// for other displays are not.
func (t *touchMap) byLikelihood(in detect.Input) (*xconfig.Output, string) {
	panels := pick(t.on, func(o *xconfig.Output) bool { return o.Internal })
	if len(panels) != 1 || in.WidthMM > 0 && panels[0].WidthMM > 0 && !panels[0].AsLargeAs(in) || slices.Contains(penMakers, in.Vendor) {
		return nil, ""
	}
	t.note(in, "taken for that of the built-in panel, for nothing says otherwise; the setting touch does")
	return panels[0], "most likely that of the built-in panel"
}

func (t *touchMap) cardDevice(id string) string {
	for _, c := range t.facts.Graphics.Cards {
		if c.ID == id {
			return c.Device
		}
	}
	return ""
}

// sharedHub is the USB hub both paths go through, "" when there is none but
// the machine's own.
func sharedHub(a, b string) string {
	hub := ""
	as, bs := strings.Split(a, "/"), strings.Split(b, "/")
	for i := 0; i < len(as) && i < len(bs) && as[i] == bs[i]; i++ {
		if isUSBPort(as[i]) {
			hub = path.Join(as[:i+1]...)
		}
	}
	return hub
}

// isUSBPort says whether a directory is that of a USB device on a port, "1-2" or
// "3-1.4", and no root hub ("usb1") and no interface ("1-2:1.0").
func isUSBPort(name string) bool {
	bus, port, ok := strings.Cut(name, "-")
	return ok && digits(bus) && digits(strings.ReplaceAll(port, ".", ""))
}
