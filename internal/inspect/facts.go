package inspect

import (
	"attune/detect"
	"attune/detect/nodes"
	"attune/internal/desktop"
	"attune/internal/settings"
	"attune/xconfig"
)

// Facts are what the plans for displays and input devices are made from, what
// people want of them, and what of both could not be read.
func (m *Machine) Facts() (xconfig.Facts, xconfig.Preferences, []error) {
	inv, err := m.Scan()
	if err != nil {
		return xconfig.Facts{}, xconfig.Preferences{}, []error{err}
	}
	return m.FactsOf(inv)
}

// FactsOf is facts for a machine which was scanned already.
func (m *Machine) FactsOf(inv detect.Inventory) (xconfig.Facts, xconfig.Preferences, []error) {
	if m.Cmdline == "" {
		m.Cmdline = m.Line("proc/cmdline")
	}
	f, p, errs := desktop.Read(m.FS, inv, m.Cmdline, m.Nodes())
	problems := append(ScanProblems(inv), errs...)
	if len(inv.Devices)+len(f.Graphics.Cards)+len(f.Inputs) == 0 {
		problems = append(problems, detect.ErrNoDevices)
	}
	return f, p, problems
}

// Nodes answers for the device nodes: this machine's own, or a capture's from
// its record.
func (m *Machine) Nodes() detect.NodeAsker {
	if m.Live {
		return nodes.Live()
	}
	return detect.NodesOf(m.FS)
}

// PlanDesktop decides for displays and input devices of an inventory.
func (m *Machine) PlanDesktop(inv detect.Inventory) (*desktop.Plan, []error) {
	if m.Options().NoDesktop {
		return nil, nil
	}
	f, prefs, errs := desktop.Read(m.FS, inv, m.Cmdline, m.Nodes())
	d := desktop.Decide(f, prefs)
	return &d, errs
}

// Settings are what was asked for here, by whom, and what is wrong about it.
func (m *Machine) Settings() (settings.Settings, []error) {
	f, _, _ := m.Facts()
	return m.SettingsFor(f)
}

// SettingsFor is Settings for facts that were gathered already.
func (m *Machine) SettingsFor(f xconfig.Facts) (settings.Settings, []error) {
	s, errs := desktop.Settings(m.FS, f)
	return s, append(errs, m.Options().Warnings...) // words that are no setting, or are meant to be one
}
