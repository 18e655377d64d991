package main

import (
	"attune/detect"
	"attune/detect/nodes"
	"attune/internal/desktop"
	"attune/xconfig"
)

// facts are what the plans for displays and input devices are made from, what
// people want of them, and what of both could not be read.
func (m *machine) facts() (xconfig.Facts, xconfig.Preferences, []error) {
	inv, err := m.scan()
	if err != nil {
		return xconfig.Facts{}, xconfig.Preferences{}, []error{err}
	}
	return m.factsOf(inv)
}

// factsOf is facts for a machine which was scanned already.
func (m *machine) factsOf(inv detect.Inventory) (xconfig.Facts, xconfig.Preferences, []error) {
	if m.cmdline == "" {
		m.cmdline = m.line("proc/cmdline")
	}
	f, p, errs := desktop.Read(m.FS, inv, m.cmdline, m.nodes())
	problems := append(scanProblems(inv), errs...)
	if len(inv.Devices)+len(f.Graphics.Cards)+len(f.Inputs) == 0 {
		problems = append(problems, detect.ErrNoDevices)
	}
	return f, p, problems
}

// nodes answers for the device nodes: this machine's own, or a capture's from
// its record.
func (m *machine) nodes() detect.NodeAsker {
	if m.Live {
		return nodes.Live()
	}
	return detect.NodesOf(m.FS)
}
