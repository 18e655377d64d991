package vm

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"attune/internal/vm/job"
)

// maxAdded is what attune may add to the time to the graphical target, over
// the time without it.
const maxAdded = 0.05

// Beside udev attune adds little to a boot: the same image on the same machine
// with the service and, by attune=off, without it, in turn.
func TestTimingImage(t *testing.T) {
	quiet(t)
	Available(t)
	for _, suite := range Suites {
		t.Run(suite, func(t *testing.T) { timingImage(t, imageKernel(t, suite), runs(t)) })
	}
}

func timingImage(t *testing.T, k Kernel, runs int) {
	with := map[string][]float64{}
	without := map[string][]float64{}
	var again []float64
	var rss int64
	for range runs {
		for _, side := range []struct {
			append string
			times  map[string][]float64
		}{{"", with}, {"attune=off", without}} {
			r := bootTimed(t, k, side.append)
			for _, unit := range timedUnits {
				side.times[unit] = append(side.times[unit], activeAt(t, r, unit))
			}
			if side.append == "" {
				warm := step(t, r, "again")
				again, rss = append(again, warm.CPU), max(rss, warm.MaxRSS)
			}
		}
	}
	for _, unit := range timedUnits {
		t.Logf("%s of %s: with attune %s, without %s", unit, k.Suite, spread(with[unit]), spread(without[unit]))
	}
	a, b := median(with["graphical.target"]), median(without["graphical.target"])
	t.Logf("attune adds %.2f s, %.1f %%; a second run takes %s of processor time and %d kB", a-b, 100*(a-b)/b, spread(again), rss)
	if rss > maxRSS {
		t.Errorf("attune boot took %d kB at its peak, want at most %d", rss, maxRSS)
	}
	if a > b*(1+maxAdded) {
		t.Errorf("with attune the graphical target comes after %.2f s, without after %.2f s: want at most %.0f %% more", a, b, 100*maxAdded)
	}
}

var timedUnits = []string{"display-manager.service", "graphical.target"}

func bootTimed(t *testing.T, k Kernel, words string) job.Result {
	t.Helper()
	layer, err := imageLayer()
	if err != nil {
		t.Fatal(err)
	}
	m := machine(t, "x-std")
	m.SMP = 2
	return bootOK(t, Guest{Kernel: k, Machine: m, Append: words, Layer: layer, Alone: true, Deadline: 10 * time.Minute, Job: job.Job{System: true, Steps: []job.Step{
		{Do: job.Wait, Name: "session", Paths: []string{drawn}, Text: "drawn", Seconds: 240},
		{Do: job.Exec, Name: "rest", Argv: []string{"systemctl", "is-system-running", "--wait"}, Seconds: 240},
		{Do: job.Exec, Name: "units", Argv: append([]string{"systemctl", "show", "-p", "Id,ActiveEnterTimestampMonotonic"}, timedUnits...)},
		{Do: job.Exec, Name: "again", Argv: []string{"attune", "boot", "--json"}},
	}}})
}

// property is one of `systemctl show` for one unit.
func property(t *testing.T, r job.Result, unit, name string) string {
	t.Helper()
	for part := range strings.SplitSeq(step(t, r, "units").Stdout, "\n\n") {
		values := map[string]string{}
		for line := range strings.Lines(part) {
			key, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "=")
			values[key] = value
		}
		if values["Id"] == unit || unit == "display-manager.service" && values["Id"] == "lightdm.service" {
			return values[name]
		}
	}
	t.Fatalf("systemctl says nothing of %s: %q", unit, step(t, r, "units").Stdout)
	return ""
}

// activeAt is when a unit was active, in seconds since the kernel began.
func activeAt(t *testing.T, r job.Result, unit string) float64 {
	t.Helper()
	us, err := strconv.ParseFloat(property(t, r, unit, "ActiveEnterTimestampMonotonic"), 64)
	if err != nil || us == 0 {
		t.Fatalf("%s was never active: %v: %q", unit, err, step(t, r, "units").Stdout)
	}
	return us / 1e6
}
