package failsafe

import (
	"slices"

	"attune/xconfig"
)

// A State is what was tried. Its zero value is a machine nothing is known of.
type State struct {
	Hardware string `json:"hardware,omitempty"` // as in Facts: what all of it belongs to
	Image    string `json:"image,omitempty"`
	Settings string `json:"settings,omitempty"`

	Failed   []Failure `json:"failed,omitempty"`    // in the order they failed, each step once
	Open     *Try      `json:"open,omitempty"`      // X is being started; nothing was heard since
	Picture  *Try      `json:"picture,omitempty"`   // X runs: since when there is a picture
	Deaths   int       `json:"deaths,omitempty"`    // on this step, in this boot, without a decisive reason or a picture in between
	Crashes  int       `json:"crashes,omitempty"`   // likewise, pictures in between or not
	DeathsOf string    `json:"deaths_of,omitempty"` // the boot they are of, its boot_id
	Unheard  int       `json:"unheard,omitempty"`   // boots running on this step that ended without a word
	Again    int       `json:"again,omitempty"`     // how often steps left for silence were tried again
	Good     *Good     `json:"good,omitempty"`      // where there was a picture last
	Reset    string    `json:"reset,omitempty"`     // why it began at the top again
}

// A Failure is a step without a picture.
type Failure struct {
	Step string `json:"step"` // Step.Key
	Why  string `json:"why"`
	// Unheard: nobody said that it failed; the machine hung or lost its power.
	Unheard bool `json:"unheard,omitempty"`
}

// A Try is one start of a display server.
type Try struct {
	Step string `json:"step"`
	Boot string `json:"boot"` // the kernel's boot_id
	UpMS int64  `json:"up_ms"`
	None bool   `json:"none,omitempty"` // nobody started a display server for long
}

// A Good is a set of files there was a picture with.
type Good struct {
	Hardware string            `json:"hardware"`
	Image    string            `json:"image"`
	Settings string            `json:"settings"`
	Step     string            `json:"step"`
	Boot     string            `json:"boot,omitempty"`
	Files    map[string][]byte `json:"files,omitempty"`  // ours of X's directory, by name; none where X was told nothing
	Theirs   map[string]string `json:"theirs,omitempty"` // the administrator's beside them: digests
}

// fits: it was seen on this hardware and image, and by other settings; else it
// is nothing but the plan.
func (g *Good) fits(f Facts) bool {
	return g != nil && g.Hardware == f.Hardware && g.Image == f.Image && g.Settings != f.Settings && len(g.Files) > 0
}

// known: this very step has shown a picture with all as it is now.
func (s State) known(step string) bool {
	g := s.Good
	return g != nil && g.Hardware == s.Hardware && g.Image == s.Image && g.Settings == s.Settings && g.Step == step
}

// A Decision is the step to try now.
type Decision struct {
	Step      Step
	Number    int  // of Of, from 1
	Of        int  // steps this machine has, 0 for a machine without a ladder
	Exhausted bool // all failed: the top again, and a line on the console
	Why       string
	Reset     string
	Failed    []Failure
	good      *Good
}

// Decide is the step to try: the best that has not failed. Pure.
func (s State) Decide(f Facts) Decision {
	s = s.on(f)
	d := Decision{Of: len(f.Steps), Failed: s.Failed, Reset: s.Reset, good: s.Good}
	for i, step := range f.Steps {
		if !s.failed(step.Key()) {
			d.Step, d.Number = step, i+1
			break
		}
	}
	switch n := len(s.Failed); {
	case d.Of == 0:
		d.Step = Step{Name: Planned, Why: "there is no X server, or nothing to show a picture with"}
		return d
	case d.Number == 0:
		d.Step, d.Number, d.Exhausted = f.Steps[0], 1, true
		d.Why = "every step failed"
	case n > 0:
		d.Why = s.Failed[n-1].Step + " failed: " + s.Failed[n-1].Why
	}
	return d
}

// Fallback is the decision as xconfig takes it, on a machine with these files of the
// administrator.
func (d Decision) Fallback(theirs map[string][]byte) xconfig.Fallback {
	if d.Step.Name == Planned || d.Step.Name == "" {
		return xconfig.Fallback{}
	}
	f := xconfig.Fallback{Step: d.Step.Name, Driver: d.Step.Driver, Number: d.Number, Of: d.Of, Why: d.Why}
	if d.Step.Name == xconfig.StepGood && d.good != nil {
		f.Files = d.good.with(theirs)
	}
	return f
}

func (s State) failed(key string) bool {
	return slices.ContainsFunc(s.Failed, func(f Failure) bool { return f.Step == key })
}

// on is the state as it holds for a machine as it is now.
func (s State) on(f Facts) State {
	var what string
	switch {
	case s.Hardware == "" && s.Image == "" && s.Settings == "":
	case s.Hardware != f.Hardware:
		what = "the hardware is another"
	case s.Image != f.Image:
		what = "the image is another"
	case s.Settings != f.Settings:
		what = "the settings are others"
	default:
		return s
	}
	fresh := State{Hardware: f.Hardware, Image: f.Image, Settings: f.Settings, Good: s.Good}
	if len(s.Failed) > 0 {
		fresh.Reset = what
	}
	return fresh
}
