package main

import (
	"errors"
	"fmt"
	"strings"

	"attune/internal/desktop"
	"attune/internal/finding"
	"attune/internal/records"
)

// setRecord keeps a choice made in words.
func setRecord(in *invocation, m *machine, f recordFlags, args []string) (int, error) {
	if len(args) == 0 {
		return in.misused("set what? kinds are\n%s", strings.TrimSuffix(kindsText(), "\n"))
	}
	kind, words := args[0], args[1:]
	h, plan := m.toChoose(kind, f)
	choice, err := records.Choose(kind, words, h, f.anywhere || f.match != nil)
	if f.current && kind == "display" {
		choice, err = records.ChooseCurrent(plan.Displays, words, h, f.anywhere || f.match != nil)
	}
	switch {
	case errors.Is(err, records.ErrWords):
		return in.misused("%v", err)
	case errors.Is(err, records.ErrNameless):
		err = fmt.Errorf("%w: --anywhere says so", err)
	}
	if err != nil {
		return 0, fmt.Errorf("setting %s: %w", kind, err)
	}
	if f.match != nil {
		choice.Match.Machine = f.match
	}
	choice.Scope, choice.Origin = records.Scope(or(f.scope, string(records.Machine))), origin()
	s, err := m.store(true)
	if err != nil {
		return 0, fmt.Errorf("setting %s: %w", kind, err)
	}
	defer s.Close()
	stored, lost, err := s.Merge(choice.Record, choice.With)
	switch {
	case errors.Is(err, records.ErrMerge):
		return in.misused("%v", err)
	case err != nil:
		return 0, fmt.Errorf("setting %s: %w", kind, err)
	}
	return in.kept(m, stored, lost)
}

// toChoose is what a choice of a kind is made from: of a keyboard no more than
// the machine's name, and not that where another is given.
func (m *machine) toChoose(kind string, f recordFlags) (records.Hardware, desktop.Plan) {
	if kind != "keyboard" {
		h, plan, _ := m.hardware()
		return h, plan
	}
	if f.anywhere || f.match != nil {
		return records.Hardware{}, desktop.Plan{}
	}
	inv, _ := m.Scan()
	return records.Hardware{Inventory: inv}, desktop.Plan{}
}

// kept tells of a record that is safe now.
func (in *invocation) kept(m *machine, stored records.Stored, lost *finding.Finding) (int, error) {
	status := exitDone
	if lost != nil {
		in.tellFindings([]finding.Finding{*lost})
		status = exitWarnings
	}
	if in.common.json {
		return status, in.printJSON(recordShown{stored.ID(), stored.Kind, stored.Scope, stored.In, stored.Origin, stored.Path, true, summary(stored), stored.Match, nil})
	}
	fmt.Fprintf(in.stdout, "%s: %s, kept in %s\n", stored.ID(), summary(stored), stored.Path)
	if m.Live && stored.In != records.User {
		fmt.Fprintln(in.stdout, "it counts from the next boot on, or after attune replan when X starts next")
	}
	return status, nil
}

// forgetRecords takes choices back.
func forgetRecords(in *invocation, m *machine, f recordFlags, ids []string) (int, error) {
	if len(ids) == 0 {
		return in.misused("which record? attune records lists them")
	}
	s, err := m.store(false)
	if err != nil {
		return 0, fmt.Errorf("forgetting %s: %w", strings.Join(ids, ", "), err)
	}
	defer s.Close()
	var errs []error
	for _, id := range ids {
		errs = append(errs, s.Forget(id, records.Scope(f.scope)))
	}
	return exitDone, errors.Join(errs...)
}

// promoteRecords makes choices reach further.
func promoteRecords(in *invocation, m *machine, f recordFlags, ids []string) (int, error) {
	if len(ids) == 0 || f.scope == "" {
		return in.misused("want records and --scope, as in attune records promote keyboard-0123456789ab --scope machine")
	}
	s, err := m.store(true)
	if err != nil {
		return 0, fmt.Errorf("promoting %s: %w", strings.Join(ids, ", "), err)
	}
	defer s.Close()
	status := exitDone
	for _, id := range ids {
		stored, lost, err := s.Promote(id, records.Scope(f.scope))
		if err != nil {
			return 0, err
		}
		one, err := in.kept(m, stored, lost)
		if err != nil {
			return 0, err
		}
		status = max(status, one)
	}
	return status, nil
}

// resetRecords forgets all of a scope.
func resetRecords(in *invocation, m *machine, f recordFlags, args []string) (int, error) {
	if f.scope == "" || len(args) > 0 {
		return in.misused("want --scope: ephemeral, user or machine is forgotten altogether")
	}
	s, err := m.store(false)
	if err != nil {
		return 0, fmt.Errorf("resetting %s: %w", f.scope, err)
	}
	defer s.Close()
	return exitDone, s.Reset(records.Scope(f.scope))
}
