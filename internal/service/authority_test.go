package service

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/fstest"

	"attune/internal/actions"
	"attune/internal/bus"
	"attune/internal/settings"
)

// polkitd stands for polkit: it notes what it is asked and says no.
type polkitd struct{ asked []string }

var errPolkit = errors.New("polkit says no")

func (p *polkitd) Check(_ context.Context, _ bus.Subject, action string, _ map[string]string, _ bool) error {
	p.asked = append(p.asked, action)
	return errPolkit
}

const (
	connect   = actions.Prefix + "network.connect"
	persist   = actions.Prefix + "network.persist"
	protected = actions.Prefix + "network.protected"
)

func TestAuthority(t *testing.T) {
	groups := settings.Authority{Groups: []settings.Named{{Name: "netdev"}, {Name: "44"}, {Name: "nosuchgroup"}}}
	lock := settings.Authority{Groups: groups.Groups, Lock: []settings.Named{{Name: "network.connect", Source: "/etc/attune/a.toml:1"}}}
	file := &fstest.MapFile{Data: []byte("root:x:0:\nbad\nnetdev:x:108:a,b\n")}
	logind := fstest.MapFS{"etc/group": file, "run/systemd/seats/seat0": {}}
	none := fstest.MapFS{"etc/group": file}
	member, number, other := []uint32{5, 108}, []uint32{44}, []uint32{5, 0}
	for _, test := range []struct {
		name   string
		policy Policy
		action string
		gids   []uint32
		want   string // "yes", "no", "polkit"
	}{
		{"polkit is asked", PolicyOf(logind, settings.Authority{}), connect, other, "polkit"},
		{"where logind is, groups count for nothing", PolicyOf(logind, groups), connect, member, "polkit"},
		{"no logind: a member", PolicyOf(none, groups), connect, member, "yes"},
		{"no logind: a member by number", PolicyOf(none, groups), connect, number, "yes"},
		{"no logind: not a member", PolicyOf(none, groups), connect, other, "polkit"},
		{"no logind: no groups at all", PolicyOf(none, groups), connect, nil, "polkit"},
		{"no logind, no list", PolicyOf(none, settings.Authority{}), connect, member, "polkit"},
		{"no logind: what needs a password of the user in front", PolicyOf(none, groups), persist, member, "polkit"},
		{"locked", PolicyOf(logind, lock), connect, member, "no"},
		{"locked, a member", PolicyOf(none, lock), connect, member, "no"},
		{"another action is locked", PolicyOf(logind, lock), persist, member, "polkit"},
		{"what nobody may", PolicyOf(logind, groups), protected, member, "no"},
		{"an action that is none", PolicyOf(none, groups), actions.Prefix + "network.dance", member, "no"},
		{"none of ours", PolicyOf(none, groups), "org.freedesktop.policykit.exec", member, "no"},
		{"nothing is said", Policy{}, connect, member, "polkit"},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := &polkitd{}
			a := &authority{policy: func() Policy { return test.policy }, polkit: p}
			err := a.Check(t.Context(), bus.Subject{Sender: ":1.7", UID: 1000, GIDs: test.gids}, test.action, nil, false)
			got := "no"
			switch {
			case err == nil:
				got = "yes"
			case errors.Is(err, errPolkit):
				got = "polkit"
			}
			if got != test.want || slices.Contains(p.asked, test.action) != (test.want == "polkit") {
				t.Errorf("%s (%v), asked polkit about %q; want %s", got, err, p.asked, test.want)
			}
		})
	}
}

func TestGroupsWithoutFile(t *testing.T) {
	p := PolicyOf(fstest.MapFS{}, settings.Authority{Groups: []settings.Named{{Name: "netdev"}, {Name: "7"}}})
	if !slices.Equal(p.Groups, []uint32{7}) || p.Seats {
		t.Errorf("%+v", p)
	}
}
