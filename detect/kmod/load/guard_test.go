package load

import (
	"context"
	"errors"
	"testing"

	"attune/detect/kmod"
)

// A mistake of ours about one module is that module's alone.
func TestMistakeInALoad(t *testing.T) {
	got := map[string]error{}
	s := NewScheduler(context.Background(), func(_ context.Context, s kmod.Step) (Loading, error) {
		if s.Module == "sick" {
			panic("slice bounds out of range")
		}
		return Loading{}, nil
	}, SchedulerOptions{OnResult: func(r Result) { got[r.Step.Module] = r.Err }})
	s.Add(kmod.Step{Module: "sick"}, kmod.Step{Module: "well"})
	s.Wait(context.Background())
	if e, ok := errors.AsType[*Error](got["sick"]); !ok || e.Module != "sick" || len(got) != 2 || got["well"] != nil {
		t.Errorf("results: %v", got)
	}
}
