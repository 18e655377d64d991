package vm

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"attune/internal/vm/job"
)

// kernel gives the kernel of a suite or fails the test.
func kernel(t testing.TB, suite string) Kernel {
	t.Helper()
	k, err := KernelOf(suite)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// withAttune gives the guest an attune built from this checkout.
func withAttune(t testing.TB, g Guest) Guest {
	t.Helper()
	g.Payload = ourAttune(t)
	return g
}

// ourAttune is a payload of an attune built from this checkout.
func ourAttune(t testing.TB) map[string]string {
	t.Helper()
	attune, err := Attune()
	if err != nil {
		t.Fatal(err)
	}
	return map[string]string{"attune": attune}
}

// On every machine attune loads and binds whatever udevd does, in a boot of
// its own and when udevd comes after it; and after it says settled, nothing
// more happens.
func TestColdplug(t *testing.T) {
	Available(t)
	seen := &tally{rows: map[int]bool{}}
	t.Cleanup(func() { seen.check(t) })
	for _, suite := range Suites {
		k := kernel(t, suite)
		for _, m := range Machines {
			seen.expect(suite + "/" + m.Name)
			t.Run(suite+"/"+m.Name, func(t *testing.T) {
				t.Parallel()
				coldplug(t, k, m, seen)
			})
		}
	}
}

func coldplug(t *testing.T, k Kernel, m Machine, seen *tally) {
	ours := bootOK(t, withAttune(t, Guest{Kernel: k, Machine: m, Job: job.Job{Steps: []job.Step{
		{Do: job.Exec, Name: "attune", Argv: []string{"attune", "boot", "--json"}},
		{Do: job.Snapshot, Name: "settled"},
		{Do: job.Watch, Name: "after", Seconds: 5},
		{Do: job.Udevd, Name: "udevd"},
		{Do: job.Snapshot, Name: "udevd on top"},
		{Do: job.Read, Name: "record", Paths: []string{"run/attune/machine.json", "run/attune/events.jsonl"}},
	}}}))
	keep(t, k, m, ours)
	attune := step(t, ours, "attune")
	if attune.Exit != 0 && attune.Exit != 3 {
		t.Fatalf("attune boot: exit status %d: %s", attune.Exit, attune.Stderr)
	}
	for _, c := range step(t, ours, "after").Changes {
		if !strings.HasPrefix(c, "uevent") || !strings.Contains(c, " change ") {
			t.Errorf("after attune said settled: %s", c)
		}
	}
	theirs := bootOK(t, Guest{Kernel: k, Machine: m, Job: job.Job{Steps: []job.Step{
		{Do: job.Udevd, Name: "udevd"},
		// udevd calls itself settled while usb_storage still waits for its disk.
		{Do: job.Watch, Seconds: 3},
		{Do: job.Snapshot, Name: "end"},
	}}})
	a := Facts(step(t, ours, "settled").Snapshot)
	both := Facts(step(t, ours, "udevd on top").Snapshot)
	u := Facts(step(t, theirs, "end").Snapshot)
	t.Logf("attune %.2f s, udevd %.2f s; %d facts, udevd %d", attune.Seconds(), step(t, theirs, "udevd").Seconds(), len(a), len(u))
	for _, d := range []struct {
		side  Side
		facts []string
		when  string
	}{
		{Theirs, minus(u, a), "in a boot of its own"},
		{Theirs, minus(minus(both, a), minus(u, a)), "on top of attune"},
		{Ours, minus(a, u), "in a boot of its own"},
	} {
		for _, f := range d.facts {
			if i := explained(k.Suite, m.Name, d.side, f); i >= 0 {
				seen.row(i)
			} else {
				t.Errorf("only %s, %s: %s", d.side, d.when, f)
			}
		}
	}
	seen.done(k.Suite + "/" + m.Name)
}

func bootOK(t *testing.T, g Guest) job.Result {
	t.Helper()
	r, err := Boot(t.Context(), g)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range r.Steps {
		if s.Err != "" {
			t.Fatalf("step %s %s: %s", s.Do, s.Name, s.Err)
		}
	}
	return r
}

func step(t *testing.T, r job.Result, name string) job.StepResult {
	t.Helper()
	s, ok := r.Find(name)
	if !ok {
		t.Fatalf("the guest did no step %q", name)
	}
	return s
}

// keep leaves what attune recorded in a folder, when ATTUNE_VM_KEEP names one.
func keep(t *testing.T, k Kernel, m Machine, r job.Result) {
	t.Helper()
	dir := os.Getenv("ATTUNE_VM_KEEP")
	if dir == "" {
		return
	}
	dir = filepath.Join(dir, k.Suite+"-"+m.Name)
	files := step(t, r, "record").Files
	files["dmesg"] = []byte(r.Dmesg)
	for name, data := range files {
		path := filepath.Join(dir, filepath.Base(name))
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// A tally sees to it that the table of differences only shrinks: a row which
// no machine needed is wrong.
type tally struct {
	mu   sync.Mutex
	rows map[int]bool
	open []string
}

func (s *tally) expect(name string) { s.open = append(s.open, name) }

func (s *tally) row(i int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rows[i] = true
}

func (s *tally) done(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, n := range s.open {
		if n == name {
			s.open[i] = ""
		}
	}
}

func (s *tally) check(t *testing.T) {
	for _, n := range s.open {
		if n != "" {
			return // not all ran, by -run or by failing: rows may rightly be unused
		}
	}
	for i, d := range Differences {
		if !s.rows[i] && !d.May {
			t.Errorf("no machine shows the difference %q (only %s, %s/%s): remove the row", d.Fact, d.Side, d.Suite, d.Machine)
		}
	}
}
