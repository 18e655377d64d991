// Package finding is what a machine has to say to the person in front of it:
// what is not as it should be, under a name that stays the same from release to
// release, and what to do about it.
//
// It is a leaf: types and the list of names. It finds nothing itself.
package finding

import (
	"crypto/sha256"
	"encoding/hex"
)

// A Level says how bad it is.
type Level string

// The levels, the worst first.
const (
	Failed  Level = "failed"  // does not work
	Limited Level = "limited" // works, with less than the machine could
	Note    Level = "note"    // works; somebody may want to know
)

// A Finding is one thing to tell.
type Finding struct {
	ID      string `json:"id"` // one of Catalog's
	Level   Level  `json:"level"`
	Subject string `json:"subject,omitempty"` // the device, file or setting it is about
	Text    string `json:"text"`              // what is so, on this machine
	Do      string `json:"do,omitempty"`      // what to do, where it is another than the catalog's
}

// About is a finding in two words: its name and what it is about.
func (f Finding) About() string {
	if f.Subject == "" {
		return f.ID
	}
	return f.ID + " " + f.Subject
}

// Error makes a finding an error, for those who give back what went wrong in one
// list with other things.
func (f Finding) Error() string {
	if f.Subject == "" {
		return f.Text
	}
	return f.Subject + ": " + f.Text
}

// A Kind is what all findings of one name have in common.
type Kind struct {
	ID    string // "display.no-picture": area, dot, what
	Level Level  // the usual one
	Means string // one sentence for a person
	Do    string // what that person can do
}

// MessageID is the journal's MESSAGE_ID for findings of a name: 128 bits in
// hex, derived from the name and so as stable as it.
// sd_journal_print(3), MESSAGE_ID.
func MessageID(id string) string {
	sum := sha256.Sum256([]byte("org.attune1 finding " + id))
	return hex.EncodeToString(sum[:16])
}

// Catalog lists every kind of finding there is, by area.
func Catalog() []Kind { return catalog }

// KindOf gives the kind of a name.
func KindOf(id string) (Kind, bool) {
	for _, k := range catalog {
		if k.ID == id {
			return k, true
		}
	}
	return Kind{}, false
}

// New is a finding with its kind's level. A name the catalog lacks is a
// mistake of the program and panics, which a test of every caller shows.
func New(id, subject, text string) Finding {
	k, ok := KindOf(id)
	if !ok {
		panic("finding: no kind " + id)
	}
	return Finding{ID: id, Level: k.Level, Subject: subject, Text: text, Do: k.Do}
}
