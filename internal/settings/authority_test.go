package settings_test

import (
	"slices"
	"strings"
	"testing"

	"attune/internal/settings"
)

func TestAuthority(t *testing.T) {
	root := tree(
		"usr/lib/attune/image.toml", "authority.groups = [\"netdev\", \"100\"]\nauthority.lock = [\"org.attune1.network.connect\", \"netwrok.scan\"]\n",
		"etc/attune/site.toml", "authority.groups = [\"-netdev\"]\nauthority.lock = \"network.radio\"\n")
	s, errs := settings.Read(root, "", settings.Machine{})
	if len(errs) != 1 || !strings.Contains(errs[0].Error(), "image.toml:2: authority.lock: there is no such action, is network.scan meant?") {
		t.Errorf("warnings: %v", errs)
	}
	if g := s.Authority.Groups; len(g) != 1 || g[0].Name != "100" {
		t.Errorf("groups %v", g)
	}
	for id, want := range map[string]string{
		"org.attune1.network.connect":   "/usr/lib/attune/image.toml:2",
		"org.attune1.network.radio":     "/etc/attune/site.toml:2",
		"org.attune1.network.configure": "",
	} {
		if source, locked := s.Authority.Locks(id); source != want || locked != (want != "") {
			t.Errorf("%s: locked %v by %q, want %q", id, locked, source, want)
		}
	}
	s, _ = settings.Read(tree(), "attune.authority.lock=network", settings.Machine{})
	if _, locked := s.Authority.Locks("org.attune1.network.configure"); !locked {
		t.Error("a whole area is not locked by its name")
	}
}

func TestAuthorityWrong(t *testing.T) {
	for _, wrong := range []string{`authority.lock = "a b"`, `authority.lock = "Network"`, `authority.groups = "a:b"`, `authority.groups = ["*"]`, "authority.groups = 5"} {
		s, errs := settings.Read(tree("etc/attune/a.toml", wrong+"\n"), "", settings.Machine{})
		if len(errs) != 1 || !slices.Equal(s.Authority.Groups, nil) || !slices.Equal(s.Authority.Lock, nil) {
			t.Errorf("%s: %v, %+v", wrong, errs, s.Authority)
		}
	}
}
