package records

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"time"

	"attune/internal/finding"
	"attune/internal/state"
)

// Errors callers tell apart.
var (
	ErrSite    = errors.New("records of the site come with the image or lie in /etc/attune/records; one machine does not set them")
	ErrTooMany = fmt.Errorf("there are %d records already, as many as are kept in one place", maxRecords)
	ErrNone    = errors.New("there is no such record")
	ErrNoHome  = errors.New("nobody's home directory is known")
)

// dirName is the directory of records below that of each scope.
const dirName = "records"

// waiting is where records of the machine are while the state directory cannot
// take them: apart from those that are for now anyway, so that neither takes
// the other's place.
const waiting Scope = "waiting"

// waitingDir is below state.Run.
const waitingDir = "waiting"

// A Store is where records are written. One process writes at a time.
type Store struct {
	State state.State // what the directory that outlives a boot is worth
	root  string
	home  string
	open  map[Scope]*state.Files
}

// OpenStore opens the records of a machine whose root is at a path, "/" for
// the running one. home is $XDG_STATE_HOME of a user, "" for none. With try the
// state directory is written to, to see whether it can be, and made if it is not there.
func OpenStore(root, home string, try bool) *Store {
	return openStore(root, home, try, state.Patience)
}

func openStore(root, home string, try bool, patience time.Duration) *Store {
	s := &Store{root: root, home: home, open: map[Scope]*state.Files{}}
	dir := filepath.Join(root, state.Dir)
	s.State = state.Look(dir, try, patience)
	if try && s.State.Condition == state.Absent {
		if f, err := state.Make(dir); err == nil {
			f.Close()
			s.State = state.Look(dir, try, patience)
		}
	}
	return s
}

// Close gives the directories back.
func (s *Store) Close() {
	for _, f := range s.open {
		f.Close()
	}
}

// files opens the directory of a scope, which is made if it is not there.
func (s *Store) files(scope Scope) (*state.Files, error) {
	if f := s.open[scope]; f != nil {
		return f, nil
	}
	var dir string
	switch scope {
	case Machine:
		if f, bad := s.State.Finding(); bad && !s.State.Readable() && s.State.Condition != state.Absent {
			return nil, f // asked once, not again and again
		}
		dir = filepath.Join(s.root, state.Dir)
	case Ephemeral:
		dir = filepath.Join(s.root, state.Run)
	case waiting:
		dir = filepath.Join(s.root, state.Run, waitingDir)
	case User:
		if s.home == "" {
			return nil, ErrNoHome
		}
		dir = filepath.Join(s.home, "attune")
	default:
		return nil, ErrSite
	}
	make := state.Make
	if scope == Machine && s.State.Condition != state.Absent {
		make = state.Open // what was mounted there a moment ago may be gone: nothing is made in its place
	}
	f, err := make(dir)
	if err != nil {
		return nil, err
	}
	s.open[scope] = f
	return f, nil
}

// Put keeps a record. Where its scope's place cannot take it, it is kept until
// the machine is switched off and the finding says why; a later Settle takes it
// home.
func (s *Store) Put(r Record) (Stored, *finding.Finding, error) {
	return s.Merge(r, func(Value) (Value, error) { return r.Value, nil })
}

// Merge is Put of a value made from the one that is in force now, nil where
// there is none. Nobody changes it in between.
func (s *Store) Merge(r Record, with func(old Value) (Value, error)) (Stored, *finding.Finding, error) {
	r.Version = Version
	if r.Scope != Machine {
		stored, err := s.write(r, r.Scope, with)
		return stored, nil, err
	}
	lost, bad := s.State.Finding()
	if !bad {
		stored, err := s.write(r, Machine, with)
		if err == nil {
			return stored, nil, s.supersede(r.ID(), Ephemeral, waiting)
		}
		var weak bool
		if lost, weak = s.weakness(err); !weak {
			return stored, nil, err
		}
	}
	stored, err := s.write(r, waiting, with)
	if err != nil {
		return stored, nil, errors.Join(lost, err)
	}
	return stored, &lost, s.supersede(r.ID(), Ephemeral)
}

// supersede takes away older choices that would count more than the one just kept.
func (s *Store) supersede(id string, in ...Scope) error {
	for _, scope := range in {
		if _, err := s.drop(scope, id); err != nil {
			return fmt.Errorf("it is kept, and until the machine is switched off an older choice stands in for it: %w", err)
		}
	}
	return nil
}

