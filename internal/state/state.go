// Package state is the directory that outlives a boot: whether there is one,
// what it is worth, and how files in it are written so that a power cut costs
// none that was there before.
//
// It knows file systems and their errors. What the files hold it does not know.
package state

import (
	"attune/internal/finding"
)

// Dir is where state is, on whatever is mounted there: a partition labelled
// attune-state, a bind mount, a share, the root file system itself.
const Dir = "/var/lib/attune"

// Run is where what shall last until the machine is switched off goes.
const Run = "/run/attune"

// A Condition is what a state directory is worth.
type Condition string

// The conditions.
const (
	Good     Condition = "good"      // can be written, and is there after the next boot
	Volatile Condition = "volatile"  // can be written, but lies in memory
	Absent   Condition = "absent"    // there is none
	ReadOnly Condition = "read-only" // can be read
	Full     Condition = "full"      // can be read; nothing more fits
	Corrupt  Condition = "corrupt"   // its file system is damaged, or its disk
	Hanging  Condition = "hanging"   // does not answer: a server that is gone, a stick that was pulled
	Unknown  Condition = "unknown"   // not asked to write, so only reading is known to work
)

// A State is a state directory with what was found out about it.
type State struct {
	Path      string    `json:"path"`
	Condition Condition `json:"condition"`
	Why       string    `json:"why"`            // what told us: "a tmpfs", "writing: no space left on device"
	FS        string    `json:"fs,omitempty"`   // "ext4", "tmpfs", "nfs", "0x1234" for one not known by name
	Free      uint64    `json:"free,omitempty"` // bytes
}

// Readable says whether it makes sense to read there.
func (s State) Readable() bool {
	switch s.Condition {
	case Good, Volatile, ReadOnly, Full, Unknown:
		return true
	}
	return false
}

// Keeps says whether what is written there now is there after the next boot.
func (s State) Keeps() bool { return s.Condition == Good }

// Finding is what a person should know of it; there is none about a good one.
func (s State) Finding() (finding.Finding, bool) {
	id, ok := findings[s.Condition]
	if !ok {
		return finding.Finding{}, false
	}
	return finding.New(id, s.Path, s.Why), true
}

var findings = map[Condition]string{
	Absent:   "state.none",
	Volatile: "state.volatile",
	ReadOnly: "state.read-only",
	Full:     "state.full",
	Corrupt:  "state.corrupt",
	Hanging:  "state.hanging",
}
