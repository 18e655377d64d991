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

// x86 machines of the corpus whose kernel writes aliases as those of today do:
// newer than about 3.7, by the "in" field of USB aliases.
func newX86(records []record) bool {
	x86, in, old := false, false, false
	for _, r := range records {
		a := r.props["MODALIAS"]
		x86 = x86 || strings.HasPrefix(a, "acpi:") || strings.Contains(a, "cpu:type:x86")
		if strings.HasPrefix(a, "usb:") {
			at := strings.LastIndex(a, "ip")
			in = in || strings.Contains(a[max(at, 0):], "in")
			old = old || !strings.Contains(a[max(at, 0):], "in")
		}
	}
	return x86 && in && !old
}

// Of the drivers which drive the devices of real machines, and whose modules
// this kernel still has, nearly all are in our plan. Not in it are codecs of
// kernels before 4.3, whose hdaudio bus had no aliases, and snd_seq_midi, which
// the kernel asks for itself when a program opens the sequencer.
func TestBoundDriverRecall(t *testing.T) {
	m := findModtree(t, "bookworm")
	root, _ := m.confDir(t, "")
	r := NewResolver(m.open(t), mustConfig(t, root))
	pol, _ := DefaultPolicy("")
	bare := Policy{}
	var bound, planned, byAlias, count int
	var lost []string
	for _, file := range machines(t) {
		records := readExport(t, file)
		if !newX86(records) {
			continue
		}
		count++
		inv := exported(records)
		ours, aliases := moduleSet(NewPlan(inv, r, pol)), moduleSet(NewPlan(inv, r, bare))
		for _, driver := range boundDrivers(records) {
			if _, ok, _ := r.Index().Find(driver); !ok || namesakes[driver] {
				continue // built in, gone, or another name
			}
			bound++
			if aliases[driver] {
				byAlias++
			}
			if ours[driver] {
				planned++
			} else {
				lost = append(lost, machineName(file)+":"+driver)
			}
		}
	}
	recall, before := 100*float64(planned)/float64(bound), 100*float64(byAlias)/float64(bound)
	t.Logf("%d machines, %d bound drivers: %d planned (%.1f %%), by alias alone %d (%.1f %%), not: %v", count, bound, planned, recall, byAlias, before, lost)
	if recall < 98.5 {
		t.Errorf("recall %.1f %%, want 98.5 %%", recall)
	}
}

// namesakes are drivers in the kernel itself with the name of a module that is
// something else: ACPI's power resources, and i2c's claim on an address.
var namesakes = map[string]bool{"power": true, "dummy": true}

// boundDrivers gives the modules behind the drivers of a machine's devices,
// each once.
func boundDrivers(records []record) []string {
	var drivers []string
	for _, r := range records {
		if d := underscores(r.props["DRIVER"]); d != "" && !slices.Contains(drivers, d) {
			drivers = append(drivers, d)
		}
	}
	return drivers
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
