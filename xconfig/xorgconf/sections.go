package xorgconf

import (
	"fmt"
	"strconv"

	"attune/detect/edid/timing"
)

// A Source is anything that makes a section.
type Source interface{ Section() Section }

// Section makes a Section a Source.
func (s Section) Section() Section { return s }

// An Option is one driver option with its reason.
type Option struct{ Name, Value, Why string }

// A Monitor says how an output is used; X finds it by the name the driver
// gives the output. Of two with one name the first counts.
type Monitor struct {
	Name              string
	Why               string
	WidthMM, HeightMM int // DisplaySize, not written when either is 0
	// HorizSync and VertRefresh are what the display stands, in kHz and Hz, lowest
	// and highest; not written when both are 0. Said here they hold for every mode.
	HorizSync, VertRefresh [2]int
	Modelines              []Modeline
	Options                []Option
}

// A Modeline is a timing X shall know by Name.
type Modeline struct {
	Name string
	Mode timing.Mode
	Why  string
}

// An InputClass gives options to every device it matches, now or later. All
// that match apply in order, so the last one counts.
type InputClass struct {
	Name    string
	Why     string
	Match   Match
	Driver  string
	Options []Option
}

// A Match picks input devices; every field that is set must hold.
type Match struct {
	Is      string // "Keyboard", "Pointer", "Touchpad", "Touchscreen", "Tablet", "TabletPad", "Joystick"
	USBID   string // "0627:0001"; * for any product, several with | between
	PnPID   string // "WACf004"; taken literally
	Product string // part of the name; taken literally
	Tag     string // of udev's ID_INPUT.tags
	Driver  string
	Path    string // device node, as a pattern
}

// An OutputClass gives options to every GPU whose kernel driver it matches.
type OutputClass struct {
	Name        string
	Why         string
	MatchDriver string
	Driver      string
	ModulePath  []string
	Options     []Option
}

// A Device is one GPU with the driver it shall have. Of two with one name the
// first counts.
type Device struct {
	Name, Why, Driver, BusID string
	VideoRAM                 int // in KiB, 0 leaves it to the driver
	Options                  []Option
}

// A Screen ties a device to a monitor. The first one there is gets used.
type Screen struct {
	Name, Why, Device, Monitor string
	Depth, Width, Height       int    // Width and Height are the virtual size; 0 leaves it to X
	Mode                       string // the mode to start with, "" leaves it to X
}

// A ServerLayout names the screens to be used.
type ServerLayout struct{ Name, Why, Screen string }

// ServerFlags are options of the server. A later such section replaces the
// whole of an earlier one.
type ServerFlags struct {
	Why     string
	Options []Option
}

// Section is the monitor as text is made of it.
func (m Monitor) Section() Section {
	s := named("Monitor", m.Name, m.Why)
	if m.WidthMM > 0 && m.HeightMM > 0 {
		s.add("DisplaySize", "", number(m.WidthMM), number(m.HeightMM))
	}
	s.span("HorizSync", m.HorizSync)
	s.span("VertRefresh", m.VertRefresh)
	for _, l := range m.Modelines {
		s.Entries = append(s.Entries, l.entry())
	}
	return s.options(m.Options)
}

func (l Modeline) entry() Entry {
	m := l.Mode
	mhz := strconv.FormatFloat(float64(m.Clock)/1e6, 'f', 3, 64)
	e := Entry{Key: "Modeline", Why: l.Why, Args: []Value{str(l.Name), word(mhz)}}
	h, v := m.HActive+m.HBorder+m.HFront, m.VActive+m.VBorder+m.VFront
	hs, vs, vtotal := m.HSync, m.VSync, m.VTotal()
	if m.Interlaced { // X counts in lines of the frame, a Mode its porches in those of a field
		v, vs = m.VActive+2*(m.VBorder+m.VFront), 2*m.VSync
	}
	for _, n := range []int{m.HActive, h, h + hs, m.HTotal(), m.VActive, v, v + vs, vtotal} {
		e.Args = append(e.Args, number(n))
	}
	e.Args = append(e.Args, word(sign(m.HSyncPositive)+"hsync"), word(sign(m.VSyncPositive)+"vsync"))
	if m.Interlaced {
		e.Args = append(e.Args, word("interlace"))
	}
	return e
}

