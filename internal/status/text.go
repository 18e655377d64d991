package status

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"

	"attune/internal/explain"
	"attune/internal/finding"
)

// Short is the status on one line, for a login message or a panel.
func (s Status) Short() string {
	worst := map[finding.Level][]string{}
	for _, f := range s.Findings {
		if f.Level != finding.Note {
			worst[f.Level] = append(worst[f.Level], f.About())
		}
	}
	if len(worst) == 0 {
		return "attune: all works"
	}
	var parts []string
	for _, l := range []finding.Level{finding.Failed, finding.Limited} {
		if n := len(worst[l]); n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s (%s)", n, l, few(worst[l])))
		}
	}
	return "attune: " + strings.Join(parts, ", ") + ": see attune status"
}

// fewest is how many names one line has room for.
const fewest = 3

func few(names []string) string {
	if more := len(names) - fewest; more > 0 {
		names = append(slices.Clip(names[:fewest]), fmt.Sprintf("%d more", more))
	}
	return strings.Join(names, ", ")
}

// Text tells a person how the machine is: what to look at first, then each
// part in a line or a few.
func (s Status) Text(w io.Writer) error {
	t := &text{w: tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)}
	t.line("%s\n", s.headline())
	for _, f := range s.Findings {
		t.line("%s\t%s\n", strings.ToUpper(string(f.Level)), f.About())
		t.line("\t%s\n", f.Text)
		if f.Means != "" {
			t.line("\t%s\n", f.Means)
		}
		if f.Do != "" {
			t.line("\tto do: %s\n", f.Do)
		}
	}
	if len(s.Findings) > 0 {
		t.line("\n")
	}
	t.parts(s)
	for _, what := range s.Unread {
		t.line("not read\t%s: run as root to see it\n", what)
	}
	if t.err == nil {
		t.err = t.w.Flush()
	}
	return t.err
}

func (s Status) headline() string {
	n := 0
	for _, f := range s.Findings {
		if f.Level != finding.Note {
			n++
		}
	}
	switch {
	case n == 0:
		return "all works"
	case n == 1:
		return string(s.Health) + ": 1 thing to look at"
	}
	return fmt.Sprintf("%s: %d things to look at", s.Health, n)
}

var oneLine = strings.NewReplacer("\n", `\n`, "\t", `\t`)

type text struct {
	w   *tabwriter.Writer
	err error
}

// line prints what it is given on one line, whatever is in it: much of it comes
// from files and devices.
func (t *text) line(format string, args ...any) {
	for i, a := range args {
		switch v := a.(type) {
		case string:
			args[i] = oneLine.Replace(v)
		case error:
			args[i] = oneLine.Replace(v.Error())
		}
	}
	if t.err == nil {
		_, t.err = fmt.Fprintf(t.w, format, args...)
	}
}

func (t *text) parts(s Status) {
	kernel := "no kernel"
	if s.Machine.Kernel != "" {
		kernel = "kernel " + s.Machine.Kernel
	}
	t.line("machine\t%s, %s, %d devices\n", s.Machine.Name(), kernel, s.Machine.Devices)
	t.line("boot\t%s\n", s.Boot.text())
	if s.Boot != nil && s.Boot.Slowest != "" {
		t.line("slowest\t%s\n", s.Boot.Slowest)
	}
	if s.GPU.Why != "" {
		t.line("gpu\t%s, %s: %s\n", orNone(s.GPU.Card), s.GPU.Kind, s.GPU.Why)
	}
	for _, d := range s.Displays {
		if d.State != "disconnected" {
			t.line("display\t%s\n", d.text())
		}
	}
	if s.Keyboard.Source != "" {
		t.line("keyboard\t%s: %s: %s\n", orX(s.Keyboard.Layout), s.Keyboard.Source, s.Keyboard.Why)
	}
	for _, in := range s.Inputs {
		if in.Use == "touch" || in.Use == "tablet" {
			t.line("%s\t%s on %s\n", in.Use, in.Name, orAll(in.Output))
		}
	}
	t.line("inputs\t%s\n", usesText(s.Inputs))
	t.line("drivers\t%s\n", s.Drivers.text())
	for _, set := range s.Settings {
		t.line("setting\t%s = %s by %s\n", set.Key, set.Value, set.Source)
	}
	if s.State.Condition != "" {
		t.line("state\t%s %s: %s\n", s.State.Path, s.State.Condition, s.State.Why)
	}
	for _, c := range s.Records {
		t.line("chosen\t%s, %s: %s\n", c.Kind, c.Scope, c.Text)
	}
	if l := s.Failsafe; l != nil && l.Of > 0 {
		t.line("failsafe\t%s\n", l.Text())
	}
	t.line("x\t%s\n", s.X.Text())
}

// text is the devices by outcome: "212 work; 3 no-module, 1 denied".
func (d Drivers) text() string {
	text := fmt.Sprintf("%d devices work", d.Working)
	var rest []string
	for _, o := range explain.Outcomes {
		if n := d.Outcomes[o]; n > 0 && !o.Works() {
			rest = append(rest, fmt.Sprintf("%d %s", n, o))
		}
	}
	if len(rest) > 0 {
		text += "; " + strings.Join(rest, ", ")
	}
	return text
}

func usesText(all []Input) string {
	n := map[string]int{}
	for _, in := range all {
		n[in.Use]++
	}
	var parts []string
	for _, use := range slices.Sorted(maps.Keys(n)) {
		parts = append(parts, fmt.Sprintf("%d %s", n[use], use))
	}
	if len(parts) == 0 {
		return "none"
	}
	return strings.Join(parts, ", ")
}
