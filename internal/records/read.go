package records

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode"

	"attune/internal/finding"
	"attune/internal/state"
)

// sources are where records lie below a machine's root, the weakest first.
// Those of image and site come with the image or are put there by the house.
var sources = []struct {
	dir   string
	scope Scope
}{
	{"usr/lib/attune/records", Site},
	{"etc/attune/records", Site},
	{"var/lib/attune/records", Machine},
	{"run/attune/" + waitingDir + "/records", Ephemeral},
	{"run/attune/records", Ephemeral},
}

// maxRecords is how many of one directory are believed.
const maxRecords = 256

const suffix = ".json"

// A Stored is a record where it lies.
type Stored struct {
	Record
	Path string `json:"path"` // "/var/lib/attune/records/keyboard-6af3b2c41d07.json"
	In   Scope  `json:"in"`   // whose directory it is in; Scope is what was asked for
	rank int    // of the source, higher is stronger
}

// Read reads all records of a machine, the weakest first, and says which could
// not be. It changes nothing.
func Read(root fs.FS) ([]Stored, []finding.Finding) {
	var all []Stored
	var told []finding.Finding
	for rank, src := range sources {
		found, more := readInTime(root, src.dir, src.scope)
		for _, s := range found {
			s.In, s.rank = src.scope, rank
			all = append(all, s)
		}
		told = append(told, more...)
	}
	return all, told
}

// ReadUser reads the records of one user, whose $XDG_STATE_HOME home is. They
// are for programs of a session; a boot does not know whose it will be.
func ReadUser(home string) ([]Stored, []finding.Finding) {
	dir := filepath.Join(home, "attune")
	all, told := readInTime(os.DirFS(dir), dirName, User)
	for i := range all {
		all[i].Path, all[i].In = filepath.Join(dir, all[i].Path), User
	}
	for i := range told {
		told[i].Subject = filepath.Join(dir, told[i].Subject)
	}
	return all, told
}

// patience is how long a directory may take: the picture waits meanwhile.
const patience = 2 * time.Second

// readInTime is readDir where a server that is gone keeps nobody waiting.
func readInTime(root fs.FS, dir string, scope Scope) ([]Stored, []finding.Finding) {
	type found struct {
		all  []Stored
		told []finding.Finding
	}
	f, err := state.Within(patience, func() (f found, err error) {
		f.all, f.told = readDir(root, dir, scope)
		return f, nil
	})
	if err != nil {
		return nil, []finding.Finding{late(dir)}
	}
	return f.all, f.told
}

// late is a directory that did not answer; what of the state directory is, the
// whole of it is.
func late(dir string) finding.Finding {
	if strings.HasPrefix("/"+dir, state.Dir+"/") {
		dir = state.Dir[1:]
	}
	return finding.New("state.hanging", "/"+dir, state.ErrLate.Error())
}

func readDir(root fs.FS, dir string, scope Scope) (all []Stored, told []finding.Finding) {
	seen := map[string]string{} // id -> name
	entries, err := fs.ReadDir(root, dir)
	if errors.Is(err, state.ErrLate) {
		return nil, []finding.Finding{late(dir)}
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		told = append(told, finding.New("records.unread", "/"+dir, err.Error()))
	}
	for _, e := range entries {
		name := path.Join(dir, e.Name())
		if strings.HasSuffix(name, suffix+badSuffix) {
			told = append(told, finding.New("records.corrupt", "/"+name, "this could not be read back and was put aside"))
		}
		if strings.HasPrefix(e.Name(), ".") || path.Ext(name) != suffix {
			continue
		}
		if len(all) == maxRecords {
			return all, append(told, finding.New("records.unread", "/"+dir, fmt.Sprintf("there are more than %d records: the rest is left out", maxRecords)))
		}
		data, err := readSmall(root, name)
		if errors.Is(err, fs.ErrPermission) && isSecret(e.Name()) {
			continue // for root alone, and whoever asks is not
		}
		if err != nil {
			told = append(told, finding.New("records.unread", "/"+name, err.Error()))
			continue
		}
		r, err := Decode(data)
		if err != nil {
			told = append(told, finding.New(kindOfTrouble(err), "/"+name, err.Error()))
			continue
		}
		if err := called(e.Name(), r, scope, seen); err != nil {
			told = append(told, finding.New("records.unread", "/"+name, err.Error()))
			continue
		}
		all = append(all, Stored{Record: r, Path: "/" + name})
	}
	slices.SortStableFunc(all, func(a, b Stored) int { return cmp.Compare(a.Path, b.Path) })
	return all, told
}

// called says what is wrong with a file's name. What attune writes has its kind
// and a hash for a name, in a recording the hash of what was replaced; the
// house's own may be named as it likes. Of two about the same one counts.
func called(name string, r Record, scope Scope, seen map[string]string) error {
	id, ok := idOf(name)
	other, twice := seen[r.ID()]
	switch {
	case scope != Site && (!ok || !strings.HasPrefix(id, r.Kind+"-")):
		return fmt.Errorf("this is not the name of what is in it, %s%s", r.ID(), suffix)
	case strings.ContainsFunc(name, unicode.IsControl):
		return errors.New("there are control characters in its name")
	case twice:
		return fmt.Errorf("%q is about the same, and counts", other)
	}
	seen[r.ID()] = name
	return nil
}

// isSecret says whether a file of that name is of a kind that is for root alone.
func isSecret(name string) bool {
	kind, _, _ := strings.Cut(name, "-")
	k, known := kindOf(kind)
	return k.Secret || !known
}

func kindOfTrouble(err error) string {
	if errors.Is(err, ErrNewer) {
		return "records.newer"
	}
	return "records.corrupt"
}

// readSmall reads a file that is a file, and no longer than a record.
func readSmall(root fs.FS, name string) ([]byte, error) {
	info, err := fs.Lstat(root, name)
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, errors.New("this is no file")
	case info.Size() > MaxFile:
		return nil, fmt.Errorf("%d bytes: want no more than %d", info.Size(), MaxFile)
	}
	return fs.ReadFile(root, name)
}
