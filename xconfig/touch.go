package xconfig

import (
	"fmt"
	"math"
	"path"
	"strings"

	"attune/detect"
)

// A touchTarget is where a touchscreen or tablet lands.
type touchTarget struct {
	output *Output // nil: the whole desktop
	why    string
	rotate string // of the sensor against its display, a RandR word
	asked  bool   // a setting said so
}

// A touchMap decides which output a touch belongs to.
type touchMap struct {
	facts   Facts
	prefs   Preferences
	display DisplayPlan
	on      []*Output // shows a picture of its own: neither off nor a mirror of another
	notes   []Note
}

func newTouchMap(f Facts, p Preferences, d DisplayPlan) *touchMap {
	t := &touchMap{facts: f, prefs: p, display: d}
	for i := range d.Outputs {
		if d.Outputs[i].State == "on" {
			t.on = append(t.on, &d.Outputs[i])
		}
	}
	return t
}

// target asks in turn: the setting, then what the hardware itself tells, the
// surest first.
func (t *touchMap) target(in detect.Input) touchTarget {
	if rule, ok := touchRule(t.prefs.Touch, in); ok {
		return t.bySetting(rule, in)
	}
	for _, ask := range []func(detect.Input) (*Output, string){t.byParent, t.byBeingBuiltIn, t.bySize, t.byVendor, t.byBeingAlone} {
		if o, why := ask(in); why != "" {
			return touchTarget{output: o, why: why}
		}
	}
	if len(t.on) == 0 {
		return touchTarget{why: "no output shows a picture"}
	}
	t.note(in, "which of %d outputs it lies on is not known: it reaches over all of them; the setting touch says it", len(t.on))
	return touchTarget{why: "nothing tells which output it lies on"}
}

func (t *touchMap) note(in detect.Input, format string, args ...any) {
	t.notes = append(t.notes, Note{Subject: inputName(in), Text: fmt.Sprintf(format, args...)})
}

// touchRule is the first rule for the device.
func touchRule(rules []TouchRule, in detect.Input) (TouchRule, bool) {
	for _, r := range rules {
		if matchesDevice(r.Device, in) {
			return r, true
		}
	}
	return TouchRule{}, false
}

// matchesDevice says whether a pattern means the device: "056a:5087", a name
// with wildcards, or a place ("usb-0000:00:14.0-2/*"), which alone tells
// two of a kind apart.
func matchesDevice(pattern string, in detect.Input) bool {
	for _, text := range []string{usbID(in), in.Name, in.Phys} {
		if pattern != "" && text != "" && like(pattern, text) {
			return true
		}
	}
	return false
}

func (t *touchMap) bySetting(rule TouchRule, in detect.Input) touchTarget {
	source := or(rule.Source, "a setting")
	target := touchTarget{rotate: rule.Rotate, asked: true, why: source}
	if rule.Output == (Match{}) {
		target.why += ": all outputs together"
		return target
	}
	found := t.matching(rule.Output)
	switch len(found) {
	case 0:
		t.note(in, "%s names an output that shows no picture now: the touch reaches over all outputs", source)
		target.why += ": its output shows no picture"
	case 1:
		target.output = found[0]
	default:
		target.output = found[0]
		t.note(in, "%s fits %d outputs, %s was taken", source, len(found), found[0].Connector)
	}
	return target
}

func (t *touchMap) matching(m Match) (found []*Output) {
	for _, o := range t.on {
		if t.matches(m, o) {
			found = append(found, o)
		}
	}
	return found
}

// matches compares with what the display plan knows of an output.
func (t *touchMap) matches(m Match, o *Output) bool {
	vendor, rest, _ := strings.Cut(o.Display, "-")
	product, serial, _ := strings.Cut(rest, "-")
	return like(m.Connector, o.Connector) && like(m.Card, o.Card) && like(m.Name, o.Name) &&
		like(m.Vendor, vendor) && like(m.Product, product) && like(m.Serial, serial) && t.hasRole(m.Role, o)
}

