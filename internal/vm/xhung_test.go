package vm

import (
	"context"
	"testing"

	"attune/internal/vm/job"
)

// What hangs before X is there is told as it is: it may be of our own making.
func TestHung(t *testing.T) {
	late := context.DeadlineExceeded.Error()
	x := job.StepResult{Do: job.Start, Name: "X"}
	for _, tt := range []struct {
		name  string
		steps []job.StepResult
		want  bool
	}{
		{"nothing", []job.StepResult{x, {Do: job.Exec, Name: "xrandr"}}, false},
		{"a client", []job.StepResult{x, {Do: job.Exec, Name: "xrandr", Err: late}}, true},
		{"X does not start", []job.StepResult{{Do: job.Start, Name: "X", Err: late}}, false},
		{"attune", []job.StepResult{{Do: job.Exec, Name: "attune boot", Err: late}, x}, false},
	} {
		if got := hung(job.Result{Steps: tt.steps}); got != tt.want {
			t.Errorf("%s: %v", tt.name, got)
		}
	}
}
