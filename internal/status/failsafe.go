package status

import (
	"attune/internal/failsafe"
)

// Failsafe is where X stands with the steps back from what was planned.
type Failsafe struct {
	Step      string             `json:"step"`   // "planned", or the step in use instead
	Number    int                `json:"number"` // of it, from 1; 0 on a machine without steps
	Of        int                `json:"of"`
	Failed    []failsafe.Failure `json:"failed"` // in the order they failed
	Exhausted bool               `json:"exhausted,omitempty"`
	Good      string             `json:"good,omitempty"`  // the step there was a picture with last
	Reset     string             `json:"reset,omitempty"` // why it began at the top again
	Broken    []failsafe.Broken  `json:"broken,omitempty"`
}

func failsafeOf(r *failsafe.Record) *Failsafe {
	if r == nil {
		return nil
	}
	d := r.State.Decide(r.Facts)
	f := &Failsafe{Step: d.Step.Key(), Number: d.Number, Of: d.Of, Failed: list(d.Failed), Exhausted: d.Exhausted, Reset: d.Reset, Broken: r.Broken}
	if g := r.State.Good; g != nil {
		f.Good = g.Step
	}
	return f
}
