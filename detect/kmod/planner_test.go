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
		for _, s := range p.Devices(device(i, []string{"pci:x", "usb:x", "usb:x", "pci:x"}[i])) {
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

// Every scan reports every device anew: nothing is written down twice, and
// what a ladder let go stays let go.
func TestPlannerSeesDevicesAgain(t *testing.T) {
	r := tree(t, "", "a:", "wl:", "bcma:", "bad:", "builtin unix", "conf blacklist bad", "alias cpu:* a", "alias pci:bad bad",
		"alias pci:v000014E4* wl", "alias pci:v000014E4* bcma")
	pol, _ := DefaultPolicy("")
	pol.Loaded = []string{"live"}
	p := NewPlanner(r, pol)
	wifi := device(0, "pci:v000014E4bc02sc80")
	all := []detect.Device{device(0, "cpu:x"), device(1, "cpu:x"), device(2, "cpu:x"), wifi, device(1, "pci:bad"), device(3, "unix")}
	for i := range 100 {
		all = append(all, device(10+i, "pci:none"))
	}
	p.Devices(all...)
	before := p.Plan()
	p.Devices(all...)
	if after := p.Plan(); !reflect.DeepEqual(before, after) {
		t.Errorf("before\n%v\nafter\n%v", show(before), show(after))
	}
	if w := p.Waiting("wl"); len(w) != 1 {
		t.Errorf("waiting for wl: %v", w)
	}
	if steps := p.Fallback("wl", "failed"); len(steps) != 1 {
		t.Fatalf("fallback %v", steps)
	}
	before = p.Plan()
	if steps := p.Devices(all...); len(steps) > 0 {
		t.Errorf("new steps: %v", steps)
	}
	after := p.Plan()
	for i := range after.Steps { // the device asks for it by its alias now
		before.Steps[i].Why, after.Steps[i].Why = nil, nil
	}
	if !reflect.DeepEqual(before, after) || len(p.Waiting("wl")) > 0 {
		t.Errorf("after the fallback\n%v\nand again\n%v", show(before), show(after))
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
