package inspect

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

// Known is what one look at a machine may leave to the next: what costs too much
// to ask again, or disturbs what is asked.
type Known struct {
	desktop *desktop.Plan // nil: to be made
	errs    []error       // of making it
	state   *state.State  // nil: to be looked at
}

// StatusFacts gathers the records of the last boot and what is so now.
func (m *Machine) StatusFacts() (status.Facts, error) { return m.StatusAgain(&Known{}) }

// ForgetDesktop forgets what was planned for displays and input devices: they, or what
// people want of them, may be others.
func (k *Known) ForgetDesktop() { k.desktop, k.errs = nil, nil }

// StatusAgain is StatusFacts for somebody who looks again and again: what is
// known already is taken from there, what is not is put there. To plan for
// displays and input devices their nodes are opened, which may wake a sleeping
// card; to know the state directory a file is written there.
func (m *Machine) StatusAgain(known *Known) (status.Facts, error) {
	inv, err := m.Scan()
	if err != nil {
		return status.Facts{}, err
	}
	db := m.Names()
	f := status.Facts{
		Record: status.Read(m.FS), Live: m.Live, Release: m.Release, Cmdline: m.Cmdline, Inventory: inv,
		Name: db.Text, Named: WorthNaming,
	}
	facts, problems := m.ExplainFacts(inv)
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
	if known.desktop == nil {
		known.desktop, known.errs = m.PlanDesktop(inv)
	}
	statusDesktop(&f, *known)
	if known.state == nil && m.Live {
		s := state.Look(state.Dir, os.Geteuid() == 0, statePatience)
		known.state = &s
	}
	m.statusState(&f, *known)
	return f, nil
}

// statePatience is how long a state directory may keep a person waiting.
const statePatience = 2 * time.Second

// statusState adds the place that outlives a boot and what is kept in it. Only
// the machine itself can tell how its directory is, and only to root whether
// it can be written.
func (m *Machine) statusState(f *status.Facts, known Known) {
	if known.state != nil {
		f.State = *known.state
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
	asked, _ := settings.Read(m.FS, m.Cmdline, settings.MachineOf(facts.Machine, facts.Graphics), layers...)
	f.InForce = asked.InForce()
}

// statusDesktop adds what would be decided for displays and input devices now.
func statusDesktop(f *status.Facts, known Known) {
	f.Plan = known.desktop
	for _, err := range known.errs {
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
