package failsafe

import (
	"testing"
	"testing/fstest"

	"attune/xconfig"
)

// X may fail while a plan is made: the files in place are of the step the plan was
// made for, so that the next start of X makes those of the next step.
func TestPlacedIsTheStepPlannedFor(t *testing.T) {
	root := fstest.MapFS{}
	f, p := machine()
	r := Record{}.Now(f, p, root)
	p.Fallback = r.State.Decide(r.Facts).Fallback(nil) // what the plan is made for
	r.State = r.State.After(Event{Kind: Failed, Why: "no screens found", Decisive: true}, r.Facts)
	next := r.State.Decide(r.Facts)
	if got := r.Placed(f, p, root).Applied; got != Planned || next.Step.Key() == Planned {
		t.Errorf("in place is %q, to stand on %q", got, next.Step.Key())
	}
	p.Fallback = xconfig.Fallback{Step: xconfig.StepDriver, Driver: "fbdev"}
	if got := r.Placed(f, p, root).Applied; got != "driver fbdev" {
		t.Errorf("in place is %q", got)
	}
}