func sign(positive bool) string {
	if positive {
		return "+"
	}
	return "-"
}

// Section is the class as text is made of it.
func (c InputClass) Section() Section {
	s := named("InputClass", c.Name, c.Why)
	if c.Match.Is != "" {
		s.add("MatchIs"+c.Match.Is, "", str("on"))
	}
	s.text("MatchUSBID", c.Match.USBID)
	s.text("MatchPnPID", literal(c.Match.PnPID))
	s.text("MatchProduct", c.Match.Product)
	s.text("MatchTag", c.Match.Tag)
	s.text("MatchDriver", c.Match.Driver)
	s.text("MatchDevicePath", c.Match.Path)
	s.text("Driver", c.Driver)
	return s.options(c.Options)
}

// Section is the class as text is made of it.
func (c OutputClass) Section() Section {
	s := named("OutputClass", c.Name, c.Why)
	s.text("MatchDriver", c.MatchDriver)
	s.text("Driver", c.Driver)
	for _, p := range c.ModulePath {
		s.text("ModulePath", p)
	}
	return s.options(c.Options)
}

// Section is the device as text is made of it.
func (d Device) Section() Section {
	s := named("Device", d.Name, d.Why)
	s.text("Driver", d.Driver)
	s.text("BusID", d.BusID)
	if d.VideoRAM > 0 {
		s.add("VideoRam", "", number(d.VideoRAM))
	}
	return s.options(d.Options)
}

// Section is the screen as text is made of it.
func (c Screen) Section() Section {
	s := named("Screen", c.Name, c.Why)
	s.text("Device", c.Device)
	s.text("Monitor", c.Monitor)
	if c.Depth > 0 {
		s.add("DefaultDepth", "", number(c.Depth))
	}
	if c.Width > 0 && c.Height > 0 {
		sub := Entry{Key: "SubSection", Args: []Value{str("Display")}}
		if c.Depth > 0 {
			sub.Sub = append(sub.Sub, Entry{Key: "Depth", Args: []Value{number(c.Depth)}})
		}
		if c.Mode != "" {
			sub.Sub = append(sub.Sub, Entry{Key: "Modes", Args: []Value{str(c.Mode)}})
		}
		sub.Sub = append(sub.Sub, Entry{Key: "Virtual", Args: []Value{number(c.Width), number(c.Height)}})
		s.Entries = append(s.Entries, sub)
	}
	return s
}

// Section is the layout as text is made of it.
func (l ServerLayout) Section() Section {
	s := named("ServerLayout", l.Name, l.Why)
	s.text("Screen", l.Screen)
	return s
}

// Section is the flags as text is made of them.
func (f ServerFlags) Section() Section {
	return Section{Kind: "ServerFlags", Why: f.Why}.options(f.Options)
}

func named(kind, name, why string) Section {
	s := Section{Kind: kind, Why: why}
	s.add("Identifier", "", str(name))
	return s
}

func (s *Section) add(key, why string, args ...Value) {
	s.Entries = append(s.Entries, Entry{Key: key, Why: why, Args: args})
}

func (s *Section) span(key string, r [2]int) {
	if r != [2]int{} {
		s.add(key, "", number(r[0]), word("-"), number(r[1]))
	}
}

func (s *Section) text(key, value string) {
	if value != "" {
		s.add(key, "", str(value))
	}
}

func (s Section) options(list []Option) Section {
	for _, o := range list {
		s.add("Option", o.Why, str(o.Name), str(o.Value))
	}
	return s
}

func str(s string) Value  { return Value{Text: s, Quoted: true} }
func word(s string) Value { return Value{Text: s} }
func number(n int) Value  { return Value{Text: fmt.Sprint(n)} }