func (t *touchMap) hasRole(role string, o *Output) bool {
	switch strings.ToLower(role) {
	case "", "any":
		return true
	case "internal":
		return o.Internal
	case "external":
		return !o.Internal
	case "largest":
		for _, other := range t.on {
			if other.Mode.HActive*other.Mode.VActive > o.Mode.HActive*o.Mode.VActive {
				return false
			}
		}
		return true
	}
	return false // "touch" would be asking itself
}

// byParent: a display that is itself a USB device shares its hub with its
// sensor.
func (t *touchMap) byParent(in detect.Input) (*Output, string) {
	var found []*Output
	for _, o := range t.on {
		if hub := sharedHub(t.cardDevice(o.Card), in.Path); hub != "" {
			found = append(found, o)
		}
	}
	if len(found) == 1 {
		return found[0], "on the same USB hub as the display"
	}
	return nil, ""
}

// byBeingBuiltIn: a sensor on a bus that does not leave the machine lies on
// the machine's own panel.
func (t *touchMap) byBeingBuiltIn(in detect.Input) (*Output, string) {
	if !in.Internal {
		return nil, ""
	}
	panels := pick(t.on, func(o *Output) bool { return o.Internal })
	switch {
	case len(panels) == 1:
		return panels[0], "built in, as the panel is"
	case len(panels) == 0 && t.hasPanel():
		return nil, "built in, but the panel shows no picture"
	}
	return nil, ""
}

func (t *touchMap) hasPanel() bool {
	for _, o := range t.display.Outputs {
		if o.Internal {
			return true
		}
	}
	return false
}

// bySize: the sensor is as large as one display's image. Of several of that
// size the one that is built in like the sensor, or is outside like it.
func (t *touchMap) bySize(in detect.Input) (*Output, string) {
	if in.WidthMM <= 0 || in.HeightMM <= 0 {
		return nil, ""
	}
	fit := pick(t.on, func(o *Output) bool { return sameSize(in, o) })
	if len(fit) > 1 {
		fit = pick(fit, func(o *Output) bool { return o.Internal == in.Internal })
	}
	if len(fit) != 1 {
		return nil, ""
	}
	return fit[0], fmt.Sprintf("as large as the display: %dx%d mm, %dx%d mm", in.WidthMM, in.HeightMM, fit[0].WidthMM, fit[0].HeightMM)
}

// sameSize: within 5 %, either way up: EDID and sensor need not agree on
// which side is the width.
func sameSize(in detect.Input, o *Output) bool {
	return within5(in.WidthMM, o.WidthMM) && within5(in.HeightMM, o.HeightMM) ||
		within5(in.WidthMM, o.HeightMM) && within5(in.HeightMM, o.WidthMM)
}

func within5(a, b int) bool {
	return a > 0 && b > 0 && math.Abs(float64(a-b)) <= 0.05*math.Max(float64(a), float64(b))
}

// byVendor: who made the sensor's USB device made one of the displays.
func (t *touchMap) byVendor(in detect.Input) (*Output, string) {
	makers := displayMakers[in.Vendor]
	found := pick(t.on, func(o *Output) bool {
		maker, _, _ := strings.Cut(o.Display, "-")
		return maker != "" && contains(makers, maker)
	})
	if len(found) == 1 {
		return found[0], "sensor and display have one maker"
	}
	return nil, ""
}

// byBeingAlone: one picture is the whole desktop.
func (t *touchMap) byBeingAlone(detect.Input) (*Output, string) {
	pictures := pick(t.on, func(o *Output) bool { return o.Mirrors == "" })
	if len(pictures) == 1 {
		return pictures[0], "the only picture there is"
	}
	return nil, ""
}

// matrix is a touch's way to the desktop: the sensor is turned onto its panel,
// the panel's axes onto the picture's, and the picture put where it lies.
// The order matters: a rotation after the placing would turn the desktop.
func (t *touchMap) matrix(target touchTarget) Matrix {
	m := rotation(target.rotate)
	if target.output == nil {
		return m
	}
	o := *target.output
	w, h := o.Extent()
	m = multiply(rotation(o.Rotate), m)
	return multiply(place(o.X, o.Y, w, h, t.display.Width, t.display.Height), m)
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
