package files

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"attune/xconfig"
)

// kanshi writes a profile for sway and other compositors of wlroots. It holds
// while exactly these displays are connected, so none may be missing in it.
func (w *writer) kanshi(on []logicalOutput) {
	var b strings.Builder
	for _, o := range on {
		if !connectorOK(o.Connector) {
			w.note(o.Connector, "no profile for kanshi: this is no name of an output")
			return
		}
		fmt.Fprintf(&b, "\t# %s\n\toutput %s enable%s position %d,%d%s scale %s\n",
			ascii(cmp.Or(o.ModeWhy, o.Why)), o.Connector, kanshiMode(o.Output), o.x, o.y, kanshiTransform(o.Output), number(o.scale))
	}
	for _, o := range w.display.Outputs {
		if (o.State == "off" || o.State == "skipped") && connectorOK(o.Connector) {
			fmt.Fprintf(&b, "\t# %s\n\toutput %s disable\n", ascii(o.Why), o.Connector)
		}
	}
	w.file(xconfig.DirWayland, kanshiFile, "the layout for compositors of wlroots, by kanshi",
		"# Made by attune, anew at every boot.\nprofile attune {\n"+b.String()+"}\n")
}

// kanshiTransform says nothing where a compositor turns the picture by itself:
// what is said replaces what it took from the panel.
func kanshiTransform(o xconfig.Output) string {
	if t, told := transform(o); told {
		return " transform " + t
	}
	return ""
}

func kanshiMode(o xconfig.Output) string {
	m := o.Mode
	switch {
	case !o.Forced || m.HActive <= 0 || m.Interlaced:
		return ""
	case m.Clock <= 0:
		return fmt.Sprintf(" mode %dx%d", m.HActive, m.VActive)
	case o.Display == "" || o.Remembered:
		return fmt.Sprintf(" mode --custom %dx%d@%.3fHz", m.HActive, m.VActive, m.Refresh())
	}
	return fmt.Sprintf(" mode %dx%d@%.3fHz", m.HActive, m.VActive, m.Refresh())
}

func number(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }
