package status

import (
	"cmp"
	"errors"
	"path"
	"slices"
	"strings"

	"attune/internal/explain"
	"attune/internal/finding"
	"attune/internal/settings"
	"attune/internal/state"
)

// findings gathers what there is to tell, each thing once, the worst first.
func findings(f Facts, s Status) []Told {
	var all []finding.Finding
	all = append(all, f.Record.Damaged...)
	all = append(all, ofDrivers(f, s.Drivers)...)
	all = append(all, ofBoot(f, s.Drivers)...)
	all = append(all, ofScreens(f, s)...)
	if f.NoTree == "" { // else it is the one reason already told
		all = append(all, doubts("driver.doubt", f.OfDrivers)...)
	}
	all = append(all, doubts("display.doubt", f.OfDisplays)...)
	all = append(all, f.Findings...)
	for _, one := range f.Record.Findings {
		if !f.knowsBetter(one) {
			all = append(all, one)
		}
	}
	all = append(all, ofProblems(f, all)...)
	return tell(once(all))
}

// knowsBetter: what the boot found may have been put right since. Settings,
// records and state are looked at anew; so are devices, by their driver.
func (f Facts) knowsBetter(one finding.Finding) bool {
	area, _, _ := strings.Cut(one.ID, ".")
	switch area {
	case "settings", "records":
		return f.Live && f.Plan != nil
	case "state":
		return f.State.Condition != "" && f.State.Condition != state.Unknown
	case "driver":
		return slices.ContainsFunc(f.Verdicts, func(v explain.Verdict) bool { return path.Base(v.Device) == one.Subject && v.Outcome.Works() })
	}
	return false
}

// ofBoot are those of the record of the boot, but for the drivers a device's
// own finding tells of.
func ofBoot(f Facts, d Drivers) (all []finding.Finding) {
	b := f.Record.Boot
	if b == nil {
		if len(f.Record.Damaged)+len(f.Record.Denied) == 0 {
			all = append(all, finding.New("boot.none", "", "there is no /"+MachineFile))
		}
		return all
	}
	told := map[string]bool{} // by the sentence
	for _, t := range d.Trouble {
		for _, l := range b.Loads {
			if t.Outcome == explain.LoadFailed && slices.Contains(t.Modules, l.Module) {
				told[l.Err] = true
			}
		}
	}
	for _, one := range b.Findings() {
		if !told[one.Text] && !f.knowsBetter(one) {
			all = append(all, one)
		}
	}
	return all
}

// kindOfOutcome is how a device without a driver is told.
var kindOfOutcome = map[explain.Outcome]string{
	explain.LoadFailed:      "driver.failed",
	explain.FirmwareMissing: "driver.firmware-missing",
	explain.LoadedNotBound:  "driver.not-bound",
	explain.NotLoaded:       "driver.not-loaded",
	explain.Deferred:        "driver.deferred",
	explain.Denied:          "driver.denied",
	explain.Hidden:          "driver.hidden",
	explain.NoModule:        "driver.no-module",
	explain.Unreadable:      "driver.unreadable",
}

func ofDrivers(f Facts, d Drivers) (all []finding.Finding) {
	if f.NoTree != "" {
		text := f.NoTree
		if len(f.OfDrivers) > 0 { // why there is none: a kernel without module support has none to miss
			text = f.OfDrivers[0].Error()
		}
		all = append(all, finding.New("driver.no-tree", f.Release, text))
	}
	for _, t := range d.Trouble {
		id, ok := kindOfOutcome[t.Outcome]
		if !ok || f.NoTree != "" && (t.Outcome == explain.NoModule || t.Outcome == explain.NotLoaded) {
			continue
		}
		one := finding.New(id, path.Base(t.Device), t.Name+": "+t.Why)
		if t.Do != "" {
			one.Do = t.Do
		}
		all = append(all, one)
	}
	return all
}

