package main

import (
	"bytes"
	"fmt"
	"os"

	"attune/internal/explain"
	"attune/internal/inspect"
	"attune/internal/report"
	"attune/internal/status"
)

// htmlReport writes one page of all that is known and was decided.
func htmlReport(in *invocation) (int, error) {
	out := in.flags.String("html", "", "`file` to write the page to, - for standard output")
	salt := in.flags.String("salt", "", "`word` the replacements for private values are made from: the same word gives the same page (default: a random one)")
	m, err := in.start(in.openToPlan)
	if err != nil {
		return 0, err
	}
	defer m.Close()
	if *out == "" {
		fmt.Fprintln(in.stderr, "attune report: where to? --html FILE, or --html - for standard output")
		return 0, errUsage
	}
	if in.common.json {
		fmt.Fprintln(in.stderr, "attune report: no --json: attune status --json tells scripts")
		return 0, errUsage
	}
	hidden, odd := m.hidden(*salt)
	defer hidden.Close()
	page, health, err := hidden.reportPage()
	if err != nil {
		return 0, err
	}
	if *out == "-" {
		_, err = in.raw.Write(page)
	} else {
		err = os.WriteFile(*out, page, 0o644)
	}
	if err != nil {
		return 0, fmt.Errorf("writing the page: %w", err)
	}
	code := in.warn(odd)
	if health != status.Works {
		code = exitWarnings
	}
	return code, nil
}

// reportPage is the page and how the machine on it is.
func (h *hiddenMachine) reportPage() ([]byte, status.Health, error) {
	p, err := h.page()
	if err != nil {
		return nil, "", err
	}
	p.Private = h.replaced
	var b bytes.Buffer
	if err := report.Write(&b, p); err != nil {
		return nil, "", err
	}
	page, err := h.check(b.Bytes())
	return page, p.Status.Health, err
}

// page gathers what stands on the page.
func (m *machine) page() (report.Page, error) {
	f, err := m.StatusFacts()
	if err != nil {
		return report.Page{}, err
	}
	p := report.Page{
		Version: version, Status: status.Of(f), Plan: f.Decided(), Boot: f.Record.Events, Slowest: f.Record.Chain(), Picture: f.Record.ToPicture(),
		Modules: m.modulesOf(f),
	}
	for i, v := range f.Verdicts {
		d := f.Inventory.Devices[i]
		p.Devices = append(p.Devices, report.Device{
			ID: deviceID(d), Name: f.Name(d), Outcome: v.Outcome, Driver: v.Driver, Why: v.Why, Do: v.Hint,
			Main: inspect.WorthNaming(d) || v.Outcome == explain.LoadFailed || v.Outcome == explain.FirmwareMissing,
		})
	}
	return p, nil
}

// modulesOf are the modules the boot loaded, else those it would load.
func (m *machine) modulesOf(f status.Facts) (all []report.Module) {
	steps, loads := f.Modules.Steps, map[string]int{}
	if b := f.Record.Boot; b != nil {
		if len(b.Plan.Steps) > 0 {
			steps = b.Plan.Steps
		}
		for i, l := range b.Loads {
			loads[l.Module] = i
		}
	}
	for _, s := range steps {
		one := report.Module{Name: s.Module, Why: whyText(s.Why)}
		if i, ok := loads[s.Module]; ok {
			l := f.Record.Boot.Loads[i]
			if one.MS, one.Err = l.TookMS, l.Err; l.Harmless {
				one.Why, one.Err = one.Why+"; it found nothing to drive", ""
			}
		}
		all = append(all, one)
	}
	return all
}
