package main

import (
	"errors"
	"flag"
	"fmt"

	"attune/internal/desktop"
	"attune/internal/inspect"
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
	*inspect.Machine

	holdsLadder bool // this process has the record of what showed a picture locked
}

func (in *invocation) open() (*machine, error) {
	m, err := inspect.Open(in.common.root)
	if err != nil {
		return nil, err
	}
	m.Release = in.common.release
	return &machine{Machine: m}, nil
}

// openToPlan is open for the commands that plan: they need to know the kernel
// and its command line, which a scan does not.
func (in *invocation) openToPlan() (*machine, error) {
	m, err := inspect.OpenToPlan(in.common.root, in.common.modules, in.common.release)
	if err != nil {
		return nil, err
	}
	return &machine{Machine: m}, nil
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
