package files

import (
	"encoding/xml"
	"fmt"
	"math"
	"strings"

	"attune/xconfig"
)

// mutter's own file, which it reads from the directories of XDG_CONFIG_DIRS
// and applies while exactly these displays are connected. Elements and names
// are those of src/backends/meta-monitor-config-store.c.
type (
	mutterMonitors struct {
		XMLName xml.Name     `xml:"monitors"`
		Version int          `xml:"version,attr"`
		Config  mutterConfig `xml:"configuration"`
	}
	mutterConfig struct {
		Logical  []mutterLogical `xml:"logicalmonitor"`
		Disabled *mutterDisabled `xml:"disabled"`
	}
	mutterLogical struct {
		X         int              `xml:"x"`
		Y         int              `xml:"y"`
		Scale     int              `xml:"scale"`
		Primary   string           `xml:"primary,omitempty"`
		Transform *mutterTransform `xml:"transform"`
		Monitors  []mutterMonitor  `xml:"monitor"`
	}
	mutterTransform struct {
		Rotation string `xml:"rotation"`
		Flipped  string `xml:"flipped"`
	}
	mutterMonitor struct {
		Spec mutterSpec `xml:"monitorspec"`
		Mode mutterMode `xml:"mode"`
	}
	mutterDisabled struct {
		Specs []mutterSpec `xml:"monitorspec"`
	}
	mutterSpec struct {
		Connector string `xml:"connector"`
		Vendor    string `xml:"vendor"`
		Product   string `xml:"product"`
		Serial    string `xml:"serial"`
	}
	mutterMode struct {
		Width  int    `xml:"width"`
		Height int    `xml:"height"`
		Rate   string `xml:"rate"`
	}
)

// mutter writes monitors.xml. A configuration counts only as a whole, so a
// display that cannot be named the way mutter names it spoils it.
func (w *writer) mutter(on []logicalOutput) {
	var c mutterConfig
	for _, o := range on {
		if o.Mirrors != "" {
			continue
		}
		l, err := w.mutterLogical(o, on)
		if err != nil {
			w.note(o.Connector, "no monitors.xml for mutter: %v", err)
			return
		}
		c.Logical = append(c.Logical, l)
	}
	for _, o := range w.display.Outputs {
		if o.State != "off" && o.State != "skipped" {
			continue
		}
		spec, err := mutterSpecOf(o)
		if err != nil {
			w.note(o.Connector, "no monitors.xml for mutter: %v", err)
			return
		}
		if c.Disabled == nil {
			c.Disabled = &mutterDisabled{}
		}
		c.Disabled.Specs = append(c.Disabled.Specs, spec)
	}
	text, err := xml.MarshalIndent(mutterMonitors{Version: 2, Config: c}, "", "  ")
	if err != nil || len(c.Logical) == 0 {
		w.note(mutterFile, "not written: %v", err)
		return
	}
	w.file(xconfig.DirWayland, mutterFile, "the layout for GNOME", "<!-- Made by attune, anew at every boot. -->\n"+string(text)+"\n")
}

func (w *writer) mutterLogical(o logicalOutput, on []logicalOutput) (l mutterLogical, err error) {
	scale := max(1, int(math.Floor(o.scale)))
	l = mutterLogical{X: o.X, Y: o.Y, Scale: scale} // whole scales are placed by pixels
	if o.Primary {
		l.Primary = "yes"
	}
	if turned(o.Output) {
		l.Transform = &mutterTransform{Rotation: mutterRotation(o.Output), Flipped: "no"}
	}
	for _, m := range on {
		if m.Connector != o.Connector && m.Mirrors != o.Connector {
			continue
		}
		monitor, err := mutterMonitorOf(m.Output)
		if err != nil {
			return l, err
		}
		if len(l.Monitors) > 0 && !sameSize(monitor.Mode, l.Monitors[0].Mode) {
			return l, fmt.Errorf("it would show the same in another size (%d x %d), which mutter does not take", monitor.Mode.Width, monitor.Mode.Height)
		}
		l.Monitors = append(l.Monitors, monitor)
	}
	return l, nil
}

// sameSize is mutter's rule for those which show the same
// (meta_verify_logical_monitor_config): else the whole file counts for nothing.
func sameSize(a, b mutterMode) bool { return a.Width == b.Width && a.Height == b.Height }

// mutterRotation is the picture's turn on a panel seen upright, however it is
// built in: mutter adds the panel's own (meta_monitor_logical_to_crtc_transform).
func mutterRotation(o xconfig.Output) string {
	return map[int]string{0: "normal", 90: "left", 180: "upside_down", 270: "right"}[(turns[o.Rotate]-builtIn(o)+360)%360]
}

func mutterMonitorOf(o xconfig.Output) (m mutterMonitor, err error) {
	if o.Mode.HActive <= 0 || o.Mode.Clock <= 0 || o.Mode.Interlaced {
		return m, fmt.Errorf("the rate of its mode is not known")
	}
	m.Spec, err = mutterSpecOf(o)
	m.Mode = mutterMode{o.Mode.HActive, o.Mode.VActive, fmt.Sprintf("%.3f", o.Mode.Refresh())}
	if builtIn(o)%180 != 0 { // to mutter a panel's modes are as people see it (meta_monitor_create_spec)
		m.Mode.Width, m.Mode.Height = m.Mode.Height, m.Mode.Width
	}
	return m, err
}

// mutterSpecOf names a display as mutter does: by the texts of its EDID, by
// numbers where it has none, "unknown" where it has no EDID. A text that is more
// than letters, digits and what stands between them is not passed on.
func mutterSpecOf(o xconfig.Output) (s mutterSpec, err error) {
	s = mutterSpec{strings.Replace(o.Connector, "HDMI-A-", "HDMI-", 1), "unknown", "unknown", "unknown"}
	if !connectorOK(o.Connector) {
		return s, fmt.Errorf("it has no name of an output")
	}
	if o.Display == "" {
		return s, nil
	}
	t := o.Told
	s.Vendor, s.Product, s.Serial = t.Vendor, t.Name, t.Text
	if s.Product == "" {
		s.Product = fmt.Sprintf("0x%04x", t.Product)
	}
	if s.Serial == "" {
		s.Serial = fmt.Sprintf("0x%08x", t.Serial)
	}
	for _, text := range []string{s.Vendor, s.Product, s.Serial} {
		if text == "" || !udevSafe(text) {
			return s, fmt.Errorf("what the display calls itself is not passed on: %.40q", text)
		}
	}
	return s, nil
}