func ofScreens(f Facts, s Status) (all []finding.Finding) {
	if l := f.Record.Ladder; l != nil {
		all = append(all, l.Findings()...)
	}
	if s.X.Verdict == "refused" {
		all = append(all, finding.New("display.config-refused", "", s.X.Why))
	}
	if f.Decided() == nil {
		return all
	}
	if !slices.ContainsFunc(s.Displays, func(d Display) bool { return d.State == "on" }) {
		all = append(all, finding.New("display.none", "", cmp.Or(s.GPU.Why, "no output shows a picture")))
	}
	for _, d := range s.Displays {
		if d.State == "unreachable" {
			all = append(all, finding.New("display.unreachable", d.Connector, d.Why))
		}
	}
	return all
}

// wrongSetting: its subject is the line, where the warning begins with one.
func wrongSetting(err error) finding.Finding {
	text := err.Error()
	if at, rest, ok := strings.Cut(text, ": "); ok && (strings.HasPrefix(at, "/") || at == "kernel command line") {
		return finding.New("settings.wrong", at, rest)
	}
	return finding.New("settings.wrong", "", text)
}

// isSetting says whether a problem is about a setting: its text begins with
// the line of a settings file, or with the kernel command line.
func isSetting(err error) bool {
	text := err.Error()
	return strings.HasPrefix(text, "kernel command line") || strings.HasPrefix(text, "reading settings") ||
		strings.HasPrefix(text, "reading the settings") || strings.Contains(text, ".toml:")
}

// doubts are what could not be read or understood, by what is decided from it.
func doubts(id string, all []error) (found []finding.Finding) {
	for _, err := range all {
		if one, ok := errors.AsType[finding.Finding](err); ok {
			found = append(found, one)
		} else if w, ok := errors.AsType[settings.Warning](err); ok {
			found = append(found, finding.New("settings.wrong", w.Source, w.Text))
		} else if isSetting(err) {
			found = append(found, wrongSetting(err))
		} else {
			found = append(found, finding.New(id, "", err.Error()))
		}
	}
	return found
}

// ofProblems are what else the boot had to tell, told nowhere above.
func ofProblems(f Facts, told []finding.Finding) (all []finding.Finding) {
	if f.Record.Boot == nil {
		return nil
	}
	for _, p := range f.Record.Boot.Problems {
		known := slices.ContainsFunc(told, func(t finding.Finding) bool {
			return t.Text != "" && strings.Contains(p, t.Text)
		})
		if !known {
			all = append(all, finding.New("boot.problem", "", p))
		}
	}
	return all
}

// once keeps the first of those with one name about one thing.
func once(all []finding.Finding) (kept []finding.Finding) {
	type key struct{ id, subject, text string }
	seen := map[key]bool{}
	for _, f := range all {
		k := key{f.ID, f.Subject, f.Text}
		if f.Subject != "" {
			k.text = ""
		}
		if !seen[k] {
			seen[k] = true
			kept = append(kept, f)
		}
	}
	return kept
}

var levels = []finding.Level{finding.Failed, finding.Limited, finding.Note}

// A Told is a finding with what one of its name means.
type Told struct {
	finding.Finding
	Means string `json:"means,omitempty"` // "" for a name this release does not know
}

// tell sorts findings, the worst first, and completes them from the catalog.
func tell(all []finding.Finding) []Told {
	for i, f := range all {
		if k, _ := finding.KindOf(f.ID); !slices.Contains(levels, f.Level) {
			all[i].Level = cmp.Or(k.Level, finding.Note)
		}
	}
	slices.SortStableFunc(all, func(a, b finding.Finding) int {
		return cmp.Compare(slices.Index(levels, a.Level), slices.Index(levels, b.Level))
	})
	told := make([]Told, len(all))
	for i, f := range all {
		k, _ := finding.KindOf(f.ID)
		f.Do = cmp.Or(f.Do, k.Do)
		told[i] = Told{f, k.Means}
	}
	return told
}
