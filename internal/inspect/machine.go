// Package inspect looks at a machine: this one, a directory with another's root,
// a capture. It gathers what others decide by, has them decide, and gives what
// the commands print and the service tells.
//
// It decides nothing, prints nothing and changes nothing.
package inspect

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"attune/detect/kmod"
	"attune/internal/boot"
	"attune/internal/rootfs"
)

// A Machine is what is looked at.
type Machine struct {
	*rootfs.Root
	Modules *rootfs.Root // where lib/modules is
	Release string       // of the kernel to plan for
	Cmdline string
	NoTree  bool // there is no module index; known once modules were planned

	borrowed bool         // the modules are another's to close
	live     *rootfs.Root // this machine, for what another does not have; nil: not asked yet
}

// Open opens a machine: "/" for this one, a directory or a capture file.
func Open(name string) (*Machine, error) {
	root, err := rootfs.Open(name)
	if err != nil {
		return nil, err
	}
	return &Machine{Root: root, Modules: root}, nil
}

// OpenToPlan is Open for what plans: that needs to know the kernel and its
// command line, which a scan does not. modules is where lib/modules is, release
// a kernel's; "" for each leaves it to be found.
func OpenToPlan(name, modules, release string) (*Machine, error) {
	m, err := Open(name)
	if err != nil {
		return nil, err
	}
	m.Release = release
	if err := m.findModules(modules); err != nil {
		m.Close()
		return nil, err
	}
	m.Cmdline = m.Line("proc/cmdline")
	if m.Release == "" {
		m.Release = m.kernelRelease()
	}
	return m, nil
}

// With is the same machine as another root shows it, with the modules and the
// kernel of the first.
func (m *Machine) With(root *rootfs.Root) *Machine {
	return &Machine{Root: root, Modules: m.Modules, Release: m.Release, borrowed: true}
}

// Close closes what was opened.
func (m *Machine) Close() {
	if m.Modules != m.Root && !m.borrowed {
		m.Modules.Close()
	}
	if m.live != nil {
		m.live.Close()
	}
	m.Root.Close()
}

// findModules picks the module tree: the one asked for, the machine's own, or
// this machine's for a capture, which holds none.
func (m *Machine) findModules(asked string) error {
	if asked == "" && (m.Live || hasModules(m.FS)) {
		return nil
	}
	modules, err := rootfs.Open(asked)
	if err != nil {
		return fmt.Errorf("looking for modules: %w", err)
	}
	m.Modules = modules
	return nil
}

func hasModules(root fs.FS) bool { return len(kmod.Releases(root)) > 0 }

// kernelRelease is the kernel to plan for: the one the machine runs, or, for a
// machine looked at with another image, the one that image has modules for.
func (m *Machine) kernelRelease() string {
	running := m.Line("proc/sys/kernel/osrelease")
	have := kmod.Releases(m.Modules.FS)
	if m.Live || slices.Contains(have, running) || len(have) != 1 {
		return running
	}
	return have[0]
}

// Line reads a file of one line; an absent one is empty.
func (m *Machine) Line(name string) string {
	b, err := fs.ReadFile(m.FS, name)
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(b))
}

// Options are the kernel command line's, with what is odd about it.
func (m *Machine) Options() boot.Options {
	opt := boot.ParseCmdline(m.Cmdline)
	if opt.Off {
		opt.Warnings = append(opt.Warnings, errOff)
	}
	return opt
}

var errOff = errors.New("attune=off on the kernel command line: boot would do nothing of this")
