package load

import "testing"

func TestHarmlessFollowsTheDependency(t *testing.T) {
	nothing := &Error{Module: "edac_mce_amd", Reason: NoDevice}
	broken := &Error{Module: "lib", Reason: UnknownSymbol}
	for _, tt := range []struct {
		name string
		err  error
		want bool
	}{
		{"no device", nothing, true},
		{"needs one with no device", &Error{Module: "amd64_edac", Reason: DependencyLost, Err: nothing}, true},
		{"needs a broken one", &Error{Module: "x", Reason: DependencyLost, Err: broken}, false},
		{"broken", broken, false},
		{"no error", nil, false},
	} {
		if got := Harmless(tt.err); got != tt.want {
			t.Errorf("%s: %v", tt.name, got)
		}
	}
}
