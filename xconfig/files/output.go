package files

import (
	"cmp"
	"fmt"
	"regexp"
	"sync"

	"attune/detect/edid/timing"
	"attune/xconfig"
	"attune/xconfig/xorgconf"
)

// outputSections are the sections for displays and cards; none where an
// administrator's xorg.conf says it all.
func (w *writer) outputSections() []xorgconf.Section {
	if w.image.XorgConf != "" {
		list := w.monitors()
		if list = append(list, w.cards()...); len(list) > 0 {
			w.note(outputFile, "not written: %s says what X shall do with displays and cards", w.image.XorgConf)
		}
		return nil
	}
	return append(w.monitors(), w.cards()...)
}

// monitors are the outputs X has to be told something of.
func (w *writer) monitors() (list []xorgconf.Section) {
	all := w.tellAll()
	for _, o := range w.display.Outputs {
		m := xorgconf.Monitor{Name: o.XName, Why: aboutOutput(o)}
		switch o.State {
		case "on":
			w.mode(&m, o, all)
			if o.Remembered {
				m.Options = append(m.Options, xorgconf.Option{Name: "Enable", Value: "true", Why: "the display may be asleep: X shall not take it for absent"})
			}
			w.place(&m, o, all)
			w.turn(&m, o)
		case "off", "skipped":
			if o.NonDesktop {
				continue
			}
			// X takes Enable for no more than "on though nothing is connected".
			m.Options = append(m.Options, xorgconf.Option{Name: "Disable", Value: "true", Why: o.Why})
		}
		if len(m.Options) == 0 {
			continue
		}
		if !xOutputName().MatchString(o.XName) {
			w.note(o.Connector, "X is not told how it is used: the name X's driver will give it is not known")
			continue
		}
		list = append(list, m.Section())
	}
	return list
}

// xOutputName is what names of X's outputs look like: "HDMI-1", "DisplayPort-0",
// "DP-1-2-8".
var xOutputName = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]*(-[A-Za-z0-9]+)*$`) })

// aboutOutput names the display for the reader of the file.
func aboutOutput(o xconfig.Output) string {
	s := o.Connector + " of " + o.Card
	if o.Name != "" || o.Display != "" {
		s += ": " + o.Name + " " + o.Display
	}
	return s
}

// tellAll: as soon as one output's mode or place is told, X gives up its own
// layout for all, sets the others to the mode nearest to the first one's, all
// at 0,0 (xf86TargetUserpref, xf86TargetFallback of Xorg 21.1); and the primary
// one comes first in its row. So with several it is all or none.
func (w *writer) tellAll() bool {
	on, told := 0, false
	for _, o := range w.display.Outputs {
		if o.State == "on" {
			on++
			told = told || o.Forced || o.Placed || o.Mirrors != "" || o.Primary && w.otherPrimary(o)
		}
	}
	return told && on > 1
}

func (w *writer) mode(m *xorgconf.Monitor, o xconfig.Output, all bool) {
	if !o.Forced && !all || o.Mode.HActive <= 0 || o.Mode.VActive <= 0 {
		return
	}
	name := modeName(o.Mode)
	if o.Forced && o.Mode.Clock > 0 && o.XDriver != "nvidia" { // which has only modes of its own making
		name = fmt.Sprintf("%s_%.2f", name, o.Mode.Refresh())
		why := "X's name for a mode is its size alone; this one is meant"
		if o.Display == "" || o.Remembered {
			why = "the display names no modes now: this one is given whole"
		}
		m.Modelines = append(m.Modelines, xorgconf.Modeline{Name: name, Mode: o.Mode, Why: why})
	}
	m.Options = append(m.Options, xorgconf.Option{Name: "PreferredMode", Value: name, Why: o.ModeWhy})
}

// modeName is the kernel's name for a mode, which X takes over.
func modeName(m timing.Mode) string {
	if m.Interlaced {
		return fmt.Sprintf("%dx%di", m.HActive, m.VActive)
	}
	return fmt.Sprintf("%dx%d", m.HActive, m.VActive)
}

func (w *writer) place(m *xorgconf.Monitor, o xconfig.Output, all bool) {
	if all || o.Placed && (o.X != 0 || o.Y != 0) {
		why := "X puts all outputs at 0 0 once it is told of one"
		switch {
		case o.Mirrors != "":
			why = "shows the same as " + o.Mirrors
		case o.PlaceWhy != "":
			why = o.PlaceWhy
		}
		m.Options = append(m.Options, xorgconf.Option{Name: "Position", Value: fmt.Sprintf("%d %d", o.X, o.Y), Why: why})
	}
	if o.Primary && w.otherPrimary(o) {
		m.Options = append(m.Options, xorgconf.Option{Name: "Primary", Value: "true", Why: cmp.Or(o.PrimaryWhy, "X would take the first one that is connected")})
	}
}

// otherPrimary says whether X would by itself make another output the primary
// one: the first that is on.
func (w *writer) otherPrimary(primary xconfig.Output) bool {
	for _, o := range w.display.Outputs {
		if o.State == "on" {
			return o.Connector != primary.Connector || o.Card != primary.Card
		}
	}
	return false
}

func (w *writer) turn(m *xorgconf.Monitor, o xconfig.Output) {
	switch o.Rotate {
	case "left", "right", "inverted":
		m.Options = append(m.Options, xorgconf.Option{Name: "Rotate", Value: o.Rotate, Why: o.RotateWhy})
	}
}
