package main

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"

	"attune/xconfig"
	"attune/xconfig/display"
	"attune/xconfig/input"
)

// inputs prints what keyboards, pointers and touchscreens are used for, and
// the rules X and Wayland are given for them.
func inputs(in *invocation) (int, error) {
	m, err := in.start(in.open)
	if err != nil {
		return 0, err
	}
	defer m.Close()
	f, p, problems := m.Facts()
	plan := input.Plan(f, p, display.Plan(f, p))
	status := in.warn(problems)
	if in.common.json {
		return status, in.printJSON(plan)
	}
	out := bufio.NewWriter(in.stdout)
	printInputs(out, plan)
	return status, out.Flush()
}

func printInputs(w io.Writer, plan xconfig.InputPlan) {
	printKeyboard(w, plan)
	for _, use := range []string{"keyboard", "pointer", "touch", "tablet", "ignored"} {
		for _, u := range plan.Devices {
			if u.Use == use {
				printUse(w, u)
			}
		}
	}
	for _, c := range plan.Classes {
		printClass(w, c)
	}
	if len(plan.Classes) == 0 {
		fmt.Fprintf(w, "%-10s %-34s %s\n", "rule", "none", "X and Wayland do all of it by themselves")
	}
	for _, n := range plan.Notes {
		fmt.Fprintf(w, "note %s: %s\n", n.Subject, n.Text)
	}
}

// printKeyboard is the layout, who said it, and who was asked besides.
func printKeyboard(w io.Writer, plan xconfig.InputPlan) {
	var silent []string
	for i, n := range plan.KeyboardWhy {
		switch {
		case i == 0:
			fmt.Fprintf(w, "%-10s %-34s %s: %s\n", "layout", plan.Keyboard, n.Subject, n.Text)
		case n.Text == input.SaysNothing:
			silent = append(silent, n.Subject)
		default:
			fmt.Fprintf(w, "%-10s %-34s %s: %s\n", "", "passed over", n.Subject, n.Text)
		}
	}
	if len(silent) > 0 {
		fmt.Fprintf(w, "%-10s %-34s %s\n", "", "say nothing", strings.Join(silent, ", "))
	}
}

func printUse(w io.Writer, u xconfig.InputUse) {
	why := u.Why
	if u.OutputWhy != "" {
		why += ", on " + or(u.Output, "the whole desktop") + ": " + u.OutputWhy
	}
	fmt.Fprintf(w, "%-10s %-34s %s\n", u.Use, u.Name, why)
}

// printClass is a rule and what it says, a line for each option.
func printClass(w io.Writer, c xconfig.InputClass) {
	fmt.Fprintf(w, "%-10s %-34s %s: %s\n", "rule", c.Name, c.Match.Text(), c.Why)
	for _, o := range slices.Concat(c.Options, c.Properties) {
		fmt.Fprintf(w, "%-10s %-34s %q", "", o.Name, o.Value)
		if o.Why != "" && o.Why != c.Why {
			fmt.Fprintf(w, ": %s", o.Why)
		}
		fmt.Fprintln(w)
	}
}
