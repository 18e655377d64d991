package load

import (
	"testing"

	"attune/detect/kmod"
)

func TestAsyncParameter(t *testing.T) {
	for _, tt := range []struct {
		name string
		step kmod.Step
		want string
	}{
		{"a driver", kmod.Step{Params: "debug=1"}, "debug=1"},
		{"what a driver needs", kmod.Step{Params: "debug=1", Async: true}, "debug=1 async_probe"},
		{"without other parameters", kmod.Step{Async: true}, "async_probe"},
	} {
		if got := params(tt.step); got != tt.want {
			t.Errorf("%s: params %q, want %q", tt.name, got, tt.want)
		}
	}
}
