package failsafe

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"attune/internal/scratch"
)

// File is the record's name in scratch space and in the state directory.
const File = "ladder.json"

// Where the record is below a machine's root, this boot's first.
var places = []string{"run/attune/" + File, keptFile}

// keptFile is in a directory that may be a disk anybody plugged.
const keptFile = "var/lib/attune/" + File

// format is changed when an older program would misread what is written.
const format = 1

// maxRecord is more than a record with the largest set of files in it.
const maxRecord = 1 << 20

// A Record is ladder.json.
type Record struct {
	Format  int      `json:"format"`
	State   State    `json:"state"`
	Facts   Facts    `json:"facts"`             // of the last plan
	Applied string   `json:"applied,omitempty"` // Step.Key whose files are in place, in this boot
	Boot    string   `json:"boot,omitempty"`    // boot_id Applied is of
	Unit    string   `json:"unit,omitempty"`    // in this boot: the service that starts X, "" display-manager.service
	Asked   []string `json:"asked,omitempty"`   // in this boot: steps the display manager was restarted for, each once
	Ended   bool     `json:"ended,omitempty"`   // in this boot: the display manager was ended, for there is nothing to show a picture with
	Taken   bool     `json:"taken,omitempty"`   // a recording's: of the machine as it was, whatever is left out of it
	Broken  []Broken `json:"broken,omitempty"`  // files that are not ours and which X cannot read
}

// A Broken is a file X stops at.
type Broken struct {
	File string `json:"file"`
	Line int    `json:"line,omitempty"`
	Text string `json:"text"` // what X said
}

// Load reads the record of a machine. A damaged one, or one of a later format,
// is as none, and told.
func Load(root fs.FS) (Record, error) {
	var errs []error
	for _, name := range places {
		r, err := read(root, name)
		switch {
		case err == nil:
			return r, errors.Join(errs...)
		case !errors.Is(err, fs.ErrNotExist):
			errs = append(errs, fmt.Errorf("reading which steps showed no picture: /%s: %w: as if there were none", name, err))
		}
	}
	return Record{}, errors.Join(errs...)
}

func read(root fs.FS, name string) (Record, error) {
	info, err := fs.Stat(root, name)
	switch {
	case err != nil:
		return Record{}, err
	case !info.Mode().IsRegular():
		return Record{}, errors.New("no file")
	case info.Size() > maxRecord:
		return Record{}, fmt.Errorf("%d bytes long", info.Size())
	}
	data, err := fs.ReadFile(root, name)
	if err != nil {
		return Record{}, err
	}
	r, err := parse(data)
	if name == keptFile {
		r.State.Good, r.Taken, r.Unit = r.State.Good.ownWork(), false, ""
	}
	return r, err
}

func parse(data []byte) (Record, error) {
	var r Record
	if err := json.Unmarshal(data, &r); err != nil {
		return Record{}, err
	}
	if r.Format != format {
		return Record{}, fmt.Errorf("format %d, and this attune knows %d", r.Format, format)
	}
	return r.legible(), nil
}

// legible has one printable line for each text that comes out on consoles.
func (r Record) legible() Record {
	for i, f := range r.State.Failed {
		r.State.Failed[i].Step, r.State.Failed[i].Why = printable(f.Step), printable(f.Why)
	}
	for i, b := range r.Broken {
		r.Broken[i].File, r.Broken[i].Text = printable(b.File), printable(b.Text)
	}
	for i, s := range r.Facts.Steps {
		r.Facts.Steps[i] = Step{Name: printable(s.Name), Driver: printable(s.Driver), Why: printable(s.Why)}
	}
	r.State.Reset = printable(r.State.Reset)
	return r
}

// Recording is the record for a recording of the machine, whose digests will be
// others: the program, the private data taken out. Of the files there was a
// picture with it has the names: in their text, base64 in JSON, nobody finds what is
// private. nothing: there is nothing to tell.
func (r Record) Recording() (data []byte, nothing bool, err error) {
	if len(r.State.Failed) == 0 {
		return nil, true, nil
	}
	if g := r.State.Good; g != nil {
		plain := *g
		plain.Boot = "" // a recording is of no other boot
		plain.Files = map[string][]byte{}
		for name := range g.Files {
			plain.Files[name] = nil
		}
		r.State.Good = &plain
	}
	r.Format, r.Taken, r.State.Open, r.Applied, r.Boot, r.Unit, r.Asked = format, true, nil, "", "", "", nil
	r.State.Picture = nil
	data, err = json.MarshalIndent(r, "", "\t")
	return append(data, '\n'), false, err
}

// A Keeper is a directory that outlives the boot: state.Files. What is
// committed is on the disk, as the next thing may hang the machine.
type Keeper interface {
	Read(name string) ([]byte, error)
	Commit(name string, data []byte, perm fs.FileMode) error
}

// Save writes the record to scratch space and, where there is one, to the
// state directory. Either may be nil.
func (r Record) Save(run *os.Root, state Keeper) error {
	r.Format = format
	if len(r.State.Failed) == 0 {
		r.Broken = nil
	}
	data, err := json.MarshalIndent(r, "", "\t")
	if err != nil {
		return fmt.Errorf("writing which steps showed a picture: %w", err)
	}
	data = append(data, '\n')
	var errs []error
	if run != nil {
		errs = append(errs, scratch.WriteFile(run, File, data))
	}
	if state != nil {
		r.Applied, r.Boot, r.Unit, r.Asked, r.Facts.Steps = "", "", "", nil, nil // of this boot alone
		errs = append(errs, r.keep(state))
	}
	return errors.Join(errs...)
}

// keep writes what outlives a boot, unless it says that already.
func (r Record) keep(state Keeper) error {
	data, err := json.MarshalIndent(r, "", "\t")
	if err != nil {
		return fmt.Errorf("keeping which steps showed a picture: %w", err)
	}
	data = append(data, '\n')
	if have, err := state.Read(File); err == nil && bytes.Equal(have, data) {
		return nil
	}
	if err := state.Commit(File, data, 0o644); err != nil {
		return fmt.Errorf("keeping which steps showed a picture: %w", err)
	}
	return nil
}
