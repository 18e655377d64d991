package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"attune/internal/boot"
	"attune/internal/desktop"
	"attune/internal/xwrite"
	"attune/xconfig"
)

// Where a boot finds and leaves what belongs to displays and input devices.
const (
	runDir      = "/run"
	stateDir    = "/var/lib/attune"
	udevControl = "/run/udev/control"
)

// A bootDone is a boot's whole record, machine.json.
type bootDone struct {
	boot.Report
	Desktop *desktop.Applied `json:"desktop,omitempty"` // nil: not asked for
}

// withDesktop configures displays and input devices for the hardware a boot
// has brought up. What goes wrong is a problem of the report; the machine
// comes up with what its image has.
func (m *machine) withDesktop(report boot.Report, opt boot.Options, out *os.Root) bootDone {
	done := bootDone{Report: report}
	if opt.NoDesktop {
		return done
	}
	f, prefs, errs := desktop.Read(m.FS, report.Inventory, m.cmdline, m.nodes())
	applied := desktop.NotApplied(desktop.Decide(f, prefs), "nothing is written")
	if out != nil {
		var more []error
		applied, more = desktop.Apply(context.Background(), applied.Plan, m.target(report, out, f.Image.XServer))
		errs = append(errs, more...)
	}
	if !report.DryRun && applied.TouchesUdev() {
		if err := desktop.RefreshUdev(context.Background(), udevControl); err != nil {
			errs = append(errs, err)
		}
	}
	for _, err := range errs {
		if _, ok := errors.AsType[desktop.Denied](err); ok { // a dry run's: who boots may open them
			applied.Notes = append(applied.Notes, xconfig.Note{Subject: "device nodes", Text: err.Error()})
			continue
		}
		done.Tell(err.Error())
	}
	done.Desktop = &applied
	return done
}

// target is this machine's own directories for a boot, and the scratch
// directory alone for a dry run.
func (m *machine) target(report boot.Report, out *os.Root, server string) desktop.Target {
	t := desktop.Target{Scratch: out}
	if m.Live {
		t.Server = server
	}
	if !report.DryRun {
		t.Live, t.Run, t.State = filepath.Clean(out.Name()) == runScratch, runDir, stateDir
	}
	return t
}

// summary is the record in a few numbers, for scripts.
func (d bootDone) summary() any {
	s := struct {
		boot.Summary
		Desktop *desktopSummary `json:"desktop,omitempty"`
	}{Summary: d.Report.Summary()}
	if a := d.Desktop; a != nil {
		s.Desktop = &desktopSummary{GPU: a.Displays.GPU.Card, Keyboard: a.Inputs.Keyboard.Layout, X: a.X, XWhy: a.XWhy, Changed: a.Changed, Removed: a.Removed, TookMS: a.Took.Milliseconds()}
		for _, o := range a.Displays.Outputs {
			if o.State == "on" {
				s.Desktop.Outputs = append(s.Desktop.Outputs, o.Connector+" "+modeOf(o))
			}
		}
	}
	return s
}

type desktopSummary struct {
	GPU      string         `json:"gpu,omitempty"`
	Outputs  []string       `json:"outputs,omitempty"`
	Keyboard string         `json:"keyboard,omitempty"`
	X        xwrite.Verdict `json:"x"`
	XWhy     string         `json:"x_why,omitempty"`
	Changed  []string       `json:"changed,omitempty"`
	Removed  []string       `json:"removed,omitempty"`
	TookMS   int64          `json:"took_ms"`
}

// desktopText tells a person what became of displays and input devices.
func (d bootDone) desktopText() string {
	a := d.Desktop
	if a == nil {
		return ""
	}
	var b strings.Builder
	fmt.Fprintf(&b, "gpu: %s: %s\n", gpuName(a.Displays.GPU), a.Displays.GPU.Why)
	for _, o := range a.Displays.Outputs {
		if o.State == "on" {
			fmt.Fprintf(&b, "display: %s %s: %s\n", o.Connector, modeOf(o), o.ModeWhy)
		}
	}
	fmt.Fprintf(&b, "keyboard: %s\n", or(a.Inputs.Keyboard.Layout, "as X has it"))
	if len(a.Files) == 0 {
		fmt.Fprintf(&b, "X and Wayland have to be told nothing\n")
	}
	for _, f := range a.Files {
		fmt.Fprintf(&b, "file: %s/%s: %s\n", f.Dir, f.Name, f.Why)
	}
	for _, name := range a.Removed {
		fmt.Fprintf(&b, "removed: %s\n", name)
	}
	if a.X == xwrite.Accepted || a.X == xwrite.Refused {
		fmt.Fprintf(&b, "X's configuration: %s, %s\n", a.X, a.XWhy)
	}
	return b.String()
}
