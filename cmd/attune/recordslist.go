package main

import (
	"bufio"
	"fmt"
	"io"

	"attune/internal/finding"
	"attune/internal/records"
	"attune/internal/state"
)

// A recordShown is a record as people and scripts see it. What is secret in
// one is not in it.
type recordShown struct {
	ID      string         `json:"id"`
	Kind    string         `json:"kind"`
	Scope   records.Scope  `json:"scope"`
	In      records.Scope  `json:"in"`
	Origin  records.Origin `json:"origin"`
	Path    string         `json:"path"`
	Applies bool           `json:"applies"` // to this hardware, and no stronger one stands in for it
	Text    string         `json:"text"`
	Match   records.Match  `json:"match"`
	Value   any            `json:"value,omitempty"`
}

// listRecords is all there are, and which of them count here.
func listRecords(in *invocation, m *machine, f recordFlags, args []string) (int, error) {
	if len(args) > 0 {
		return in.misused("what is %q for?", args[0])
	}
	return in.printRecords(m, func(r recordShown) bool { return f.scope == "" || string(r.In) == f.scope })
}

// showRecords is what these say, in full.
func showRecords(in *invocation, m *machine, _ recordFlags, ids []string) (int, error) {
	if len(ids) == 0 {
		return in.misused("which record? attune records lists them")
	}
	wanted := map[string]bool{}
	for _, id := range ids {
		wanted[id] = true
	}
	all, _ := m.shown()
	var found []recordShown
	for _, r := range all {
		if wanted[r.ID] {
			found = append(found, r)
		}
	}
	if len(found) == 0 {
		return 0, fmt.Errorf("showing %q: %w", ids, records.ErrNone)
	}
	return exitDone, in.printJSON(found)
}

// shown are all records as they are shown.
func (m *machine) shown() ([]recordShown, []finding.Finding) {
	all, told := m.records()
	h, _, _ := m.hardware()
	force := map[string]bool{}
	for _, s := range records.InForce(all) {
		force[s.Path] = s.Applies(h)
	}
	var out []recordShown
	for _, s := range all {
		r := recordShown{s.ID(), s.Kind, s.Scope, s.In, s.Origin, s.Path, force[s.Path], summary(s), s.Match, s.Value}
		if s.Secret() {
			r.Value = nil
		}
		out = append(out, r)
	}
	return out, told
}

func (in *invocation) printRecords(m *machine, keep func(recordShown) bool) (int, error) {
	all, told := m.shown()
	answer := struct {
		State    *state.State      `json:"state,omitempty"` // of the running machine
		Records  []recordShown     `json:"records"`
		Findings []finding.Finding `json:"findings,omitempty"`
	}{Records: []recordShown{}, Findings: told}
	if m.Live {
		s := state.Look(state.Dir, false, state.Patience)
		answer.State = &s
		if f, bad := s.Finding(); bad {
			answer.Findings = append(answer.Findings, f)
		}
	}
	for _, r := range all {
		if keep(r) {
			answer.Records = append(answer.Records, r)
		}
	}
	if in.common.json {
		status := exitDone
		for _, f := range answer.Findings {
			if f.Level != finding.Note {
				status = exitWarnings
			}
		}
		return status, in.printJSON(answer)
	}
	out := bufio.NewWriter(in.stdout)
	tableOfRecords(out, answer.Records)
	if err := out.Flush(); err != nil {
		return 0, err
	}
	return in.tellFindings(answer.Findings), nil
}

func tableOfRecords(w io.Writer, all []recordShown) {
	if len(all) == 0 {
		fmt.Fprintf(w, "nothing was chosen. attune records set KIND KEY=VALUE... does; kinds are\n%s", kindsText())
		return
	}
	for _, r := range all {
		scope := string(r.Scope)
		if r.In != r.Scope {
			scope += ", for now " + string(r.In)
		}
		here := "here"
		if !r.Applies {
			here = "not here"
		}
		fmt.Fprintf(w, "%-24s %-9s %-10s %-6s %-9s %s\n", r.ID, r.Kind, scope, r.Origin, here, r.Text)
	}
}
