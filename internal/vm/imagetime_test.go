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
// with attune and without any of it, in turn.
func TestTimingImage(t *testing.T) {
	quiet(t)
	Available(t)
	for _, suite := range Suites {
		t.Run(suite, func(t *testing.T) { timingImage(t, imageKernel(t, suite), runs(t)) })
	}
}

func timingImage(t *testing.T, k Kernel, runs int) {
	layer, err := imageLayer()
	if err != nil {
		t.Fatal(err)
	}
	bootTimed(t, k, "") // whatever has to be read from the disk of this machine first
	with, without := map[string][]float64{}, map[string][]float64{}
	var rss int64
	for range runs {
		for _, side := range []struct {
			layer string
			times map[string][]float64
		}{{layer, with}, {"", without}} {
			r := bootTimed(t, k, side.layer)
			for _, unit := range timedUnits {
				side.times[unit] = append(side.times[unit], activeAt(t, r, unit))
			}
			side.times["the picture"] = append(side.times["the picture"], step(t, r, "session").End)
			starts := strings.Count(string(step(t, r, "starts").Files[xStarts]), "\n")
			side.times["starts of X"] = append(side.times["starts of X"], float64(starts))
			if side.layer != "" {
				rss = max(rss, step(t, r, "again").MaxRSS)
			}
		}
	}
	for _, what := range append(timedUnits, "the picture") {
		a, b := median(with[what]), median(without[what])
		t.Logf("%s of %s: with attune %s, without %s: %+.2f s, %+.1f %%", what, k.Suite, spread(with[what]), spread(without[what]), a-b, 100*(a-b)/b)
	}
	t.Logf("starts of X: with attune %v, without %v; a second run takes %d kB at its peak", with["starts of X"], without["starts of X"], rss)
	if rss > maxRSS {
		t.Errorf("attune boot took %d kB at its peak, want at most %d", rss, maxRSS)
	}
	const what = "graphical.target"
	if a, b := median(with[what]), median(without[what]); a > b*(1+maxAdded) {
		t.Errorf("with attune the graphical target comes after %.2f s, without after %.2f s: want at most %.0f %% more", a, b, 100*maxAdded)
	}
}

var timedUnits = []string{"display-manager.service", "graphical.target"}

// bootTimed boots the image, with attune laid over it or, "", without.
func bootTimed(t *testing.T, k Kernel, layer string) job.Result {
	t.Helper()
	m := machine(t, "x-std")
	m.SMP = 2
	steps := []job.Step{
		{Do: job.Wait, Name: "session", Paths: []string{drawn}, Text: "drawn", Seconds: 240},
		{Do: job.Exec, Name: "rest", Argv: []string{"systemctl", "is-system-running", "--wait"}, Seconds: 240},
		{Do: job.Exec, Name: "units", Argv: append([]string{"systemctl", "show", "-p", "Id,ActiveEnterTimestampMonotonic"}, timedUnits...)},
		{Do: job.Read, Name: "starts", Paths: []string{xStarts}},
	}
	if layer != "" {
		steps = append(steps, job.Step{Do: job.Exec, Name: "again", Argv: []string{"attune", "boot", "--json"}})
	}
	return bootOK(t, Guest{Kernel: k, Machine: m, Layer: layer, Alone: true, Deadline: 10 * time.Minute, Job: job.Job{System: true, Steps: steps}})
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
