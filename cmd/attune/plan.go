package main

import (
	"bufio"
	"fmt"
	"io"
	"path"
	"strings"

	"attune/detect/kmod"
	"attune/internal/boot"
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
	r, problems := m.resolver()
	opt, warnings := boot.ParseCmdline(m.cmdline)
	return kmod.NewPlan(opt.Keep(inv), r, opt.Policy), append(problems, warnings...), nil
}

func printPlan(w io.Writer, p kmod.Plan) {
	for _, s := range p.Steps {
		fmt.Fprintf(w, "load %-24s %s\n", s.Module, whyText(s.Why))
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
		fmt.Fprintf(w, "none %-24s %s: no module in this image knows %s\n", "", path.Base(m.Device), m.Alias)
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
		parts = append(parts, w.Alias)
	}
	if w.Note != "" {
		parts = append(parts, w.Note)
	}
	return strings.Join(parts, ": ")
}
