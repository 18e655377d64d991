package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"time"

	"attune/internal/boot"
	"attune/internal/desktop"
	"attune/internal/finding"
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
	Desktop  *desktop.Applied  `json:"desktop,omitempty"` // nil: not asked for, or not done
	Findings []finding.Finding `json:"findings,omitempty"`

	found []finding.Finding // by name, told in the problems too
	ready bool              // displays and input devices have had their turn
	stuck bool              // configuring hangs somewhere: it is not tried again
}

// desktopTime is how long displays and input devices may take to configure;
// a second is usual on a slow machine. A state directory on a server that is
// gone must not keep the picture away.
const desktopTime = 20 * time.Second

// withDesktop configures displays and input devices for the hardware a boot
// has brought up. What goes wrong, a mistake of ours too, is a problem of the
// report; the machine comes up with what its image has.
func (m *machine) withDesktop(ctx context.Context, report boot.Report, opt boot.Options, log *boot.Journal, out *os.Root) bootDone {
	done := bootDone{Report: report}
	if opt.NoDesktop {
		return done
	}
	if ctx.Err() != nil {
		done.Tell("configuring displays and input devices: stopped by a signal before it began")
		return done
	}
	ctx, cancel := context.WithTimeout(ctx, desktopTime)
	defer cancel()
	type outcome struct {
		applied *desktop.Applied
		errs    []error
	}
	answer := make(chan outcome, 1)
	go func() {
		var o outcome
		defer func() {
			if r := recover(); r != nil {
				o.errs = append(o.errs, fmt.Errorf("configuring displays and input devices: a mistake in attune: %v\n%s", r, debug.Stack()))
			}
			answer <- o
		}()
		o.applied, o.errs = m.configure(ctx, report, log, out)
	}()
	select {
	case o := <-answer:
		done.Desktop = o.applied
		done.tell(o.errs)
	case <-ctx.Done():
		done.Tell(fmt.Sprintf("configuring displays and input devices: not done after %v: they are left as they are", desktopTime))
		done.stuck = true
	}
	return done
}

// tell adds what went wrong to the problems, and what an ordinary user may not
// ask to the notes.
func (d *bootDone) tell(errs []error) {
	for _, err := range errs {
		if _, ok := errors.AsType[desktop.Denied](err); ok && d.Desktop != nil { // a dry run's: who boots may open them
			d.Desktop.Notes = append(d.Desktop.Notes, xconfig.Note{Subject: "device nodes", Text: err.Error()})
			continue
		}
		d.Tell(err.Error())
		d.find(err)
	}
}

func (m *machine) configure(ctx context.Context, report boot.Report, log *boot.Journal, out *os.Root) (*desktop.Applied, []error) {
	span := func(name, why string, begin time.Time) {
		log.Span(boot.Entry{Kind: boot.KindDesktop, Name: name, Why: why}, begin)
	}
	begin := time.Now()
	f, prefs, errs := desktop.Read(m.FS, report.Inventory, m.Cmdline, m.Nodes())
	applied := desktop.NotApplied(desktop.Decide(f, prefs), "nothing is written")
	span("decide", "reading displays, input devices and settings, and deciding", begin)
	if out != nil {
		var more []error
		target := m.target(report, out, f.Image.XServer)
		target.Checked = func(begin time.Time) { span("check", "X reads what is to be written", begin) }
		begin = time.Now()
		applied, more = desktop.Apply(ctx, applied.Plan, target)
		span("write", fmt.Sprintf("%d files changed, %d removed", len(applied.Changed), len(applied.Removed)), begin)
		errs = append(errs, more...)
	}
	if out != nil && m.acts(report) {
		if err := m.noteLadder(ctx, applied, out); err != nil {
			errs = append(errs, err)
		}
	}
	if m.acts(report) && applied.TouchesUdev() {
		begin = time.Now()
		if err := desktop.RefreshUdev(ctx, udevControl); err != nil {
			errs = append(errs, err)
		}
		span("udev", "udev takes the new rules for input devices", begin)
	}
	return &applied, errs
}

// acts says whether this is the running machine's own boot: what is decided for
// another one, or to look at, touches nothing outside its scratch directory.
func (m *machine) acts(report boot.Report) bool { return m.Live && !report.DryRun }

// target is this machine's own directories for a boot, and the scratch
// directory alone for a dry run and for another machine.
func (m *machine) target(report boot.Report, out *os.Root, server string) desktop.Target {
	t := desktop.Target{Scratch: out}
	if m.Live {
		t.Server = server
	}
	if m.acts(report) {
		t.Live, t.Run, t.State = filepath.Clean(out.Name()) == runScratch, runDir, stateDir
	}
	return t
}

// summary is the record in a few numbers, for scripts.
func (d bootDone) summary() any {
	s := struct {
		boot.Summary
		Desktop  *desktopSummary   `json:"desktop,omitempty"`
		Findings []finding.Finding `json:"findings,omitempty"`
	}{Summary: d.Report.Summary(), Findings: d.Findings}
	if a := d.Desktop; a != nil {
		s.Desktop = &desktopSummary{GPU: a.Displays.GPU.Card, Keyboard: a.Inputs.Keyboard.Layout, Pass: a.Pass, TookMS: a.Took.Milliseconds()}
		for _, o := range a.Displays.Outputs {
			if o.State == "on" {
				s.Desktop.Outputs = append(s.Desktop.Outputs, o.Connector+" "+modeOf(o))
			}
		}
	}
	return s
}

type desktopSummary struct {
	GPU      string   `json:"gpu,omitempty"`
	Outputs  []string `json:"outputs,omitempty"`
	Keyboard string   `json:"keyboard,omitempty"`
	desktop.Pass
	TookMS int64 `json:"took_ms"`
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
