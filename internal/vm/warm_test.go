package vm

import (
	"fmt"
	"strings"
	"testing"

	"attune/internal/vm/job"
)

// maxWarm is what a run may cost which finds nothing to load, over the whole
// coldplug: the processor time all of the machine spent from its beginning to
// its rest.
const maxWarm = 0.1

// A second run, when everything has been loaded, costs a tenth of the coldplug
// at most, whoever did that; and neither takes much memory.
func TestTimingWarm(t *testing.T) {
	Available(t)
	for _, suite := range Suites {
		t.Run(suite, func(t *testing.T) { timingWarm(t, kernel(t, suite), runs(t)) })
	}
}

func timingWarm(t *testing.T, k Kernel, runs int) {
	m := Biggest
	m.SMP = 2
	stat := func(name string) job.Step {
		return job.Step{Do: job.Read, Name: name, Paths: []string{"proc/stat"}}
	}
	warm := job.Step{Do: job.Exec, Name: "warm", Argv: []string{"attune", "boot", "--json"}}
	guest := func(cold job.Step) Guest {
		cold.Name = "cold"
		return withAttune(t, Guest{Kernel: k, Machine: m, Alone: true, Job: job.Job{Steps: []job.Step{
			stat("before"), cold, stat("after"), {Do: job.Watch, Seconds: 3}, warm,
		}}})
	}
	for _, c := range []struct {
		name string
		cold job.Step
	}{
		{"attune", job.Step{Do: job.Exec, Argv: []string{"attune", "boot", "--json"}}},
		{"udevd", job.Step{Do: job.Udevd}},
	} {
		t.Run("after "+c.name, func(t *testing.T) {
			var whole, again []float64
			var rss int64
			for range runs {
				r := bootOK(t, guest(c.cold))
				cold, warm := step(t, r, "cold"), step(t, r, "warm")
				for _, s := range []job.StepResult{cold, warm} {
					if s.Exit != 0 && s.Exit != 3 {
						t.Fatalf("%s: exit status %d: %s", s.Name, s.Exit, s.Stderr)
					}
				}
				whole = append(whole, busy(t, r, "after")-busy(t, r, "before"))
				again = append(again, warm.CPU)
				rss = max(rss, warm.MaxRSS)
				if c.name == "attune" {
					rss = max(rss, cold.MaxRSS)
				}
			}
			ratio := median(again) / median(whole)
			t.Logf("processor time, Debian's %s on %s: the whole coldplug %s, a warm run %s, ratio %.3f; peak %d kB",
				k.Release, m.Name, spread(whole), spread(again), ratio, rss)
			if ratio > maxWarm {
				t.Errorf("a run with nothing to load takes %.3f of the coldplug's processor time, want at most %.2f", ratio, maxWarm)
			}
			if rss > maxRSS {
				t.Errorf("attune boot took %d kB at its peak, want at most %d", rss, maxRSS)
			}
		})
	}
}

// busy is how long the machine's processors have worked until a step read
// /proc/stat, in seconds: user, nice, system, irq and softirq time of its first
// line, in hundredths.
func busy(t *testing.T, r job.Result, name string) float64 {
	t.Helper()
	text := string(step(t, r, name).Files["proc/stat"])
	var user, nice, system, idle, iowait, irq, softirq float64
	if _, err := fmt.Sscanf(strings.TrimPrefix(text, "cpu"), "%f %f %f %f %f %f %f", &user, &nice, &system, &idle, &iowait, &irq, &softirq); err != nil {
		t.Fatalf("reading /proc/stat: %v: %q", err, tail(text, 3))
	}
	return (user + nice + system + irq + softirq) / 100
}
