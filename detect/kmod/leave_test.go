package kmod

import (
	"strings"
	"testing"
)

func TestLeave(t *testing.T) {
	const nvidiaGPU = "pci:v000010DEd00001C03sv00001043sd000085B6bc03sc00i00"
	lines := []string{"nouveau: drm", "drm:", "alias pci:v000010DEd*sv*sd*bc03sc*i* nouveau"}
	for _, c := range []struct {
		name    string
		cmdline string
		policy  Policy
		want    string // modules planned
		denied  string // module by source
	}{
		{"nothing said", "", Policy{}, "drm nouveau", ""},
		{"nvidia is in the real root", "", Policy{Ladder: ladderRows, Elsewhere: map[string]bool{"nvidia": true}}, "", "nouveau nvidia is in the real root"},
		{"and denied there", "modprobe.blacklist=nvidia", Policy{Ladder: ladderRows, Elsewhere: map[string]bool{"nvidia": true}}, "drm nouveau", ""},
		{"another driver is in the real root", "", Policy{Ladder: ladderRows, Elsewhere: map[string]bool{"r8168": true}}, "drm nouveau", ""},
		{"without firmware", "", Policy{Leave: map[string]string{"nouveau": "no firmware"}}, "", "nouveau no firmware"},
		{"a dependency without firmware", "", Policy{Leave: map[string]string{"drm": "no firmware"}}, "", "nouveau no firmware"},
	} {
		t.Run(c.name, func(t *testing.T) {
			plan := NewPlan(devices(nvidiaGPU), tree(t, c.cmdline, lines...), c.policy)
			var got []string
			for _, s := range plan.Steps {
				got = append(got, s.Module)
			}
			if g := strings.Join(got, " "); g != c.want {
				t.Errorf("planned %q, want %q", g, c.want)
			}
			var denied []string
			for _, d := range plan.Denied {
				if d.By == ByInitramfs {
					denied = append(denied, d.Module+" "+d.Source)
				}
			}
			if g := strings.Join(denied, ", "); g != c.denied {
				t.Errorf("left %q, want %q", g, c.denied)
			}
		})
	}
}

// In the kernel already, there is nothing left to leave.
func TestLeaveNotWhatIsLoaded(t *testing.T) {
	r := tree(t, "", "nouveau:", "alias pci:v000010DEd* nouveau")
	pol := Policy{Loaded: []string{"nouveau"}, Leave: map[string]string{"nouveau": "no firmware"},
		Ladder: ladderRows, Elsewhere: map[string]bool{"nvidia": true}}
	if plan := NewPlan(devices("pci:v000010DEd00001C03"), r, pol); len(plan.Denied) != 0 || len(plan.Loaded) != 1 {
		t.Errorf("got %+v", plan)
	}
}
