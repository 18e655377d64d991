package records

import (
	"cmp"
	"slices"

	"attune/internal/settings"
	"attune/xconfig"
)

// Project gives what records say to this hardware, the weakest first. Those
// about other hardware say nothing. Pure.
func Project(all []Stored, h Hardware) []settings.Layer {
	type ranked struct {
		settings.Layer
		rank, fit int
		id        string
	}
	var layers []ranked
	for _, s := range InForce(all) {
		if layer, fit := s.project(h); fit > 0 {
			layers = append(layers, ranked{layer, s.rank, fit, s.ID()})
		}
	}
	slices.SortStableFunc(layers, func(a, b ranked) int {
		return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(a.fit, b.fit), cmp.Compare(a.id, b.id))
	})
	var out []settings.Layer
	for _, l := range layers {
		out = append(out, l.Layer)
	}
	return out
}

// InForce are the records without those another one of the same name, in a
// stronger place, stands in for.
func InForce(all []Stored) (in []Stored) {
	strongest := map[string]int{}
	for _, s := range all {
		strongest[s.ID()] = max(strongest[s.ID()], s.rank)
	}
	for _, s := range all {
		if s.rank == strongest[s.ID()] {
			in = append(in, s)
		}
	}
	return in
}

// Applies says whether a record says something to this hardware.
func (s Stored) Applies(h Hardware) bool {
	_, fit := s.project(h)
	return fit > 0
}

// project says what a record says here and how surely it is meant: 0 is not at
// all.
func (s Stored) project(h Hardware) (settings.Layer, int) {
	layer := settings.Layer{Rank: s.In.rank(), Source: s.Path}
	here := len(s.Match.Machine) == 0 || isMachine(s.Match.Machine, h.Inventory)
	switch v := s.Value.(type) {
	case *Keyboard:
		if !here {
			return layer, 0
		}
		layer.Values = v.settings()
		return layer, 1 + len(s.Match.Machine)
	case *Layout:
		fit, at := same(s.Match.Displays, h.Displays(), here)
		layer.Outputs = v.rules(at, s.Path)
		return layer, fit
	case *Touch:
		rules, fit := v.rules(s, h, here)
		layer.Touch = rules
		return layer, fit
	}
	return layer, 0
}

// rules are for the devices of the record that are here, each for itself where
// the record is about one of several of a kind.
func (t *Touch) rules(s Stored, h Hardware, here bool) ([]xconfig.TouchRule, int) {
	output, sure := t.output(h)
	found := h.find(s.Match.Device)
	if len(found) == 0 || output == nil || !sure && !here {
		return nil, 0
	}
	rule := xconfig.TouchRule{Device: s.Match.Device.ID, Output: *output, Rotate: t.Rotate, Source: s.Path}
	fit := 1
	if s.Match.Device.Place != "" {
		rule.Device, fit = s.Match.Device.Place, 2
	}
	return []xconfig.TouchRule{rule}, fit
}

// output is the display as it is called here, nil where it is not here; sure
// where a serial number says that it is the one.
func (t *Touch) output(h Hardware) (output *xconfig.Match, sure bool) {
	if t.Role != "" || t.Display == (Display{}) {
		return &xconfig.Match{Role: t.Role}, false
	}
	for _, d := range h.Displays() {
		if t.Display.Serial != "" && d.Serial == t.Display.Serial && d.model() == t.Display.model() {
			return &xconfig.Match{Card: d.Card, Connector: d.Connector}, true
		}
	}
	for _, d := range h.Displays() {
		if t.Display.where(d) && d.model() == t.Display.model() {
			return &xconfig.Match{Card: d.Card, Connector: d.Connector}, false
		}
	}
	return nil, false
}

// rank is how much a choice counts beside other settings. What the image or the
// site brings as a record is the site's word.
func (s Scope) rank() settings.Rank {
	if s == Site {
		return settings.Site
	}
	return settings.LocalState
}
