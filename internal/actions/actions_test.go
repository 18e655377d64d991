package actions

import (
	"slices"
	"testing"
)

func TestActions(t *testing.T) {
	seen := map[string]bool{}
	for _, a := range All() {
		if seen[a.ID] || a.Description == "" || a.Message == "" {
			t.Errorf("%+v", a)
		}
		seen[a.ID] = true
		if got, ok := Find(a.ID); !ok || got != a {
			t.Errorf("Find(%q) = %+v", a.ID, got)
		}
		// Only who is in front of the screen does anything without a password.
		if a.Any == Yes || a.Inactive == Yes {
			t.Errorf("%s is allowed to whoever is somewhere else", a.ID)
		}
	}
	if _, ok := Find("org.attune1.network"); ok {
		t.Error("an area is no action")
	}
	if p, _ := Find(Prefix + "network.protected"); p.Any != No || p.Inactive != No || p.Active != No {
		t.Errorf("who may change a protected link: %+v", p)
	}
}

func TestIs(t *testing.T) {
	for _, test := range []struct {
		name, id string
		want     bool
	}{
		{"network", Prefix + "network.connect", true},
		{"network.connect", Prefix + "network.connect", true},
		{"network.con", Prefix + "network.connect", false},
		{"net", Prefix + "network.connect", false},
		{"network.connect", Prefix + "network.configure", false},
		{"", Prefix + "network.connect", false},
	} {
		if got := Is(test.name, test.id); got != test.want {
			t.Errorf("Is(%q, %q) = %v", test.name, test.id, got)
		}
	}
	for _, want := range []string{"network", "network.connect"} {
		if !slices.Contains(Names(), want) {
			t.Errorf("no %q among %q", want, Names())
		}
	}
}
