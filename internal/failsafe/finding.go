package failsafe

import (
	"fmt"
	"strings"

	"attune/internal/finding"
)

// Findings are what a person should know of where a machine stands.
func (r Record) Findings() (all []finding.Finding) {
	d := r.State.Decide(r.Facts)
	switch {
	case d.Exhausted:
		all = append(all, finding.New("display.no-picture", "", "tried in turn: "+strings.Join(d.Tried(), "; ")))
	case d.Number > 1 && d.Of > 0:
		all = append(all, finding.New("display.fallback", d.Step.Key(), fmt.Sprintf("on step %d of %d, %s: %s", d.Number, d.Of, d.Step.Why, d.Why)))
	}
	for _, b := range r.Broken {
		all = append(all, finding.New("display.image-config", b.Place(), b.Text))
	}
	return all
}

// Tried are the steps that failed, each with its why.
func (d Decision) Tried() (all []string) {
	for _, f := range d.Failed {
		all = append(all, f.Step+" ("+f.Why+")")
	}
	return all
}

// Place is "FILE:LINE".
func (b Broken) Place() string {
	if b.Line == 0 {
		return b.File
	}
	return fmt.Sprintf("%s:%d", b.File, b.Line)
}
