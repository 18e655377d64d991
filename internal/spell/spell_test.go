package spell

import "testing"

func TestDistance(t *testing.T) {
	for _, row := range []struct {
		a, b string
		want int
	}{
		{"", "", 0}, {"us", "us", 0}, {"", "us", 2}, {"us", "", 2}, // nothing to do, or all of it
		{"dney", "deny", 2}, {"sip", "skip", 1}, {"skipp", "skip", 1}, {"gb", "ge", 1}, {"kitten", "sitting", 3},
	} {
		if got := Distance(row.a, row.b); got != row.want {
			t.Errorf("%q to %q: %d, want %d", row.a, row.b, got, row.want)
		}
		if got := Distance(row.b, row.a); got != row.want {
			t.Errorf("%q to %q: %d, want %d as the other way", row.b, row.a, got, row.want)
		}
	}
}
