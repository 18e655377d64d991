// Package records keeps what users chose: a small file for each choice, with
// how far it reaches, whose it is and which hardware it is about, and projects
// those which are about this machine onto its settings.
//
// It knows what can be chosen and when a choice applies. Where files may be put
// so that they last is state's business, what a setting means xconfig's.
package records

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// Version is that of the files' form. A file of a later one is left alone.
const Version = 1

// A Record is one choice.
type Record struct {
	Version int    `json:"version"`
	Kind    string `json:"kind"` // a name of Kinds
	Scope   Scope  `json:"scope"`
	Origin  Origin `json:"origin"`
	Match   Match  `json:"match"`
	Value   Value  `json:"value"` // of the type its kind has
}

// A Scope says how far a choice reaches.
type Scope string

// The scopes.
const (
	Ephemeral Scope = "ephemeral" // until the machine is switched off
	User      Scope = "user"      // whoever it is, wherever their home is
	Machine   Scope = "machine"   // whoever sits here
	Site      Scope = "site"      // every machine of the house; nobody on one machine sets it
)

// Scopes are all of them, the narrowest in time first.
var Scopes = []Scope{Ephemeral, User, Machine, Site}

// An Origin says whose choice it is.
type Origin string

// The origins.
const (
	ByUser  Origin = "user"
	ByAdmin Origin = "admin"
	BySite  Origin = "site"
	ByImage Origin = "image"
)

// Origins are all of them.
var Origins = []Origin{ByUser, ByAdmin, BySite, ByImage}

// A Value is what was chosen.
type Value interface {
	check() error   // whether it is within what its type allows
	String() string // in one line; no secret is in it
}

// ID names a record among those of its scope: what it is about, and nothing of
// what was chosen. It is made of small letters, digits and hyphens, so that it
// is a file's name as well, whatever the hardware calls itself.
func (r Record) ID() string { return r.Kind + "-" + r.Match.hash(r.Value) }

// Secret says whether something in the record is for root alone.
func (r Record) Secret() bool {
	k, known := kindOf(r.Kind)
	return k.Secret || !known
}

// Check says what about a record cannot be.
func (r Record) Check() error {
	switch {
	case r.Version != Version:
		return fmt.Errorf("version %d: want %d", r.Version, Version)
	case !slices.Contains(Scopes, r.Scope):
		return fmt.Errorf("scope %q: want one of %s", r.Scope, words(Scopes))
	case !slices.Contains(Origins, r.Origin):
		return fmt.Errorf("origin %q: want one of %s", r.Origin, words(Origins))
	case r.Value == nil:
		return fmt.Errorf("no value")
	}
	if err := r.Match.check(); err != nil {
		return fmt.Errorf("match: %w", err)
	}
	if err := r.Value.check(); err != nil {
		return fmt.Errorf("value: %w", err)
	}
	k, ok := kindOf(r.Kind)
	if !ok {
		return fmt.Errorf("there is no kind %q", r.Kind)
	}
	return k.about(r.Match)
}

func words[T ~string](all []T) string {
	var out []string
	for _, w := range all {
		out = append(out, string(w))
	}
	return strings.Join(out, ", ")
}

// file is a record as it lies on the disk.
type file struct {
	Version int             `json:"version"`
	Kind    string          `json:"kind"`
	Scope   Scope           `json:"scope"`
	Origin  Origin          `json:"origin"`
	Match   Match           `json:"match"`
	Value   json.RawMessage `json:"value"`
	Sum     string          `json:"sum,omitempty"` // of all the rest; who writes by hand leaves it out
}
