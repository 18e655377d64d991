package main

import (
	"bufio"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"attune/detect/kmod"
	"attune/internal/desktop"
)

// plan prints what boot would do with the devices there are now: the modules,
// and what display servers would be told.
func plan(in *invocation) (int, error) {
	m, err := in.start(in.openToPlan)
	if err != nil {
		return 0, err
	}
	defer m.Close()
	inv, err := m.Scan()
	if err != nil {
		return 0, err
	}
	p, problems := m.PlanModules(inv)
	d, more := m.PlanDesktop(inv)
	status := in.warn(append(problems, more...))
	if m.NoTree {
		p.Missing = nil // all of them, for the one reason already told
	}
	if in.common.json {
		return status, in.printJSON(wholePlan{p, d})
	}
	out := bufio.NewWriter(in.stdout)
	printPlan(out, p)
	if d != nil {
		printDesktop(out, *d)
	}
	return status, out.Flush()
}

// A wholePlan is what plan --json prints.
type wholePlan struct {
	kmod.Plan
	Desktop *desktop.Plan `json:"desktop,omitempty"` // nil: switched off
}

// printDesktop is a line for each decision and each file, and the files
// themselves, as each line in them has its reason beside it.
func printDesktop(w io.Writer, d desktop.Plan) {
	fmt.Fprintf(w, "gpu  %-24s %s\n", gpuName(d.Displays.GPU), d.Displays.GPU.Why)
	if step := d.Displays.GPU.Fallback; step != nil {
		fmt.Fprintf(w, "step %-24s %d of %d: %s\n", step, step.Number, step.Of, step.Why)
	}
	for _, o := range d.Displays.Outputs {
		if o.State == "on" {
			fmt.Fprintf(w, "show %-24s %s: %s\n", o.Connector, modeOf(o), o.ModeWhy)
		}
	}
	if len(d.Inputs.KeyboardWhy) > 0 {
		why := d.Inputs.KeyboardWhy[0]
		fmt.Fprintf(w, "keys %-24s %s: %s\n", or(d.Inputs.Keyboard.Layout, "X's own"), why.Subject, why.Text)
	}
	for _, f := range d.Files {
		fmt.Fprintf(w, "file %-24s %s\n", f.Name, f.Why)
		for line := range strings.Lines(string(f.Data)) {
			fmt.Fprintf(w, "     | %s\n", strings.TrimSuffix(line, "\n"))
		}
	}
	for _, n := range slices.Concat(d.Displays.Notes, d.Inputs.Notes, d.Notes) {
		fmt.Fprintf(w, "note %-24s %s\n", n.Subject, n.Text)
	}
}

func printPlan(w io.Writer, p kmod.Plan) {
	for _, s := range p.Steps {
		verb := "load"
		if s.Install != "" {
			verb = "run "
		}
		fmt.Fprintf(w, "%s %-24s %s\n", verb, s.Module, whyText(s.Why))
		if s.Install != "" {
			fmt.Fprintf(w, "     %-24s the command of modprobe.d instead: %s\n", "", s.Install)
		}
		if s.Params != "" {
			fmt.Fprintf(w, "     %-24s with %s\n", "", s.Params)
		}
		if len(s.Else) > 0 {
			fmt.Fprintf(w, "     %-24s if that fails: %s\n", "", strings.Join(s.Else, ", "))
		}
	}
	for _, d := range p.Denied {
		fmt.Fprintf(w, "deny %-24s %s (%s); wanted by %s\n", d.Module, d.Source, d.By, whyText(d.Why))
	}
	for _, m := range p.Missing {
		fmt.Fprintf(w, "none %-24s %s: no module in this image knows %s\n", "", path.Base(m.Device), short(m.Alias))
	}
	for _, n := range p.Notes {
		fmt.Fprintf(w, "note %s\n", n)
	}
}

// whyText is the first reason of several and how many more there are.
func whyText(whys []kmod.Why) string {
	if len(whys) == 0 {
		return ""
	}
	text := why(whys[0])
	if n := len(whys) - 1; n > 0 {
		text += fmt.Sprintf(" (and %d more)", n)
	}
	return text
}

func why(w kmod.Why) string {
	var parts []string
	if w.For != "" {
		parts = append(parts, w.Kind+" of "+w.For)
	}
	if w.Device != "" {
		parts = append(parts, path.Base(w.Device))
	}
	if w.Alias != "" {
		parts = append(parts, short(w.Alias))
	}
	if w.Note != "" {
		parts = append(parts, w.Note)
	}
	return strings.Join(parts, ": ")
}
