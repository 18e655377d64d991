package xconfig

import (
	"fmt"

	"attune/detect"
)

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

func (t *touchMap) place(in detect.Input) placedTouch {
	target := t.target(in)
	return placedTouch{in: in, target: target, matrix: t.matrix(target)}
}

// classes are the rules that put touches in their place. One picture alone has
// one rule for every touchscreen, also those plugged later; with several each
// device has its own. A device that needs nothing gets nothing: a matrix that
// changes nothing has broken good hardware.
//
// X is told in its own server's TransformationMatrix, which holds for any
// driver and knows the whole desktop. libinput's CalibrationMatrix would
// multiply with it, and is not used for that; it says how a sensor
// lies in its panel, for Wayland, where the compositor does the rest.
func (t *touchMap) classes(placed []placedTouch) (out []InputClass) {
	general := t.general()
	if general != nil {
		out = append(out, *general)
	}
	tags := 0
	for i, p := range placed {
		if general != nil && p.in.Is(detect.KindTouchscreen) && !p.target.asked {
			continue
		}
		c := InputClass{Name: "touch on " + or(p.connector(), "all outputs"), Options: matrixOptions(p), Properties: properties(p, len(t.on)), Why: p.target.why}
		if len(c.Options) == 0 && len(c.Properties) == 0 {
			continue
		}
		c.Match = matchTouch(p.in)
		if ambiguous(placed, i) {
			where := udevPath(p.in.Path)
			if where == "" {
				t.note(p.in, "another of its kind lies elsewhere, and nothing tells the two apart in a rule")
				continue
			}
			tags++
			c.Match.Udev, c.Match.Tag = map[string]string{"ID_PATH": where}, fmt.Sprintf("attune_touch%d", tags)
		}
		if !hasClass(out, c) {
			out = append(out, c)
		}
	}
	return out
}

// general is the rule for every touchscreen when there is but one picture.
func (t *touchMap) general() *InputClass {
	alone, _ := t.byBeingAlone(detect.Input{})
	if alone == nil {
		return nil
	}
	p := placedTouch{target: touchTarget{output: alone}}
	p.matrix = t.matrix(p.target)
	if p.matrix == Identity {
		return nil
	}
	return &InputClass{
		Name: "touch on " + alone.Connector, Match: InputMatch{Kind: "touchscreen"},
		Options: matrixOptions(p), Why: "the only picture there is is " + placeText(*alone),
	}
}

func placeText(o Output) string {
	if o.Rotate != "normal" && o.Rotate != "" {
		return "rotated: " + o.Rotate
	}
	return "not the whole desktop"
}

func matrixOptions(p placedTouch) []Option {
	if p.matrix == Identity {
		return nil
	}
	out := []Option{{Name: "TransformationMatrix", Value: matrixText(p.matrix, 9), Why: p.target.why}}
	if rotation(p.target.rotate) != Identity {
		out = append(out, Option{Name: "CalibrationMatrix", Value: matrixText(Identity, 9), Why: "takes back udev's, the line above has it already"})
	}
	return out
}

// properties are for Wayland: which output, where there are several, and how
// the sensor lies.
func properties(p placedTouch, outputs int) (out []Option) {
	if o := p.connector(); o != "" && outputs > 1 {
		out = append(out, Option{Name: "WL_OUTPUT", Value: o, Why: p.target.why})
	}
	if sensor := rotation(p.target.rotate); sensor != Identity {
		out = append(out, Option{Name: "LIBINPUT_CALIBRATION_MATRIX", Value: matrixText(sensor, 6), Why: "how the sensor lies in its panel"})
	}
	return out
}

// matchTouch picks the device by kind and ids, by its name where it has no ids.
func matchTouch(in detect.Input) InputMatch {
	m := InputMatch{Kind: touchKind(in), USBID: usbID(in)}
	if (m.USBID == "" || m.Kind == "pointer") && safeName(in.Name) {
		m.Product = in.Name
	}
	return m
}

func touchKind(in detect.Input) string {
	switch {
	case in.Is(detect.KindTouchscreen):
		return "touchscreen"
	case in.Is(detect.KindTablet):
		return "tablet"
	}
	return "pointer"
}

// ambiguous says whether a rule for one device would also pick another that
// lands elsewhere.
func ambiguous(placed []placedTouch, i int) bool {
	mine := matchTouch(placed[i].in)
	for j, p := range placed {
		other := matchTouch(p.in)
		if j != i && mine.Kind == other.Kind && mine.USBID == other.USBID && mine.Product == other.Product &&
			(p.matrix != placed[i].matrix || p.connector() != placed[i].connector()) {
			return true
		}
	}
	return mine.USBID == "" && mine.Product == ""
}

func hasClass(list []InputClass, c InputClass) bool {
	for _, have := range list {
		a, b := have.Match, c.Match
		if a.Kind == b.Kind && a.USBID == b.USBID && a.Product == b.Product && a.Tag == b.Tag {
			return true
		}
	}
	return false
}
