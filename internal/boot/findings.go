package boot

import (
	"fmt"
	"path"
	"strings"

	"attune/detect/kmod"
	"attune/internal/finding"
)

// Findings are what a person should know of a boot. A boot that still goes on
// has no word yet about its end.
func (r Report) Findings() (all []finding.Finding) {
	if r.DryRun {
		return nil
	}
	if !r.Settled && r.Took > 0 {
		text := fmt.Sprintf("not at rest after %d ms: %s", r.Took.Milliseconds(), r.unrest())
		all = append(all, finding.New("boot.not-settled", "", text))
	}
	for _, l := range r.Failed() {
		all = append(all, finding.New("driver.failed", r.about(l.Module), l.Err))
	}
	for _, p := range r.Promised {
		switch {
		case p.State == PromiseLate:
			all = append(all, finding.New("display.late", path.Base(p.Device), p.Why+": "+p.Ended))
		case p.State == PromiseDead && !r.failed(p.Modules):
			all = append(all, finding.New("driver.not-bound", path.Base(p.Device), p.Ended))
		}
	}
	return all
}

func (r Report) failed(modules []string) bool {
	for _, l := range r.Failed() {
		for _, m := range modules {
			if l.Module == m {
				return true
			}
		}
	}
	return false
}

// about is the device that asked for a module, or the module where none did.
func (r Report) about(module string) string {
	for _, s := range r.Plan.Steps {
		if s.Module != module {
			continue
		}
		for _, w := range s.Why {
			if asked(w) {
				return path.Base(w.Device)
			}
		}
	}
	return module
}

func asked(w kmod.Why) bool { return w.For == "" && strings.HasPrefix(w.Device, "devices/") }
