package kmod

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"attune/detect"
)

// Steps come out once, and all together they are the plan.
func TestPlannerGivesEachStepOnce(t *testing.T) {
	r := tree(t, "", "usbcore:", "xhci: usbcore", "hid:", "usbhid: hid usbcore", "alias pci:* xhci", "alias usb:* usbhid", "alias usb:* hid")
	p := NewPlanner(r, Policy{})
	var all []Step
	for i, want := range [][]string{{"usbcore", "xhci"}, {"hid", "usbhid"}, nil, nil} {
		var got []string
		for _, s := range p.Device(device(i, []string{"pci:x", "usb:x", "usb:x", "pci:x"}[i])) {
			got = append(got, s.Module)
			all = append(all, s)
		}
		if !slices.Equal(got, want) {
			t.Errorf("device %d: steps %v, want %v", i, got, want)
		}
	}
	steps := p.Plan().Steps
	if len(steps) != len(all) {
		t.Fatalf("%d steps given, %d planned", len(all), len(steps))
	}
	var whys []string
	for _, w := range steps[1].Why {
		whys = append(whys, w.Device)
	}
	if !slices.Equal(whys, []string{"devices/pci0", "devices/pci3"}) {
		t.Errorf("xhci is planned for %v", whys)
	}
	if got := steps[0].Why; !slices.Equal(got, []Why{{For: "xhci", Kind: "depends"}, {For: "usbhid", Kind: "depends"}}) {
		t.Errorf("usbcore is planned for %v", got)
	}
}

func TestPlanCountsCPUs(t *testing.T) {
	r := tree(t, "", "kvm:", "alias cpu:* kvm")
	var inv detect.Inventory
	for i := range 64 {
		inv.Devices = append(inv.Devices, device(i, "cpu:type:x86"))
	}
	p := NewPlan(inv, r, Policy{})
	want := []Why{{Device: "devices/cpu0", Alias: "cpu:type:x86", Table: "alias", Also: 63}}
	if len(p.Steps) != 1 || !slices.Equal(p.Steps[0].Why, want) {
		t.Errorf("plan %+v, want one step because of %+v", p.Steps, want)
	}
}

// Whatever the trees say, loops and contradictions among them: the same plan
// twice, no module twice, and nothing after what comes later.
func TestPlanRandomTrees(t *testing.T) {
	names := []string{"a", "b", "c", "d", "e", "f", "g", "h", "nvidia", "nouveau"}
	for seed := range uint64(300) {
		rnd := rand.New(rand.NewPCG(seed, 2))
		some := func() string { return names[rnd.IntN(len(names))] }
		var lines []string
		for _, n := range names {
			line := n + ":"
			for range rnd.IntN(3) {
				line += " " + some()
			}
			lines = append(lines, line, "alias pci:"+some()+"* "+n, "softdep "+n+" pre: "+some()+" post: "+some())
		}
		for range rnd.IntN(3) {
			lines = append(lines, "conf blacklist "+some(), "conf install "+some()+" /bin/false", "conf alias "+some()+" "+some())
		}
		r := tree(t, "module_blacklist="+some(), lines...)
		inv := devices("pci:"+some(), "pci:"+some(), some())
		pol, _ := DefaultPolicy("attune.deny=" + some())
		plan := NewPlan(inv, r, pol)
		if !reflect.DeepEqual(plan, NewPlan(inv, r, pol)) {
			t.Fatalf("seed %d: two plans", seed)
		}
		seen := map[string]bool{}
		for _, s := range plan.Steps {
			for _, dep := range append(slices.Clone(s.After), s.Needs...) {
				if !seen[dep] {
					t.Errorf("seed %d: %s after %s, which is not before it", seed, s.Module, dep)
				}
			}
			if seen[s.Module] || len(s.Why) == 0 {
				t.Errorf("seed %d: %s twice, or without a reason", seed, s.Module)
			}
			seen[s.Module] = true
		}
		for _, d := range plan.Denied {
			if d.By != ByBlacklist && d.By != ByLadder && seen[d.Module] {
				t.Errorf("seed %d: %s is denied by %s and planned", seed, d.Module, d.By)
			}
		}
	}
}

// Every row of every table says why and where that can be read.
func TestTables(t *testing.T) {
	pol, _ := DefaultPolicy("")
	say := func(table, name, why, link string) {
		if name == "" || len(why) < 8 || len(link) < 20 || link[:8] != "https://" {
			t.Errorf("%s row %q says %q at %q", table, name, why, link)
		}
	}
	names := map[string]bool{}
	once := func(table, name string) {
		if names[table+name] {
			t.Errorf("%s has two rows %q", table, name)
		}
		names[table+name] = true
	}
	for _, r := range pol.Extra {
		say("extra", r.Name, r.Why, r.Link)
		once("extra", r.Name)
		if len(r.Load) == 0 || r.Subsystem+r.Devtype+r.Sysname+r.Alias+r.Module == "" {
			t.Errorf("extra row %q fits everything or loads nothing", r.Name)
		}
	}
	for _, r := range pol.Never {
		say("never", r.Name, r.Why, r.Link)
		once("never", r.Name)
	}
	for _, r := range pol.Ladder {
		say("ladder", r.Name, r.Why, r.Link)
		once("ladder", r.Name)
		if len(r.Prefer) == 0 || len(r.Else) == 0 {
			t.Errorf("ladder row %q has no rungs", r.Name)
		}
	}
	for _, r := range pol.Urgent {
		say("urgent", r.Name, r.Why, r.Link)
		once("urgent", r.Name)
	}
}
