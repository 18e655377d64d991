package input

import (
	"cmp"

	"attune/detect"
	"attune/xconfig"
)

// A touchTarget is where a touchscreen or tablet lands.
type touchTarget struct {
	output *xconfig.Output // nil: the whole desktop
	why    string
	rotate string // of the sensor against its display, a RandR word
	asked  bool   // a setting said so
}

// A touchMap decides which output a touch belongs to.
type touchMap struct {
	facts   xconfig.Facts
	prefs   xconfig.Preferences
	display xconfig.DisplayPlan
	on      []*xconfig.Output // those that show a picture
	notes   []xconfig.Note
}

func newTouchMap(f xconfig.Facts, p xconfig.Preferences, d xconfig.DisplayPlan) *touchMap {
	t := &touchMap{facts: f, prefs: p, display: d}
	for i := range d.Outputs {
		if d.Outputs[i].State == "on" {
			t.on = append(t.on, &d.Outputs[i])
		}
	}
	return t
}

// A placedTouch is a device and where it lands.
type placedTouch struct {
	in     detect.Input
	target touchTarget
	matrix Matrix
}

func (p placedTouch) connector() string {
	if p.target.output == nil {
		return ""
	}
	return p.target.output.Connector
}

// place finds every touch its output. What is known of one part of a device
// holds for the others: the pen of a touchscreen is where its fingers are.
func (t *touchMap) place(ins []detect.Input) map[string]placedTouch {
	placed := map[string]placedTouch{}
	sibling := map[string]placedTouch{} // by parent
	keep := func(in detect.Input, target touchTarget) {
		p := placedTouch{in: in, target: target, matrix: t.matrix(target)}
		t.keepBack(&p)
		placed[in.Path] = p
		if _, ok := sibling[in.Parent]; !ok && in.Parent != "" && !target.asked {
			sibling[in.Parent] = p
		}
	}
	for _, in := range ins {
		if target := t.target(in); target.why != "" {
			keep(in, target)
		}
	}
	for _, in := range ins {
		if _, ok := placed[in.Path]; ok {
			continue
		}
		if s, ok := sibling[in.Parent]; ok {
			keep(in, touchTarget{output: s.target.output, why: "as " + inputName(s.in) + " of the same device: " + s.target.why})
			continue
		}
		keep(in, t.guess(in))
	}
	return placed
}

// guess is what is left where nothing is known: what is likely, or nothing.
func (t *touchMap) guess(in detect.Input) touchTarget {
	if o, why := t.byLikelihood(in); why != "" {
		return touchTarget{output: o, why: why}
	}
	if len(t.on) == 0 {
		return touchTarget{why: "no output shows a picture"}
	}
	t.note(in, "which of %d outputs it lies on is not known: it reaches over all of them; the setting touch says it", len(t.on))
	return touchTarget{why: "nothing tells which output it lies on"}
}

// target asks in turn: the setting, then what the hardware itself tells, the
// surest first. Its why is empty where nobody knows.
func (t *touchMap) target(in detect.Input) touchTarget {
	if rule, ok := touchRule(t.prefs.Touch, in); ok {
		return t.bySetting(rule, in)
	}
	for _, ask := range []func(detect.Input) (*xconfig.Output, string){t.byParent, t.byBeingBuiltIn, t.bySize, t.byVendor, t.byBeingAlone} {
		if o, why := ask(in); why != "" {
			return touchTarget{output: o, why: why}
		}
	}
	return touchTarget{}
}

func (t *touchMap) note(in detect.Input, format string, args ...any) {
	t.notes = append(t.notes, xconfig.Remark(inputName(in), format, args...))
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
	d := t.desktop(o)
	m = multiply(rotation(o.Rotate), m)
	return multiply(place(o.X-d.X, o.Y-d.Y, w, h, d.W, d.H), m)
}

// desktop is the one X has when a touch on o can first land: that of the card
// which shows the picture. A further card's outputs X has only once a desktop
// turns them on, and then all of them are there.
func (t *touchMap) desktop(o xconfig.Output) xconfig.Rect {
	b, first := xconfig.Rect{}, true
	for _, other := range t.on {
		if o.Card == t.display.GPU.Card && other.Card != o.Card {
			continue
		}
		r := xconfig.Rect{X: other.X, Y: other.Y, W: other.Width(), H: other.Height()}
		if first {
			b, first = r, false
		}
		b = b.With(r)
	}
	return b
}

// touchRule is the first rule for the device.
func touchRule(rules []xconfig.TouchRule, in detect.Input) (xconfig.TouchRule, bool) {
	for _, r := range rules {
		if matchesDevice(r.Device, in) {
			return r, true
		}
	}
	return xconfig.TouchRule{}, false
}

// matchesDevice says whether a pattern means the device: "056a:5087", a name
// with wildcards, or a place ("usb-0000:00:14.0-2/*"), which alone tells
// two of a kind apart.
func matchesDevice(pattern string, in detect.Input) bool {
	for _, text := range []string{usbID(in), in.Name, in.Phys} {
		if pattern != "" && text != "" && xconfig.Like(pattern, text) {
			return true
		}
	}
	return false
}

func (t *touchMap) bySetting(rule xconfig.TouchRule, in detect.Input) touchTarget {
	source := cmp.Or(rule.Source, "a setting")
	target := touchTarget{rotate: rule.Rotate, asked: true, why: source}
	if rule.Output == (xconfig.Match{}) {
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

func (t *touchMap) matching(m xconfig.Match) []*xconfig.Output {
	return pick(t.on, func(o *xconfig.Output) bool { return o.Matches(m) })
}
