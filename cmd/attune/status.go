package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"attune/detect"
	"attune/internal/desktop"
	"attune/internal/explain"
	"attune/internal/finding"
	"attune/internal/records"
	"attune/internal/settings"
	"attune/internal/state"
	"attune/internal/status"
)

// machineStatus says what works, what is limited and what has failed, and
// what to do about it.
func machineStatus(in *invocation) (int, error) {
	short := in.flags.Bool("short", false, "one line, for a login message or a panel")
	m, err := in.start(in.openToPlan)
	if err != nil {
		return 0, err
	}
	defer m.Close()
	f, err := m.statusFacts()
	if err != nil {
		return 0, err
	}
	s := status.Of(f)
	code := exitDone
	if s.Health != status.Works {
		code = exitWarnings
	}
	switch {
	case in.common.json:
		return code, in.printJSON(s)
	case *short:
		_, err = fmt.Fprintln(in.stdout, s.Short())
		return code, err
	}
	return code, s.Text(in.stdout)
}

// statusFacts gathers the records of the last boot and what is so now.
func (m *machine) statusFacts() (status.Facts, error) {
	inv, err := m.scan()
	if err != nil {
		return status.Facts{}, err
	}
	db := m.names()
	f := status.Facts{
		Record: status.Read(m.FS), Live: m.Live, Release: m.release, Cmdline: m.cmdline, Inventory: inv,
		Name: db.Text, Named: worthNaming,
	}
	facts, problems := m.explainFacts(inv)
	f.NoTree = facts.NoTree
	f.Verdicts = explain.Explain(inv, facts)
	if m.Live && facts.Log == "" {
		f.Unread = append(f.Unread, "the kernel's log")
	}
	f.OfDrivers = problems
	if len(inv.Devices) == 0 {
		f.Findings = append(f.Findings, finding.New("driver.unreadable", "/sys", detect.ErrNoDevices.Error()))
	}
	f.Modules = facts.Plan
	m.statusDesktop(&f, inv)
	m.statusState(&f)
	return f, nil
}

// statePatience is how long a state directory may keep a person waiting.
const statePatience = 2 * time.Second

// statusState adds the place that outlives a boot and what is kept in it. Only
// the machine itself can tell how its directory is, and only to root whether
// it can be written.
func (m *machine) statusState(f *status.Facts) {
	if m.Live {
		f.State = state.Look(state.Dir, os.Geteuid() == 0, statePatience)
		if told, ok := f.State.Finding(); ok {
			f.Findings = append(f.Findings, told)
		}
	}
	stored, _ := records.Read(m.FS) // what of it is wrong the desktop's part tells
	f.Records = stored
	if f.Plan == nil {
		return
	}
	facts := f.Plan.Facts
	layers := records.Project(stored, records.Hardware{Inventory: facts.Machine, Graphics: facts.Graphics, Inputs: facts.Inputs, Remembered: facts.Remembered})
	asked, _ := settings.Read(m.FS, m.cmdline, settings.MachineOf(facts.Machine, facts.Graphics), layers...)
	f.InForce = asked.InForce()
}

// statusDesktop adds what would be decided for displays and input devices now.
func (m *machine) statusDesktop(f *status.Facts, inv detect.Inventory) {
	plan, errs := m.desktopFor(inv)
	f.Plan = plan
	for _, err := range errs {
		if denied, ok := errors.AsType[desktop.Denied](err); ok {
			f.Unread = append(f.Unread, fmt.Sprintf("%d device nodes of displays and input devices", len(denied.Nodes)))
			continue
		}
		if errors.Is(err, fs.ErrPermission) {
			f.Unread = append(f.Unread, err.Error())
			continue
		}
		f.OfDisplays = append(f.OfDisplays, err)
	}
}
