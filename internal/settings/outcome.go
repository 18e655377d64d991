package settings

import (
	"encoding/json"
	"errors"
	"io/fs"
	"slices"
)

// outcomeFile is in captures, whose addresses and serial numbers are replaced:
// which files of machines/ were this machine's cannot be found out from them
// again.
const outcomeFile = "attune/machines"

// An outcome is what became of the files of machines/.
type outcome struct {
	Read     []string  `json:"read,omitempty"` // "etc/attune/machines/lab7.toml"
	Files    []File    `json:"files,omitempty"`
	Warnings []Warning `json:"warnings,omitempty"`
}

func (r *reader) recorded() (outcome, bool) {
	var o outcome
	data, err := fs.ReadFile(r.root, outcomeFile)
	if err != nil || json.Unmarshal(data, &o) != nil {
		return outcome{}, false
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
		if err != nil || d.masked != "" || !slices.Contains(o.Read, d.name) {
			continue
		}
		c := claim{dropIn: d}
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
		return o, slices.DeleteFunc(files, func(d dropIn) bool { return !slices.Contains(o.Read, d.name) })
	}
	if len(files) == 0 {
		return outcome{}, nil
	}
	r := reader{root: c.root, cmdline: c.cmdline, machine: c.machine}
	r.who = r.identity()
	var o outcome
	var own []dropIn
	for _, claim := range r.settled(r.claims(files)) {
		o.Read = append(o.Read, claim.name)
		own = append(own, claim.dropIn)
	}
	o.Files = r.files
	for _, err := range r.warnings {
		if w, ok := errors.AsType[Warning](err); ok {
			o.Warnings = append(o.Warnings, w)
		}
	}
	return o, own
}
