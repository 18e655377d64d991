package main

import (
	"bufio"
	"fmt"
	"io"
	"path"
	"strings"

	"attune/detect"
	"attune/detect/kmod"
)

// plan prints what boot would do with the devices there are now.
func plan(in *invocation) (int, error) {
	if err := in.parse(); err != nil {
		return 0, err
	}
	if err := in.noArgs(); err != nil {
		return 0, err
	}
	m, err := in.openToPlan()
	if err != nil {
		return 0, err
	}
	defer m.Close()
	p, problems, err := m.plan()
	if err != nil {
		return 0, err
	}
	status := in.warn(problems)
	if m.noTree {
		p.Missing = nil // all of them, for the one reason already told
	}
	if in.common.json {
		return status, in.printJSON(p)
	}
	out := bufio.NewWriter(in.stdout)
	printPlan(out, p)
	return status, out.Flush()
}

// plan is the whole decision: inventory, index, configuration, policy.
func (m *machine) plan() (kmod.Plan, []error, error) {
	inv, err := m.scan()
	if err != nil {
		return kmod.Plan{}, nil, err
	}
	p, problems := m.planFor(inv)
	return p, problems, nil
}

// planFor plans for an inventory and gathers what may make the plan doubtful.
func (m *machine) planFor(inv detect.Inventory) (kmod.Plan, []error) {
	r, problems := m.resolver()
	opt := m.options()
	p := kmod.NewPlan(opt.Keep(inv), r, opt.Policy)
	problems = append(problems, opt.Warnings...)
	problems = append(problems, scanProblems(inv)...)
	problems = append(problems, opt.Unmatched(inv, r)...)
	return p, append(problems, r.Problems()...)
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
