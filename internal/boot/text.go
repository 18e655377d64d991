package boot

import (
	"fmt"
	"slices"
	"strings"
)

// A Summary is a report in a few numbers, for scripts.
type Summary struct {
	Settled    bool     `json:"settled"`
	TookMS     int64    `json:"took_ms"`
	Devices    int      `json:"devices"`
	Bound      int      `json:"bound"`
	Loaded     []string `json:"loaded"` // sorted
	Failed     []Load   `json:"failed,omitempty"`
	Running    []string `json:"running,omitempty"`
	WaitingFor string   `json:"waiting_for,omitempty"`
	Problems   []string `json:"problems,omitempty"`
}

// Summary counts what the report holds.
func (r Report) Summary() Summary {
	s := Summary{
		Settled: r.Settled, TookMS: r.Took.Milliseconds(), Devices: len(r.Inventory.Devices),
		Loaded: []string{}, Failed: r.Failed(), Running: r.Running, WaitingFor: r.WaitingFor, Problems: r.Problems,
	}
	for _, d := range r.Inventory.Devices {
		if d.Driver != "" {
			s.Bound++
		}
	}
	for _, l := range r.Loads {
		if l.Err == "" {
			s.Loaded = append(s.Loaded, l.Module)
		}
	}
	slices.Sort(s.Loaded)
	return s
}

// Text tells a person in a few lines what happened, the worst last.
func (r Report) Text() string {
	s := r.Summary()
	var b strings.Builder
	if r.Initramfs != nil {
		fmt.Fprintf(&b, "initramfs: %s\n", r.Initramfs)
	}
	fmt.Fprintf(&b, "%d devices, %d with a driver\n", s.Devices, s.Bound)
	switch {
	case r.DryRun:
		fmt.Fprintf(&b, "would load %d modules%s\n", len(r.Plan.Steps), listed(stepNames(r.Plan.Steps)))
	case r.Settled:
		fmt.Fprintf(&b, "loaded %d modules, at rest after %d ms\n", len(s.Loaded), s.TookMS)
	default:
		fmt.Fprintf(&b, "loaded %d modules, not at rest after %d ms: %s\n", len(s.Loaded), s.TookMS, r.unrest())
	}
	for _, d := range r.Plan.Denied {
		fmt.Fprintf(&b, "not loaded: %s, denied by %s (%s)\n", d.Module, d.Source, d.By)
	}
	for _, l := range s.Failed {
		fmt.Fprintf(&b, "failed: %s\n", l.Err)
	}
	for _, p := range r.Problems {
		fmt.Fprintf(&b, "problem: %s\n", p)
	}
	return b.String()
}

// unrest says what a machine that did not come to rest was still doing.
func (r Report) unrest() string {
	what := slices.Clone(r.Running)
	for i := range what {
		what[i] = "loading " + what[i]
	}
	if r.WaitingFor != "" {
		what = append(what, "waiting for what follows "+r.WaitingFor)
	}
	if len(what) == 0 {
		return "devices kept appearing"
	}
	return strings.Join(what, ", ")
}

func listed(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return ": " + strings.Join(names, " ")
}
