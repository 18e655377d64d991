package records

import (
	"errors"
	"fmt"
	"path"

	"attune/internal/finding"
	"attune/internal/state"
)

// Forget takes a record away, from one scope, or with "" from wherever it can
// be taken.
func (s *Store) Forget(id string, scope Scope) error {
	if !isID(id) {
		return fmt.Errorf("forgetting %q: %w", id, ErrNone)
	}
	scopes := []Scope{scope}
	switch scope {
	case "":
		scopes = s.writable()
	case Ephemeral, Machine:
		scopes = append(scopes, waiting)
	}
	found := false
	var errs []error
	for _, in := range scopes {
		was, err := s.drop(in, id)
		found = found || was
		errs = append(errs, err)
	}
	err := errors.Join(errs...)
	if err == nil && !found {
		err = ErrNone
	}
	if err != nil {
		return fmt.Errorf("forgetting %s: %w", id, err)
	}
	return nil
}

// writable are the scopes that have a place now.
func (s *Store) writable() []Scope {
	all := []Scope{Ephemeral, waiting}
	if s.State.Readable() {
		all = append(all, Machine)
	}
	if s.home != "" {
		all = append(all, User)
	}
	return all
}

// Promote makes a record reach as far as a scope, wherever it is kept now.
func (s *Store) Promote(id string, scope Scope) (Stored, *finding.Finding, error) {
	for _, in := range s.writable() {
		r, err := s.Get(id, in)
		if err != nil || in == scope && r.Scope == scope {
			continue
		}
		r.Scope = scope
		stored, lost, err := s.Put(r)
		if err == nil && stored.In != in && (in != waiting || scope != Machine) { // else it waits on, or is home
			_, err = s.drop(in, id)
		}
		if err != nil {
			return stored, lost, fmt.Errorf("promoting %s to %s: %w", id, scope, err)
		}
		return stored, lost, nil
	}
	return Stored{}, nil, fmt.Errorf("promoting %s to %s: %w", id, scope, ErrNone)
}

// isID says whether a text may be a record's name: kind, hyphen, 12 hex digits.
func isID(id string) bool { return idPattern().MatchString(id) }

// Get is a record as it lies in the directory of a scope.
func (s *Store) Get(id string, in Scope) (Record, error) {
	if !isID(id) {
		return Record{}, fmt.Errorf("%q: %w", id, ErrNone)
	}
	f, err := s.files(in)
	if err != nil {
		return Record{}, err
	}
	data, err := f.Read(path.Join(dirName, id+suffix))
	if err != nil {
		return Record{}, err
	}
	return Decode(data)
}

// Settle takes home what had to stay ephemeral while the state directory could
// not take it, and gives the ids of what is there now.
func (s *Store) Settle() (moved []string, err error) {
	if s.State.Condition != state.Good && s.State.Condition != state.Unknown {
		return nil, nil
	}
	run, err := s.files(waiting)
	if err != nil {
		return nil, err
	}
	names, err := run.List(dirName)
	errs := []error{err}
	for _, name := range names {
		id, ok := idOf(name)
		if !ok {
			continue
		}
		r, err := s.Get(id, waiting)
		if err != nil || r.Scope != Machine || r.ID() != id {
			continue
		}
		home, err := s.takeHome(r)
		errs = append(errs, err)
		if !home {
			break // one that did not fit is enough to know
		}
		moved = append(moved, id)
	}
	return moved, errors.Join(errs...)
}

// takeHome leaves what was chosen for now as it is: it was chosen later. What the
// state directory cannot take yet waits on.
func (s *Store) takeHome(r Record) (home bool, err error) {
	_, err = s.write(r, Machine, func(Value) (Value, error) { return r.Value, nil })
	if err == nil {
		_, err = s.drop(waiting, r.ID())
		return true, err
	}
	if _, weak := s.weakness(err); weak {
		err = nil
	}
	return false, err
}

// kept is all that attune has below the directory of a scope.
var kept = map[Scope][]string{
	Ephemeral: {dirName, waitingDir},
	User:      {dirName},
	Machine:   {dirName, "displays"},
}

// Reset forgets all of a scope, as if nobody had ever chosen anything: its
// records, those put aside, and of the machine what it has seen of displays.
func (s *Store) Reset(scope Scope) error {
	f, err := s.files(scope)
	if err != nil {
		return fmt.Errorf("resetting %s: %w", scope, err)
	}
	var errs []error
	for _, dir := range kept[scope] {
		errs = append(errs, f.RemoveAll(dir))
	}
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("resetting %s: %w", scope, err)
	}
	return nil
}
