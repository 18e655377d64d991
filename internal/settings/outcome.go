package settings

import (
	"encoding/json"
	"errors"
	"io/fs"
	"slices"

	"attune/internal/identity"
)

// outcomeFile is in captures, whose addresses and serial numbers are replaced:
// which files of machines/ were this machine's cannot be found out from them
// again.
const outcomeFile = "attune/machines"

// An outcome is what became of the files of machines/.
type outcome struct {
	Own      []own     `json:"own,omitempty"`
	Files    []File    `json:"files,omitempty"`
	Warnings []Warning `json:"warnings,omitempty"`
}

// own is a file that is this machine's.
type own struct {
	Name string        `json:"name"`         // "etc/attune/machines/lab7.toml"
	By   identity.Kind `json:"by,omitempty"` // "" for one that is about all of a kind
}

func (o outcome) of(name string) (own, bool) {
	i := slices.IndexFunc(o.Own, func(f own) bool { return f.Name == name })
	if i < 0 {
		return own{}, false
	}
	return o.Own[i], true
}

func (r *reader) recorded() (outcome, bool) {
	var o outcome
	data, err := fs.ReadFile(r.root, outcomeFile)
	if err != nil {
		return outcome{}, false
	}
	if err := json.Unmarshal(data, &o); err != nil {
		r.fail("reading /%s: %w", outcomeFile, err)
	}
	return o, true
}

// replay takes over the files that were the recorded machine's.
func (r *reader) replay(files []dropIn, o outcome) {
	r.files = append(r.files, o.Files...)
	for _, w := range o.Warnings {
		r.warnings = append(r.warnings, w)
	}
	for _, d := range files {
		data, err := content(r.root, d.name)
		f, ours := o.of(d.name)
		if err != nil || d.masked != "" || !ours {
			continue
		}
		c := claim{dropIn: d, by: f.By}
		var ok bool
		if c.doc, c.at, ok = r.parse("/"+d.name, data); ok {
			r.claimed(c)
		}
	}
}

// outcome is what becomes of them on a machine, and which are its own.
func (c *recorder) outcome() (outcome, []dropIn) {
	files := c.list("machines")
	if o, ok := c.recorded(); ok { // a capture of a capture
		return o, slices.DeleteFunc(files, func(d dropIn) bool { _, ours := o.of(d.name); return !ours })
	}
	if len(files) == 0 {
		return outcome{}, nil
	}
	r := reader{root: c.root, cmdline: c.cmdline, machine: c.machine}
	r.who = r.identity()
	var o outcome
	var ours []dropIn
	for _, claim := range r.settled(r.claims(files)) {
		o.Own = append(o.Own, own{claim.name, claim.by})
		ours = append(ours, claim.dropIn)
	}
	o.Files = r.files
	for _, err := range r.warnings {
		if w, ok := errors.AsType[Warning](err); ok {
			o.Warnings = append(o.Warnings, w)
		}
	}
	return o, ours
}
