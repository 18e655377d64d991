package vm

import (
	"cmp"
	"fmt"
	"os"
	"slices"
	"strconv"
	"testing"

	"attune/internal/vm/job"
)

const (
	maxRatio = 0.8      // attune's median time to settled over udevd's
	maxRSS   = 40 << 10 // kB, the peak of attune boot
)

// runs is how often each side boots: three times, or what ATTUNE_VM_RUNS says.
func runs(t *testing.T) int {
	n, err := strconv.Atoi(cmp.Or(os.Getenv("ATTUNE_VM_RUNS"), "3"))
	if err != nil || n < 1 {
		t.Fatalf("ATTUNE_VM_RUNS=%q: want a number from 1 on", os.Getenv("ATTUNE_VM_RUNS"))
	}
	return n
}

// quiet skips a test whose times mean something on a machine that does nothing
// else: a long run's, which says how often.
func quiet(t *testing.T) {
	t.Helper()
	if os.Getenv("ATTUNE_VM_RUNS") == "" {
		t.Skip("ATTUNE_VM_RUNS says not how often to take the time: it is taken in a long run, on a quiet machine")
	}
}

// On the biggest machine, attune and udevd in turn, nothing else of ours
// running: the same set every time, in at most 0.8 of udevd's time.
func TestTiming(t *testing.T) {
	Available(t)
	for _, suite := range Suites {
		t.Run(suite, func(t *testing.T) { timing(t, kernel(t, suite), runs(t)) })
	}
}

func timing(t *testing.T, k Kernel, runs int) {
	m := Biggest
	m.SMP = 2
	attune := withAttune(t, Guest{Kernel: k, Machine: m, Alone: true, Job: job.Job{Steps: []job.Step{
		{Do: job.Exec, Name: "load", Argv: []string{"attune", "boot", "--json"}},
		{Do: job.Snapshot, Name: "settled"},
		{Do: job.Read, Name: "record", Paths: []string{"run/attune/machine.json", "run/attune/events.jsonl"}},
	}}})
	udevd := Guest{Kernel: k, Machine: m, Alone: true, Job: job.Job{Steps: []job.Step{
		{Do: job.Udevd, Name: "load"},
	}}}
	var ours, theirs []float64
	var rss int64
	var first []string
	for i := range runs {
		r := bootOK(t, attune)
		keep(t, k, m, r)
		s := step(t, r, "load")
		if s.Exit != 0 && s.Exit != 3 {
			t.Fatalf("attune boot: exit status %d: %s", s.Exit, s.Stderr)
		}
		ours, rss = append(ours, s.Seconds()), max(rss, s.MaxRSS)
		facts := Facts(step(t, r, "settled").Snapshot)
		if i == 0 {
			first = facts
		}
		for _, f := range minus(first, facts) {
			t.Errorf("run %d lacks what run 1 had: %s", i+1, f)
		}
		for _, f := range minus(facts, first) {
			t.Errorf("run %d has what run 1 lacked: %s", i+1, f)
		}
		theirs = append(theirs, step(t, bootOK(t, udevd), "load").Seconds())
	}
	ratio := median(ours) / median(theirs)
	t.Logf("time to settled, Debian's %s on %s: attune %s, udevd %s, ratio %.2f; attune's peak %d kB",
		k.Release, m.Name, spread(ours), spread(theirs), ratio, rss)
	if ratio > maxRatio {
		t.Errorf("attune takes %.2f of udevd's time, want at most %.2f", ratio, maxRatio)
	}
	if rss > maxRSS {
		t.Errorf("attune boot took %d kB at its peak, want at most %d", rss, maxRSS)
	}
}

func median(s []float64) float64 {
	s = slices.Sorted(slices.Values(s))
	return (s[(len(s)-1)/2] + s[len(s)/2]) / 2
}

func spread(s []float64) string {
	return fmt.Sprintf("%.2f s (%.2f-%.2f, %d runs)", median(s), slices.Min(s), slices.Max(s), len(s))
}
