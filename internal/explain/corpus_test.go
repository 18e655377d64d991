package explain_test

import (
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"attune/detect"
	"attune/detect/kmod"
	"attune/fixtures"
	"attune/internal/corpus"
	"attune/internal/explain"
)

func inventory(t *testing.T, file string) detect.Inventory {
	t.Helper()
	tree, _, err := fixtures.LoadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	sys, err := fs.Sub(tree, "sys")
	if err != nil {
		t.Fatal(err)
	}
	return detect.Scan(sys)
}

// On every real machine each device has exactly one outcome, of the list, with
// a sentence; what the capture says is bound is said to be bound.
func TestEveryDeviceOfTheCorpus(t *testing.T) {
	for _, file := range corpus.Machines(t) {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			inv := inventory(t, file)
			all := explain.Explain(inv, explain.Facts{Plan: planOf(inv)})
			if len(all) != len(inv.Devices) {
				t.Fatalf("%d verdicts for %d devices", len(all), len(inv.Devices))
			}
			for i, v := range all {
				d := inv.Devices[i]
				if v.Device != d.Path || v.Why == "" || !slices.Contains(explain.Outcomes, v.Outcome) {
					t.Errorf("%s: %+v", d.Path, v)
				}
				works := v.Outcome == explain.Bound || v.Outcome == explain.BoundBuiltin || v.Outcome == explain.Taken || v.Outcome == explain.UserSpace
				if d.Driver != "" && !works {
					t.Errorf("%s is driven by %s and said to be %s", d.Path, d.Driver, v.Outcome)
				}
			}
		})
	}
}

// A module whose driver is at work on a machine is never one that nobody loaded.
func TestDriversAtWorkOfTheCorpus(t *testing.T) {
	for _, file := range corpus.Machines(t) {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			inv := inventory(t, file)
			at := slices.IndexFunc(inv.Devices, func(d detect.Device) bool { return d.Driver != "" })
			if at < 0 {
				t.Skip("no driver is at work on it")
			}
			module := strings.ReplaceAll(inv.Devices[at].Driver, "-", "_")
			step := kmod.Step{Module: module}
			for _, d := range inv.Devices {
				step.Why = append(step.Why, kmod.Why{Device: d.Path})
			}
			for _, v := range explain.Explain(inv, explain.Facts{Plan: kmod.Plan{Steps: []kmod.Step{step}}}) {
				if v.Outcome == explain.NotLoaded {
					t.Errorf("%s: %s", v.Device, v.Why)
				}
			}
		})
	}
}

// planOf is a plan of a made-up image that has a module for one alias in two,
// so that every rule behind the plan has something to do.
func planOf(inv detect.Inventory) kmod.Plan {
	var p kmod.Plan
	for i, d := range inv.Devices {
		for _, a := range d.Modalias {
			switch i % 4 {
			case 0:
				p.Steps = append(p.Steps, kmod.Step{Module: "m", Why: []kmod.Why{{Device: d.Path, Alias: a}}})
			case 1:
				p.Denied = append(p.Denied, kmod.Denial{Module: "m", By: kmod.ByBlacklist, Source: "f:1", Why: []kmod.Why{{Device: d.Path}}})
			case 2:
				p.Missing = append(p.Missing, kmod.Match{Device: d.Path, Alias: a})
			}
		}
	}
	return p
}
