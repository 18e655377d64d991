package kmod

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// wantRecall is the share of bound drivers whose module must be found.
const wantRecall = 0.985

// builtinDrivers are drivers inside the kernel whose name is by chance that
// of a module which has nothing to do with them. They stay in the count as
// misses; this is only their reason.
var builtinDrivers = map[string]string{
	"acpi:LNXPOWER:": "the driver is ACPI's own, power.ko is another thing",
	"i2c:dummy":      "the driver is the i2c core's own, dummy.ko is a network device",
}

// TestRecall counts, on the corpus' x86 machines with aliases of today's
// form, how many of the drivers that were bound when the machine was recorded
// come with a module we would load.
//
// A driver counts once per machine, when it was bound to a device with a
// MODALIAS and the tree has a module of the driver's name (with underscores).
// A name no module has is built-in code, or another name than the module's,
// and says nothing. It is found when its module is a step of the machine's
// plan.
func TestRecall(t *testing.T) {
	for _, suite := range suites {
		t.Run(suite, func(t *testing.T) {
			r := NewResolver(findModtree(t, suite).open(t), nil)
			policy, _ := DefaultPolicy("")
			plain, full := tally{}, tally{}
			count := 0
			for _, file := range machines(t) {
				records := readExport(t, file)
				if !todaysX86(records) {
					continue
				}
				count++
				plain.add(t, r, machineName(file), records, planned(r, records, Policy{}))
				full.add(t, r, machineName(file), records, planned(r, records, policy))
			}
			t.Logf("%d machines: aliases alone %v, with the table %v", count, &plain, &full)
			for _, miss := range full.misses {
				t.Log("missed: ", miss)
			}
			if full.all < 400 || full.share() < wantRecall {
				t.Errorf("recall %v, want at least %.3f of at least 400", &full, wantRecall)
			}
		})
	}
}

// A tally is how many bound drivers were found.
type tally struct {
	found, all int
	misses     []string
}

func (y *tally) share() float64 { return float64(y.found) / float64(y.all) }

func (y *tally) String() string {
	return fmt.Sprintf("%d/%d = %.1f %%", y.found, y.all, 100*y.share())
}

func (y *tally) add(t *testing.T, r *Resolver, machine string, records []record, set map[string]bool) {
	t.Helper()
	seen := map[string]bool{}
	for _, rec := range records {
		module, alias := underscores(rec.props["DRIVER"]), rec.props["MODALIAS"]
		if module == "" || alias == "" || seen[module] {
			continue
		}
		if _, ok, err := r.Index().Find(module); err != nil {
			t.Fatal(err)
		} else if !ok {
			continue
		}
		seen[module] = true
		y.all++
		if set[module] {
			y.found++
			continue
		}
		a, _ := r.Lookup(alias)
		reason := builtinDrivers[alias]
		if reason == "" {
			reason = fmt.Sprintf("the alias gives %q", a.Modules)
		}
		y.misses = append(y.misses, fmt.Sprintf("%s: %s for %s at %s: %s", machine, module, alias, rec.path, reason))
	}
}

// todaysX86 tells x86 machines by their CPU or DMI alias, and kernels since
// 3.7 by the interface number in USB aliases.
func todaysX86(records []record) bool {
	x86 := false
	for _, a := range aliasesOf(records) {
		if strings.HasPrefix(a, "usb:") && !strings.Contains(a, "in") {
			return false
		}
		x86 = x86 || strings.HasPrefix(a, "cpu:type:x86") || strings.HasPrefix(a, "x86cpu:") || strings.HasPrefix(a, "dmi:")
	}
	return x86
}

// planned is the modules of a machine's plan, made from its aliases as if it
// was just switched on. What only coretemp itself makes is left out.
func planned(r *Resolver, records []record, p Policy) map[string]bool {
	records = slices.DeleteFunc(slices.Clone(records), func(rec record) bool {
		return rec.props["MODALIAS"] == "platform:coretemp"
	})
	return moduleSet(NewPlan(exported(records), r, p))
}
