package main

import (
	"attune/detect"
	"attune/detect/nodes"
	"attune/internal/image"
	"attune/internal/settings"
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
	ask, problems := m.nodes(), scanProblems(inv)
	f := xconfig.Facts{Machine: inv, Cmdline: m.cmdline, Image: image.Read(m.FS)}
	f.Graphics = detect.ScanGraphics(m.FS, inv, ask)
	problems = append(problems, asErrors(f.Graphics.Problems)...)
	inputs, missed := detect.ScanInputs(m.FS, inv, ask)
	f.Inputs = inputs
	problems = append(problems, asErrors(missed)...)
	if len(inv.Devices)+len(f.Graphics.Cards)+len(f.Inputs) == 0 {
		problems = append(problems, detect.ErrNoDevices)
	}
	p, warnings := settings.Load(m.FS, m.cmdline)
	return f, p, append(problems, warnings...)
}

// nodes answers for the device nodes: this machine's own, or a capture's from
// its record.
func (m *machine) nodes() detect.NodeAsker {
	if m.Live {
		return nodes.Live()
	}
	return detect.NodesOf(m.FS)
}

func asErrors(problems []detect.Problem) (errs []error) {
	for _, p := range problems {
		errs = append(errs, p)
	}
	return errs
}
