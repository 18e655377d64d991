package inspect

import (
	"encoding/json"
	"io/fs"

	"attune/detect"
	"attune/detect/kmod"
	"attune/detect/names"
	"attune/fixtures"
	"attune/internal/boot"
	"attune/internal/explain"
	"attune/internal/rootfs"
	"attune/internal/settings"
	"attune/internal/status"
)

// Resolver knows the modules of the kernel that is planned for.
func (m *Machine) Resolver() (*kmod.Resolver, []error) {
	r, problems := boot.OpenResolver(m.FS, m.Modules.FS, m.Release, m.Cmdline)
	m.NoTree = !r.HasIndex()
	return r, problems
}

// PlanModules plans for an inventory and gathers what may make the plan doubtful.
func (m *Machine) PlanModules(inv detect.Inventory) (kmod.Plan, []error) {
	r, problems := m.Resolver()
	opt := m.Options()
	if want := m.Early(inv); want != nil {
		opt = opt.With(*want)
	}
	p := kmod.NewPlan(opt.Keep(inv), r, opt.Policy)
	problems = append(problems, opt.Warnings...)
	problems = append(problems, ScanProblems(inv)...)
	problems = append(problems, opt.Unmatched(inv, r)...)
	return p, append(problems, r.Problems()...)
}

// Early is what the settings want of a boot before the first module is loaded.
// What is wrong about them is told when all of them are read; a mistake of ours
// in reading them leaves those of the command line.
func (m *Machine) Early(inv detect.Inventory) (want *settings.Boot) {
	defer func() {
		if p := recover(); p != nil {
			want = nil
		}
	}()
	s, _ := settings.Read(m.FS, m.Cmdline, settings.MachineOf(inv, detect.Graphics{}))
	return &s.Boot
}

// ExplainFacts gathers what the verdicts rest on.
func (m *Machine) ExplainFacts(inv detect.Inventory) (explain.Facts, []error) {
	plan, problems := m.PlanModules(inv)
	f := explain.Facts{
		Plan:    plan,
		Cmdline: m.Cmdline,
		Log:     m.KernelLog(),
		Loads:   m.lastLoads(),
	}
	if m.NoTree {
		f.NoTree = "this image has no modules for the kernel"
		if m.Release != "" {
			f.NoTree = "this image has no modules for kernel " + m.Release
		}
	}
	return f, problems
}

// KernelLog is the live kernel's, or what a capture kept of it.
func (m *Machine) KernelLog() string {
	if m.Live {
		return string(fixtures.KernelLog())
	}
	return m.Line("attune/kmsg")
}

// lastLoads is how the loads of the last boot went, nil when attune did not
// boot this machine.
func (m *Machine) lastLoads() map[string]explain.Load {
	data, err := fs.ReadFile(m.FS, status.MachineFile)
	if err != nil {
		return nil
	}
	var report boot.Report
	if json.Unmarshal(data, &report) != nil || report.DryRun {
		return nil
	}
	loads := make(map[string]explain.Load, len(report.Loads))
	for _, l := range report.Loads {
		loads[l.Module] = explain.Load{Err: l.Err}
	}
	return loads
}

// Names looks names up on the machine itself, else on this one: a capture
// holds no database.
func (m *Machine) Names() *names.DB {
	if m.Live {
		return names.New(m.FS)
	}
	if m.live == nil {
		live, err := rootfs.Open("/")
		if err != nil {
			return names.New(m.FS)
		}
		m.live = live
	}
	return names.New(m.FS, m.live.FS)
}
