package input

import (
	"cmp"
	"fmt"
	"slices"

	"attune/detect"
	"attune/xconfig"
)

// classes are the rules that put touches in their place. One picture alone has
// one rule for every touchscreen, also those plugged later; with several each
// device has its own. A device that needs nothing gets nothing: a matrix that
// changes nothing has broken good hardware.
//
// X is told in its own server's TransformationMatrix, which holds for any
// driver and knows the whole desktop. libinput's CalibrationMatrix would
// multiply with it, and is not used for that: in udev's property it says how a
// sensor lies in its panel, for Wayland, where the compositor does the rest, and
// in X's option it takes that property's place (libinput(4); asked of a real X
// in internal/vm).
func (t *touchMap) classes(ins []detect.Input, placed map[string]placedTouch) (out []xconfig.InputClass) {
	general := t.general()
	if general != nil {
		out = append(out, *general)
	}
	out = t.later(out)
	many, tags := slices.Clip(out), 0
	for _, in := range ins {
		p, reached := placed[in.Path], reaching(many, touchKind(in), usbID(in))
		if reached != nil && !p.target.asked {
			continue
		}
		c := t.class(p, reached != nil)
		if saysNothing(c, reached) {
			continue
		}
		c.Match = matchTouch(in)
		if ambiguous(ins, placed, in) {
			where := udevPath(in.Path)
			if where == "" {
				t.note(in, "another of its kind lies elsewhere, and nothing tells the two apart in a rule")
				continue
			}
			tags++
			c.Match.Udev, c.Match.Tag = map[string]string{"ID_PATH": where}, fmt.Sprintf("attune_touch%d", tags)
		}
		if !slices.ContainsFunc(out, func(have xconfig.InputClass) bool { return sameMatch(have.Match, c.Match) }) {
			out = append(out, c)
		}
	}
	return out
}

// reaching is the rule for many devices that counts for these, nil where none
// does.
func reaching(many []xconfig.InputClass, kind, id string) (last *xconfig.InputClass) {
	for i, c := range many {
		if c.Match.Kind == kind && xconfig.Like(c.Match.USBID, id) {
			last = &many[i]
		}
	}
	return last
}

// saysNothing: neither anything nor anything else than the rule that reaches the
// same devices.
func saysNothing(c xconfig.InputClass, reached *xconfig.InputClass) bool {
	if reached == nil {
		return len(c.Options) == 0 && len(c.Properties) == 0
	}
	return slices.Equal(values(c.Options), values(reached.Options)) && slices.Equal(values(c.Properties), values(reached.Properties))
}

// class is the rule for one touch, without what it matches. Where the general
// rule has reached the device too, an identity has to be said.
func (t *touchMap) class(p placedTouch, general bool) xconfig.InputClass {
	c := xconfig.InputClass{Name: "touch on " + cmp.Or(p.connector(), "all outputs"), Why: p.target.why}
	if p.matrix != Identity || general {
		c.Options = matrixOptions(p)
	}
	if o := p.connector(); o != "" && len(t.pictures()) > 1 {
		c.Properties = append(c.Properties, xconfig.Option{Name: "WL_OUTPUT", Value: o, Why: p.target.why})
	}
	if sensor := rotation(p.target.rotate); sensor != Identity {
		c.Properties = append(c.Properties, xconfig.Option{Name: "LIBINPUT_CALIBRATION_MATRIX", Value: matrixText(sensor, 6), Why: "how the sensor lies in its panel"})
	}
	return c
}

func matrixOptions(p placedTouch) []xconfig.Option {
	out := []xconfig.Option{{Name: "TransformationMatrix", Value: matrixText(p.matrix, 9), Why: p.target.why}}
	if rotation(p.target.rotate) != Identity {
		out = append(out, xconfig.Option{Name: "CalibrationMatrix", Value: matrixText(Identity, 9), Why: "takes back udev's, the line above has it already"})
	}
	return out
}

func values(options []xconfig.Option) (out []string) {
	for _, o := range options {
		out = append(out, o.Name+"="+o.Value)
	}
	return out
}

// general is the rule for every touchscreen when there is but one picture.
func (t *touchMap) general() *xconfig.InputClass {
	alone, _ := t.byBeingAlone(detect.Input{})
	if alone == nil {
		return nil
	}
	p := placedTouch{target: touchTarget{output: alone, why: "the only picture there is"}}
	if o := alone; o.Rotate != "normal" && o.Rotate != "" {
		p.target.why += ", rotated: " + o.Rotate
	}
	p.matrix = t.matrix(p.target)
	t.keepBack(&p)
	if p.matrix == Identity {
		return nil
	}
	return &xconfig.InputClass{Name: "touch on " + alone.Connector, Match: xconfig.InputMatch{Kind: "touchscreen"}, Options: matrixOptions(p), Why: p.target.why}
}

// matchTouch picks the device by kind and ids, by its name where it has no ids.
// The mouse of a virtual machine has those of its keyboard and tablet.
func matchTouch(in detect.Input) xconfig.InputMatch {
	m := xconfig.InputMatch{Kind: touchKind(in), USBID: usbID(in)}
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
// lands elsewhere, or any at all.
func ambiguous(ins []detect.Input, placed map[string]placedTouch, in detect.Input) bool {
	mine, p := matchTouch(in), placed[in.Path]
	for _, other := range ins {
		o := placed[other.Path]
		if sameMatch(mine, matchTouch(other)) && (o.matrix != p.matrix || o.connector() != p.connector()) {
			return true
		}
	}
	return mine.USBID == "" && mine.Product == ""
}

func sameMatch(a, b xconfig.InputMatch) bool {
	return a.Kind == b.Kind && a.USBID == b.USBID && a.Product == b.Product && a.Tag == b.Tag
}
