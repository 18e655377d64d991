package main

import (
	"bytes"
	"errors"
	"fmt"

	"attune/detect"
	"attune/detect/nodes"
	"attune/fixtures"
	"attune/internal/desktop"
	"attune/internal/rootfs"
	"attune/internal/settings"
)

// A hiddenMachine is a machine as its capture would have it: private values
// are replaced before anything is decided or told, so that none can reach what
// is.
type hiddenMachine struct {
	*machine
	running, told string   // the kernel's release as it is, and as the recording has it
	known         []string // the private values
	replaced      int
}

// hidden records the machine and opens the recording in its place. What could
// not be recorded is in the errors; the rest is there.
func (m *machine) hidden(salt string) (*hiddenMachine, []error) {
	opt := fixtures.Options{Kmsg: []byte(m.KernelLog()), Extra: fixtures.New(), IsSetting: settings.IsKey}
	if salt != "" {
		opt.Salt = []byte(salt)
	}
	odd := desktop.Record(m.FS, opt.Extra)
	if err := m.recordBoot(opt.Extra); err != nil {
		odd = append(odd, err)
	}
	if m.Live {
		opt.Nodes = detect.RecordNodes(m.FS, nodes.Live())
	}
	tree, report := fixtures.Record(m.FS, opt)
	h := &hiddenMachine{
		machine: &machine{Machine: m.With(&rootfs.Root{FS: tree, Name: m.Name})},
		known:   report.Known, replaced: report.Redacted, running: m.Line("proc/sys/kernel/osrelease"),
	}
	h.Cmdline, h.told = h.Line("proc/cmdline"), h.Line("proc/sys/kernel/osrelease")
	return h, odd
}

var errPrivate = errors.New("private data would have been on it: please report this as a bug of attune; nothing was written")

// check is the last look at a finished page. A kernel's builder may be in the
// name of its release, which modules are found by.
func (h *hiddenMachine) check(page []byte) ([]byte, error) {
	if h.running != h.told && h.told != "" {
		page = bytes.ReplaceAll(page, []byte(h.running), []byte(h.told))
	}
	for _, f := range fixtures.FindPrivate(page, h.known) {
		return nil, fmt.Errorf("making the page: %s: %w", f.Kind, errPrivate)
	}
	return page, nil
}
