package main

import (
	"bufio"
	"context"
	"fmt"

	"attune/internal/failsafe"
	"attune/internal/finding"
)

// displayStatus says where the machine stands; of a captured one, too.
func displayStatus(_ context.Context, in *invocation, m *machine) (int, error) {
	if err := in.noArgs(); err != nil {
		return 0, err
	}
	rec, err := failsafe.Load(m.FS)
	f, p, problems := m.Facts()
	rec = rec.Now(f, p, m.FS)
	if err != nil && len(problems) == 0 {
		problems = append(problems, err)
	}
	status := in.warn(problems)
	d := rec.State.Decide(rec.Facts)
	if d.Number > 1 || d.Exhausted {
		status = exitWarnings
	}
	if in.common.json {
		return status, in.printJSON(struct {
			Step      failsafe.Step      `json:"step"`
			Number    int                `json:"number"`
			Of        int                `json:"of"`
			Why       string             `json:"why,omitempty"`
			Reset     string             `json:"reset,omitempty"`
			Exhausted bool               `json:"exhausted"`
			Steps     []failsafe.Step    `json:"steps"`
			Failed    []failsafe.Failure `json:"failed"`
			Good      *failsafe.Good     `json:"good,omitempty"`
			Open      *failsafe.Try      `json:"open,omitempty"`
			Findings  []finding.Finding  `json:"findings"`
		}{d.Step, d.Number, d.Of, d.Why, d.Reset, d.Exhausted, rec.Facts.Steps, d.Failed, rec.State.Good, rec.State.Open, rec.Findings()})
	}
	out := bufio.NewWriter(in.stdout)
	printLadder(out, rec, d)
	return status, out.Flush()
}

func printLadder(out *bufio.Writer, rec failsafe.Record, d failsafe.Decision) {
	row := func(what, text string) { fmt.Fprintf(out, "%-10s %s\n", what, text) }
	if d.Of == 0 {
		row("picture", d.Step.Why)
		return
	}
	row("step", fmt.Sprintf("%d of %d: %s: %s", d.Number, d.Of, d.Step.Key(), d.Step.Why))
	if d.Why != "" {
		row("because", d.Why)
	}
	if d.Reset != "" {
		row("again", "begun at the top: "+d.Reset)
	}
	switch g := rec.State.Good; {
	case rec.State.Open != nil && rec.State.Open.None:
		row("picture", "no display server was started; what starts one may be waiting, or be a greeter on a terminal")
	case rec.State.Open != nil:
		row("picture", "X is being started")
	case g != nil && g.Step == d.Step.Key():
		row("picture", "there was one with this step")
	case g != nil:
		row("picture", "there was one with "+g.Step)
	default:
		row("picture", "none seen yet")
	}
	failed := map[string]string{}
	for _, f := range d.Failed {
		failed[f.Step] = f.Why
	}
	for i, s := range rec.Facts.Steps {
		mark, why := " ", s.Why
		if i+1 == d.Number {
			mark = ">"
		}
		if f, ok := failed[s.Key()]; ok {
			mark, why = "x", f
		}
		fmt.Fprintf(out, "%-10s %s %d %s: %s\n", "", mark, i+1, s.Key(), why)
	}
	for _, b := range rec.Broken {
		row("X cannot", "read "+b.Place()+": "+b.Text)
	}
	if d.Exhausted {
		row("do", "correct what is named, then: attune display retry && "+restart(rec.Unit))
	}
}
