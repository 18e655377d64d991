package vm

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"attune/internal/explain"
	"attune/internal/vm/job"
)

// Seven devices which end in seven different ways, and everything else on
// the machine ends in one way too.
func TestExplain(t *testing.T) {
	Available(t)
	m := machine(t, "q35-explain")
	for _, suite := range Suites {
		t.Run(suite, func(t *testing.T) {
			r := bootOK(t, withAttune(t, Guest{Kernel: kernel(t, suite), Machine: m, Job: job.Job{Steps: []job.Step{
				{Do: job.Exec, Name: "boot", Argv: []string{"attune", "boot"}},
				{Do: job.Exec, Name: "explain", Argv: []string{"attune", "explain", "--json"}},
				{Do: job.Snapshot, Name: "end"},
			}}}))
			checkVerdicts(t, r)
		})
	}
}

func checkVerdicts(t *testing.T, r job.Result) {
	said := step(t, r, "explain")
	var verdicts []explain.Verdict
	if err := json.Unmarshal([]byte(said.Stdout), &verdicts); err != nil {
		t.Fatalf("attune explain --json: %v: exit status %d, %s", err, said.Exit, said.Stderr)
	}
	byPath := map[string]explain.Verdict{}
	for _, v := range verdicts {
		if _, twice := byPath[v.Device]; twice || !slices.Contains(explain.Outcomes, v.Outcome) || v.Why == "" {
			t.Errorf("%s: %q (%s): twice, outside the list, or without a why", v.Device, v.Outcome, v.Why)
		}
		byPath[v.Device] = v
	}
	end := step(t, r, "end").Snapshot
	for _, d := range end.Devices {
		// The inventory has the processors' alias once, not for each of them.
		if _, ok := byPath["devices/"+d.Path]; !ok && !strings.HasPrefix(d.Path, "system/cpu/") {
			t.Errorf("%s: not explained", d.Path)
		}
	}
	ivshmem, tells := explain.LoadedNotBound, "virtio_pci"
	if !slices.Contains(end.Modules, "virtio_pci") {
		// Part of this kernel, and an image lists no aliases of built-in drivers.
		ivshmem, tells = explain.NoDriver, "memory"
	}
	for _, c := range []struct {
		name, modalias string
		want           explain.Outcome
		tells          string // a word its verdict must have somewhere
	}{
		{"serial card, the built-in driver takes it by class", "pci:v00001B36d00000002", explain.BoundBuiltin, "serial"},
		{"ivshmem, virtio_pci claims it by vendor and turns it down", "pci:v00001AF4d00001110", ivshmem, tells},
		{"edu, which nothing knows", "pci:v00001234d000011E8", explain.NoDriver, ""},
		{"RTL8139, two modules, one takes it", "pci:v000010ECd00008139", explain.Bound, "8139cp"},
		{"Rage 128, a wildcard and a blacklisted fbdev", "pci:v00001002d00005046", explain.LoadedNotBound, "amdgpu"},
		{"smart card reader, for pcscd", "usb:v08E6p4433", explain.UserSpace, ""},
	} {
		i := slices.IndexFunc(end.Devices, func(d job.Device) bool {
			return slices.ContainsFunc(d.Modalias, func(a string) bool { return strings.HasPrefix(a, c.modalias) })
		})
		if i < 0 {
			t.Errorf("%s: not on the machine", c.name)
			continue
		}
		v := byPath["devices/"+end.Devices[i].Path]
		whole, _ := json.Marshal(v)
		if v.Outcome != c.want || !strings.Contains(string(whole), c.tells) {
			t.Errorf("%s: got %s, want %s telling of %q", c.name, whole, c.want, c.tells)
		}
	}
	// The seventh, an NE2000 on the ISA bus, cannot be seen by anyone.
	for _, n := range end.Nodes {
		if n.Class == "net" && !strings.HasPrefix(n.Path, "pci") {
			t.Errorf("network link %s at %s: nobody should have found it", n.Name, n.Path)
		}
	}
}

// machine finds a row of the tables.
func machine(t testing.TB, name string) Machine {
	t.Helper()
	all := slices.Concat(Machines, XMachines, ImageMachines, FailsafeMachines)
	i := slices.IndexFunc(all, func(m Machine) bool { return m.Name == name })
	if i < 0 {
		t.Fatalf("no machine %q in the tables", name)
	}
	return all[i]
}
