package records

import (
	"errors"
	"path"
	"regexp"
	"strings"
	"sync"

	"attune/internal/state"
)

// badSuffix is added to the name of a record that could not be read back.
const badSuffix = ".bad"

// maxBad is how many of those are kept in one place.
const maxBad = 8

var idPattern = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[a-z][a-z0-9]{0,31}-[0-9a-f]{12}$`) })

// idOf is the id of the record a file is named after.
func idOf(name string) (string, bool) {
	id, ok := strings.CutSuffix(name, suffix)
	return id, ok && isID(id)
}

// Tidy puts damaged records aside, so that what was chosen can be chosen anew
// and somebody can look at what is left; it gives the names they have now. Files
// that are none of ours by their names are left alone.
func (s *Store) Tidy() (aside []string, err error) {
	var errs []error
	for _, scope := range []Scope{Machine, Ephemeral, waiting} {
		if scope == Machine && s.State.Condition != state.Good && s.State.Condition != state.Unknown {
			continue
		}
		f, err := s.files(scope)
		if err == nil {
			var names []string
			names, err = tidy(f)
			aside = append(aside, names...)
		}
		errs = append(errs, err)
	}
	return aside, errors.Join(errs...)
}

func tidy(f *state.Files) (aside []string, err error) {
	damaged, err := damagedIn(f)
	if err != nil || len(damaged) == 0 {
		return nil, err
	}
	unlock, err := f.Lock(dirName)
	if err != nil {
		return nil, err
	}
	defer unlock()
	damaged, err = damagedIn(f) // another may have put it right meanwhile
	errs := []error{err}
	for _, name := range damaged {
		from := path.Join(dirName, name)
		if err := f.Rename(from, from+badSuffix); err != nil {
			errs = append(errs, err)
			continue
		}
		aside = append(aside, path.Join(f.Name(), from+badSuffix))
	}
	errs = append(errs, fewBad(f))
	return aside, errors.Join(errs...)
}

func damagedIn(f *state.Files) (damaged []string, err error) {
	names, err := f.List(dirName)
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		if _, ok := idOf(name); !ok {
			continue
		}
		data, err := f.Read(path.Join(dirName, name))
		if err != nil && !errors.Is(err, state.ErrTooLong) {
			continue // a disk that cannot be read is no damaged record
		}
		if _, err := Decode(data); err != nil && !errors.Is(err, ErrNewer) {
			damaged = append(damaged, name)
		}
	}
	return damaged, nil
}

// fewBad keeps a disk that goes bad from filling up with what it spoiled.
func fewBad(f *state.Files) error {
	names, err := f.List(dirName)
	var bad []string
	for _, name := range names {
		if strings.HasSuffix(name, suffix+badSuffix) {
			bad = append(bad, name)
		}
	}
	errs := []error{err}
	for len(bad) > maxBad {
		errs = append(errs, f.Remove(path.Join(dirName, bad[0])))
		bad = bad[1:]
	}
	return errors.Join(errs...)
}
