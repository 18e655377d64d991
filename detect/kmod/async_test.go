package kmod

import "testing"

func TestAsyncIsForModulesWithoutADevice(t *testing.T) {
	tests := []struct {
		name  string
		why   []Why
		async bool
	}{
		{"a driver", []Why{{Device: "devices/pci0000:00/0000:00:03.0", Alias: "pci:v1d2", Table: "alias"}}, false},
		{"what a driver needs", []Why{{Device: "devices/x", Alias: "pci:v1d2", For: "e1000e", Kind: "depends"}}, true},
		{"both", []Why{{For: "e1000e", Kind: "depends"}, {Device: "devices/x", Alias: "pci:v1d2"}}, false},
		{"a cipher of the processor", []Why{{Device: "devices/system/cpu/cpu0", Alias: "cpu:type:x86,ven0000:"}}, true},
		{"asked for on the command line", []Why{{Alias: "loop", Table: "force"}}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := Step{Module: "m", Params: "debug=1", Why: tt.why}
			s.Async = !s.drives()
			want := "debug=1"
			if tt.async {
				want = "debug=1 async_probe"
			}
			if got := s.params(); got != want {
				t.Errorf("params %q, want %q", got, want)
			}
		})
	}
}

func TestHarmlessFollowsTheDependency(t *testing.T) {
	nothing := &LoadError{Module: "edac_mce_amd", Reason: NoDevice}
	broken := &LoadError{Module: "lib", Reason: UnknownSymbol}
	for _, tt := range []struct {
		name string
		err  error
		want bool
	}{
		{"no device", nothing, true},
		{"needs one with no device", &LoadError{Module: "amd64_edac", Reason: DependencyLost, Err: nothing}, true},
		{"needs a broken one", &LoadError{Module: "x", Reason: DependencyLost, Err: broken}, false},
		{"broken", broken, false},
		{"no error", nil, false},
	} {
		if got := Harmless(tt.err); got != tt.want {
			t.Errorf("%s: %v", tt.name, got)
		}
	}
}