// weakness is what an error of writing says about the state directory; false
// where it is about the record.
func (s *Store) weakness(err error) (finding.Finding, bool) {
	for _, own := range []error{ErrTooMany, ErrNewer, ErrMerge, state.ErrTooLong, state.ErrBusy, fs.ErrInvalid} {
		if errors.Is(err, own) {
			return finding.Finding{}, false
		}
	}
	st := s.State
	st.Condition, st.Why = state.Judge(state.Facts{FS: st.FS, Tried: true, Write: err})
	f, bad := st.Finding()
	if bad {
		s.State = st
	}
	return f, bad
}

// ErrMerge is of a change that cannot be made to what was chosen before.
var ErrMerge = errors.New("changing what was chosen")

// write puts a record into the directory of a scope, under its lock.
func (s *Store) write(r Record, in Scope, with func(Value) (Value, error)) (Stored, error) {
	f, err := s.files(in)
	if err != nil {
		return Stored{}, err
	}
	unlock, err := f.Lock(dirName)
	if err != nil {
		return Stored{}, err
	}
	defer unlock()
	id := r.ID()
	name := path.Join(dirName, id+suffix)
	old, err := s.before(id, in)
	if err != nil {
		return Stored{}, err
	}
	if r.Value, err = with(old); err != nil {
		return Stored{}, fmt.Errorf("%w: %w", ErrMerge, err)
	}
	data, err := Encode(r)
	if err != nil {
		return Stored{}, fmt.Errorf("%w: %w", ErrMerge, err)
	}
	if err := s.room(f, id); err != nil {
		return Stored{}, err
	}
	if err := f.Commit(name, data, permOf(r.Kind)); err != nil {
		return Stored{}, err
	}
	f.Remove(name + badSuffix) // chosen anew: what was damaged is of no more use
	if in == waiting {
		in = Ephemeral
	}
	return Stored{Record: r, Path: path.Join("/", s.below(f), name), In: in}, nil
}

// below is where files are as the machine sees it.
func (s *Store) below(f *state.Files) string {
	if rel, err := filepath.Rel(s.root, f.Name()); err == nil && filepath.IsLocal(rel) {
		return rel
	}
	return f.Name()
}

func permOf(kind string) fs.FileMode {
	if k, _ := kindOf(kind); k.Secret {
		return 0o600
	}
	return 0o644
}

// room: one more record has to fit, unless it takes another's place.
func (s *Store) room(f *state.Files, id string) error {
	names, err := f.List(dirName)
	n := 0
	for _, name := range names {
		if name == id+suffix {
			return nil
		}
		if path.Ext(name) == suffix {
			n++
		}
	}
	if err == nil && n >= maxRecords {
		err = ErrTooMany
	}
	return err
}

// before is what is in force for an id now: that of the scope, or of the one
// it stands in for. A file of a newer version is nobody's to write over.
func (s *Store) before(id string, in Scope) (Value, error) {
	for _, scope := range []Scope{in, Ephemeral, waiting, Machine} {
		f, err := s.files(scope)
		if err != nil || scope == User && in != User {
			continue
		}
		data, err := f.Read(path.Join(dirName, id+suffix))
		if err != nil {
			continue
		}
		r, err := Decode(data)
		if errors.Is(err, ErrNewer) && scope == in {
			return nil, fmt.Errorf("%s: %w: it is left as it is; `attune records forget` takes it away", id, err)
		}
		if err == nil {
			return r.Value, nil
		}
	}
	return nil, nil
}

// drop takes a record away, if it is there.
func (s *Store) drop(in Scope, id string) (was bool, err error) {
	f, err := s.files(in)
	if err != nil {
		return false, err
	}
	name := path.Join(dirName, id+suffix)
	gone := func(err error) bool { return errors.Is(err, fs.ErrNotExist) }
	if _, err := f.Read(name); gone(err) {
		if _, err := f.Read(name + badSuffix); gone(err) {
			return false, nil
		}
	}
	unlock, err := f.Lock(dirName)
	if err != nil {
		return false, err
	}
	defer unlock()
	for _, name := range []string{name, name + badSuffix} {
		if rerr := f.Remove(name); rerr == nil {
			was = true
		} else if !gone(rerr) {
			err = errors.Join(err, rerr)
		}
	}
	return was, err
}
