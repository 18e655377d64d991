package kmod

import (
	"os"
	"path"
	"slices"
	"strings"
	"testing"

	"attune/detect"
)

// exported makes an inventory of a udevadm export: what is needed to plan, as
// if the machine was just switched on.
func exported(records []record) detect.Inventory {
	var inv detect.Inventory
	for _, r := range records {
		d := detect.Device{Path: strings.TrimPrefix(r.path, "/"), Subsystem: r.props["SUBSYSTEM"], Devtype: r.props["DEVTYPE"]}
		if a := r.props["MODALIAS"]; a != "" {
			d.Modalias = []string{a}
		}
		inv.Devices = append(inv.Devices, d)
	}
	return inv
}

func moduleSet(p Plan) map[string]bool {
	set := map[string]bool{}
	for _, s := range p.Steps {
		set[s.Module] = true
	}
	return set
}

func mustConfig(t testing.TB, root string) *Config {
	t.Helper()
	cfg, errs := ReadConfig(os.DirFS(root), "")
	if errs != nil {
		t.Fatal(errs)
	}
	return cfg
}

// Every corpus machine on every kernel: a plan, the same twice, with no step
// twice and each for a reason.
func TestCorpusPlans(t *testing.T) {
	for _, suite := range suites {
		t.Run(suite, func(t *testing.T) {
			m := findModtree(t, suite)
			root, _ := m.confDir(t, "")
			r := NewResolver(m.open(t), mustConfig(t, root))
			pol, _ := DefaultPolicy("")
			for _, file := range machines(t) {
				inv := exported(readExport(t, file))
				p := NewPlan(inv, r, pol)
				seen := map[string]bool{}
				for _, s := range p.Steps {
					if seen[s.Module] || len(s.Why) == 0 || path.Ext(s.File) == "" {
						t.Errorf("%s: %+v", machineName(file), s)
					}
					for _, dep := range s.After {
						if !seen[dep] {
							t.Errorf("%s: %s is after %s, which is not before it", machineName(file), s.Module, dep)
						}
					}
					seen[s.Module] = true
				}
			}
		})
	}
}

func BenchmarkNewPlan(b *testing.B) {
	m := findModtree(b, "bookworm")
	root, _ := m.confDir(b, "")
	pol, _ := DefaultPolicy("")
	for _, file := range machines(b) {
		name := machineName(file)
		if !slices.Contains([]string{"LENOVO_T430S", "HP_ELITEBOOK_835_13_INCH_G10", "NVIDIA_DGXA100"}, name) {
			continue
		}
		inv := exported(readExport(b, file))
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				ix, err := Open(os.DirFS(m.dir), m.release)
				if err != nil {
					b.Fatal(err)
				}
				NewPlan(inv, NewResolver(ix, mustConfig(b, root)), pol)
				ix.Close()
			}
		})
	}
}
