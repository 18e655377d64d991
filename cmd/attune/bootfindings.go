package main

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"attune/detect/kmod/load"
	"attune/internal/desktop"
	"attune/internal/finding"
	"attune/internal/settings"
	"attune/internal/xwrite"
	"attune/xconfig"
)

// find keeps of an error what has a name.
func (d *bootDone) find(err error) {
	if f, ok := errors.AsType[finding.Finding](err); ok {
		d.found = append(d.found, f)
	} else if w, ok := errors.AsType[settings.Warning](err); ok {
		d.found = append(d.found, finding.New("settings.wrong", w.Source, w.Text))
	}
}

// conclude gathers what a person should know, each thing once.
func (d *bootDone) conclude() {
	d.Findings = nil
	for _, f := range slices.Concat(d.Report.Findings(), desktopFindings(d.Desktop), d.found) {
		if !slices.Contains(d.Findings, f) {
			d.Findings = append(d.Findings, f)
		}
	}
}

// desktopFindings are those of what was decided and written.
func desktopFindings(a *desktop.Applied) (all []finding.Finding) {
	if a == nil {
		return nil
	}
	on := slices.ContainsFunc(a.Displays.Outputs, func(o xconfig.Output) bool { return o.State == "on" })
	if !on {
		all = append(all, finding.New("display.none", "", or(a.Displays.GPU.Why, "no output shows a picture")))
	}
	if a.X == xwrite.Refused {
		all = append(all, finding.New("display.config-refused", "", a.XWhy))
	}
	return all
}

// wrong tells whether something is worse than worth a note.
func (d bootDone) wrong() bool {
	return slices.ContainsFunc(d.Findings, func(f finding.Finding) bool { return f.Level != finding.Note })
}

// findingsText is those findings that no problem tells.
func (d bootDone) findingsText() string {
	var b strings.Builder
	for _, f := range d.Findings {
		told := f.ID == "boot.not-settled" || f.ID == "driver.failed" || f.ID == "display.none" ||
			slices.ContainsFunc(d.Problems, func(p string) bool { return strings.Contains(p, f.Text) })
		if !told {
			fmt.Fprintf(&b, "%s: %s: %s\n", f.Level, f.About(), f.Text)
		}
	}
	return b.String()
}

// fields are what the journal is told of a finding besides.
func (d bootDone) fields(f finding.Finding) map[string]string {
	fields := map[string]string{}
	for _, p := range d.Promised {
		if path.Base(p.Device) == f.Subject {
			fields["ATTUNE_DEVICE"] = "/sys/" + p.Device
			fields["ATTUNE_MODULE"] = strings.Join(p.Modules, " ")
			fields["ATTUNE_REASON"] = p.Ended
		}
	}
	for _, l := range d.Loads {
		if f.ID == "driver.failed" && l.Err == f.Text {
			fields["ATTUNE_MODULE"], fields["ATTUNE_REASON"] = l.Module, or(string(l.Reason), string(load.InitFailed))
			if l.Errno != 0 {
				fields["ATTUNE_ERRNO"] = strconv.Itoa(l.Errno)
			}
		}
	}
	for _, s := range d.Plan.Steps {
		for _, w := range s.Why {
			if f.ID == "driver.failed" && w.For == "" && path.Base(w.Device) == f.Subject {
				fields["ATTUNE_DEVICE"], fields["ATTUNE_MODALIAS"] = "/sys/"+w.Device, w.Alias
			}
		}
	}
	return fields
}
