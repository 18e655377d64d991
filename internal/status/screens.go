package status

import (
	"cmp"
	"fmt"

	"attune/internal/desktop"
	"attune/xconfig"
)

// GPU is the card that shows the picture.
type GPU struct {
	Card   string `json:"card,omitempty"`
	Kind   string `json:"kind,omitempty"`
	Driver string `json:"driver,omitempty"` // of X, "" where X finds it by itself
	Why    string `json:"why,omitempty"`
}

// A Display is one output and what it shows.
type Display struct {
	Connector string `json:"connector"`
	State     string `json:"state"` // "on", "off", "skipped", "unreachable", "disconnected"
	Name      string `json:"name,omitempty"`
	Mode      string `json:"mode,omitempty"`
	Primary   bool   `json:"primary,omitempty"`
	Internal  bool   `json:"internal,omitempty"`
	Rotate    string `json:"rotate,omitempty"`
	Why       string `json:"why"`
}

// An Input is one input device and what it is used as.
type Input struct {
	Name   string `json:"name"`
	Use    string `json:"use"`
	Output string `json:"output,omitempty"`
	Why    string `json:"why"`
}

// Keyboard is the layout and who said it.
type Keyboard struct {
	Layout string `json:"layout,omitempty"` // as one line, "" leaves it to X
	Source string `json:"source,omitempty"`
	Why    string `json:"why,omitempty"`
}

// Decided is the plan a status is about: what X was told at boot, else what
// it would be told now.
func (f Facts) Decided() *desktop.Plan {
	if f.Record.Desktop != nil {
		return &f.Record.Desktop.Plan
	}
	return f.Plan
}

// screens fills in what was decided for displays and input devices.
func (s *Status) screens(f Facts) {
	s.Displays, s.Inputs, s.X.Files = []Display{}, []Input{}, []string{}
	if pass := f.Record.X; pass != nil {
		s.X.Verdict, s.X.Why = string(pass.X), pass.XWhy
	}
	p := f.Decided()
	if p == nil {
		return
	}
	g := p.Displays.GPU
	s.GPU = GPU{Card: cmp.Or(g.Card, g.Device), Kind: g.Kind, Driver: g.Driver, Why: g.Why}
	for _, o := range p.Displays.Outputs {
		s.Displays = append(s.Displays, displayOf(o))
	}
	for _, u := range p.Inputs.Devices {
		s.Inputs = append(s.Inputs, Input{u.Name, u.Use, u.Output, u.Why})
	}
	s.Keyboard.Layout = p.Inputs.Keyboard.String()
	if why := p.Inputs.KeyboardWhy; len(why) > 0 {
		s.Keyboard.Source, s.Keyboard.Why = why[0].Subject, why[0].Text
	}
	s.X.Server, s.X.Reach = p.Image.XServer, p.Image.Reach.How
	for _, file := range p.Files {
		s.X.Files = append(s.X.Files, string(file.Dir)+"/"+file.Name)
	}
}

func displayOf(o xconfig.Output) Display {
	d := Display{Connector: o.Connector, State: o.State, Name: o.Name, Primary: o.Primary, Internal: o.Internal, Why: o.Why}
	if o.State == "on" {
		d.Mode, d.Why = ModeText(o), o.ModeWhy
		if o.Rotate != "normal" {
			d.Rotate = o.Rotate
		}
	}
	return d
}

// ModeText is a mode for people; a rate that is not known is left out.
func ModeText(o xconfig.Output) string {
	if o.Mode.Clock == 0 {
		return fmt.Sprintf("%dx%d", o.Mode.HActive, o.Mode.VActive)
	}
	return o.Mode.String()
}
