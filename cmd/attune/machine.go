package main

import (
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"attune/detect"
	"attune/detect/kmod"
	"attune/internal/boot"
	"attune/internal/desktop"
	"attune/internal/rootfs"
)

// common are the flags every command takes.
type common struct {
	root    string
	modules string
	release string
	json    bool
}

func (c *common) define(f *flag.FlagSet) {
	f.StringVar(&c.root, "root", "/", "the machine: / for this one, a `directory` with another's root, or a capture file")
	f.StringVar(&c.modules, "modules", "", "`directory` with lib/modules to plan with (default: the root's own, else this machine's)")
	f.StringVar(&c.release, "release", "", "kernel `release` to plan for (default: the one the machine runs)")
	f.BoolVar(&c.json, "json", false, "print JSON")
}

// A machine is what a command looks at.
type machine struct {
	*rootfs.Root
	modules *rootfs.Root // where lib/modules is
	release string
	cmdline string
	noTree  bool           // there is no module index; known once resolver was asked
	opened  []*rootfs.Root // what else to close

	holdsLadder bool // this process has the record of what showed a picture locked
}

func (in *invocation) open() (*machine, error) {
	root, err := rootfs.Open(in.common.root)
	if err != nil {
		return nil, err
	}
	return &machine{Root: root, modules: root, release: in.common.release}, nil
}

// openToPlan is open for the commands that plan: they need to know the kernel
// and its command line, which a scan does not.
func (in *invocation) openToPlan() (*machine, error) {
	m, err := in.open()
	if err != nil {
		return nil, err
	}
	if err := m.findModules(in.common.modules); err != nil {
		m.Close()
		return nil, err
	}
	m.cmdline = m.line("proc/cmdline")
	if m.release == "" {
		m.release = m.kernelRelease()
	}
	return m, nil
}

// findModules picks the module tree: the one asked for, the machine's own, or
// this machine's for a capture, which holds none.
func (m *machine) findModules(asked string) error {
	if asked == "" && (m.Live || hasModules(m.FS)) {
		return nil
	}
	modules, err := rootfs.Open(asked)
	if err != nil {
		return fmt.Errorf("looking for modules: %w", err)
	}
	m.modules = modules
	return nil
}

func hasModules(root fs.FS) bool { return len(kmod.Releases(root)) > 0 }

// kernelRelease is the kernel to plan for: the one the machine runs, or, for a
// machine looked at with another image, the one that image has modules for.
func (m *machine) kernelRelease() string {
	running := m.line("proc/sys/kernel/osrelease")
	have := kmod.Releases(m.modules.FS)
	if m.Live || slices.Contains(have, running) || len(have) != 1 {
		return running
	}
	return have[0]
}

// line reads a file of one line; an absent one is empty.
func (m *machine) line(name string) string {
	b, err := fs.ReadFile(m.FS, name)
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(b))
}

func (m *machine) resolver() (*kmod.Resolver, []error) {
	r, problems := boot.OpenResolver(m.FS, m.modules.FS, m.release, m.cmdline)
	m.noTree = !r.HasIndex()
	return r, problems
}

func (m *machine) Close() {
	if m.modules != m.Root {
		m.modules.Close()
	}
	for _, r := range m.opened {
		r.Close()
	}
	m.Root.Close()
}

// scanProblems are what a scan could not read, as errors.
func scanProblems(inv detect.Inventory) (errs []error) {
	for _, p := range inv.Problems {
		errs = append(errs, p)
	}
	return errs
}

// warn prints problems, one line each, and gives the exit status that tells of
// them. That an ordinary user may not open device nodes is told, and no problem.
func (in *invocation) warn(problems []error) int {
	status := exitDone
	for _, err := range problems {
		if _, ok := errors.AsType[desktop.Denied](err); !ok {
			status = exitWarnings
		} else if in.common.json {
			continue
		}
		fmt.Fprintf(in.stderr, "attune: %v\n", err)
	}
	return status
}
