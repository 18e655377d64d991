package display

import (
	"fmt"
	"slices"
	"strings"

	"attune/xconfig"
)

// A rule is one OutputRule with what became of it.
type rule struct {
	xconfig.OutputRule
	at      int
	name    string // for people: "output rule 2 (/etc/attune/site.toml:9)"
	matched bool
}

func readRules(p xconfig.Preferences) []rule {
	rules := make([]rule, len(p.Outputs))
	for i, r := range p.Outputs {
		name := fmt.Sprintf("output rule %d", i+1)
		if r.Source != "" {
			name += " (" + r.Source + ")"
		}
		rules[i] = rule{OutputRule: r, name: name, at: i}
	}
	return rules
}

// applyRules gives every display what the rules say of it. Of each field the
// first rule counts which matches and sets it.
func (d *displays) applyRules() {
	d.rules = readRules(d.prefs)
	for _, h := range d.heads {
		d.applyTo(h)
	}
	for i := range d.rules {
		if r := &d.rules[i]; !r.matched {
			d.note(r.name, "no display here matches %s", r.Match)
		}
	}
}

func (d *displays) applyTo(h *head) {
	there := h.out.State == "on"
	for i := range d.rules {
		r := &d.rules[i]
		if !h.matches(r.Match) {
			continue
		}
		if there {
			r.matched = true
		}
		d.take(h, r)
	}
}

// take fills what no earlier rule has.
func (d *displays) take(h *head, r *rule) {
	if r.Off && h.out.State == "on" {
		h.ruledOff = true
		h.off(r.name)
	}
	if h.wantMode.text == "" {
		h.wantMode = wish{r.Mode, r.name}
	}
	if h.placing.text == "" {
		h.placing = wish{strings.TrimSpace(r.Position), r.name}
	}
	if h.wantScale == 0 && r.Scale != 0 {
		h.wantScale, h.scaleWhy = r.Scale, r.name
	}
	if r.Primary && !h.wantPrimary {
		h.wantPrimary, h.primaryWhy, h.primaryRule = true, r.name, r.at
	}
	d.takeRotate(h, r)
}

// A wish is what a rule says of one thing, and which rule it was.
type wish struct{ text, why string }

// takeRotate is a rule's turn: seen from the display, so it stands in place of
// the one for the way a panel is built in.
func (d *displays) takeRotate(h *head, r *rule) {
	if r.Rotate == "" || h.rotateRuled {
		return
	}
	if !slices.Contains(xconfig.Rotations, r.Rotate) {
		d.note(r.name, "no rotation %q; there are %s", r.Rotate, strings.Join(xconfig.Rotations, ", "))
		return
	}
	h.rotateRuled = true
	h.out.Rotate, h.out.RotateWhy = r.Rotate, r.name
}

// panelTurns is what RandR has to do for a panel that is built in turned.
// The kernel's property says which of the panel's sides is up
// (drivers/gpu/drm/drm_connector.c, "panel orientation"); its own console turns
// the picture 90 degrees counter-clockwise for a left side up
// (drm_client_rotation in drm_client_modeset.c, DRM_MODE_ROTATE_90), which is RandR's
// Rotate_90 (RandR protocol, section 2: rotation is counter-clockwise),
// and that is "left" in xrandr(1) and in X's Option "Rotate" (xorg.conf(5)).
var panelTurns = map[string]string{
	"Normal":        "normal",
	"Upside Down":   "inverted",
	"Left Side Up":  "left",
	"Right Side Up": "right",
}

// turnPanel is the picture's turn for the way a panel is built in, which no X
// driver does by itself.
func (h *head) turnPanel() {
	turn, known := panelTurns[h.conn.Orientation]
	h.out.Panel = turn
	if !known || h.rotateRuled {
		return
	}
	h.out.Rotate = turn
	if turn != "normal" {
		h.out.PanelTurn = true
		h.out.RotateWhy = fmt.Sprintf("the panel is built in turned: %s (kernel property \"panel orientation\")", h.conn.Orientation)
	}
}
