// Package identity tells one machine from another, so that one image can have
// values for each.
//
// It reads what a machine has that no other one has, the most certain first,
// and refuses what makers leave in those fields. It decides nothing: which
// values belong to whom is internal/settings' business.
package identity

import (
	"fmt"
	"io/fs"
	"slices"
)

// A Kind is what an identity is.
type Kind string

// The kinds, the most certain first.
const (
	BootMAC     Kind = "boot-mac"     // of the network card the machine was booted by
	UUID        Kind = "uuid"         // SMBIOS system UUID
	Serial      Kind = "serial"       // SMBIOS system serial number, of an Arm board the devicetree's
	BoardSerial Kind = "board-serial" // SMBIOS baseboard serial number
	Asset       Kind = "asset"        // SMBIOS chassis asset tag
	MAC         Kind = "mac"          // of a network card that belongs into the machine
)

// An ID is one thing that tells this machine from others.
type ID struct {
	Kind  Kind   `json:"kind"`
	Value string `json:"value,omitempty"` // in lower case; addresses and UUIDs as Linux writes them
	From  string `json:"from"`            // "BOOTIF= of the kernel command line", "/sys/class/dmi/id/product_uuid"
}

// An Identity is all that tells this machine from others.
type Identity struct {
	IDs []ID `json:"ids,omitempty"` // the most certain first
	// Refused are fields that hold what many machines have, and Unread those
	// that could not be read: serial numbers are root's alone.
	Refused []Refused `json:"refused,omitempty"`
	Unread  []Unread  `json:"unread,omitempty"`
}

// A Refused is a field that says nothing.
type Refused struct {
	Kind Kind   `json:"kind"`
	From string `json:"from"`
	Why  string `json:"why"`
}

// An Unread is a field that is there and not for us.
type Unread struct {
	Kind Kind   `json:"kind"`
	From string `json:"from"`
	Err  string `json:"err"`
}

// Read gathers a machine's identity. It always answers.
func Read(root fs.FS, cmdline string) Identity {
	r := reader{root: root, nics: nics(root)}
	r.bootCard(cmdline)
	r.smbios()
	r.cards()
	return r.id
}

type reader struct {
	root fs.FS
	nics []nic
	id   Identity
}

func (r *reader) add(kind Kind, value, from string) {
	if !slices.ContainsFunc(r.id.IDs, func(id ID) bool { return id.Value == value && kindOfMAC(id.Kind) == kindOfMAC(kind) }) {
		r.id.IDs = append(r.id.IDs, ID{kind, value, from})
	}
}

// kindOfMAC: an address is the same address in either role.
func kindOfMAC(k Kind) Kind {
	if k == BootMAC {
		return MAC
	}
	return k
}

func (r *reader) refuse(kind Kind, from, why string) {
	r.id.Refused = append(r.id.Refused, Refused{kind, from, why})
}

// Of gives the identities of a kind. MAC includes the boot card's.
func (i Identity) Of(kind Kind) []ID {
	var list []ID
	for _, id := range i.IDs {
		if id.Kind == kind || kind == MAC && id.Kind == BootMAC {
			list = append(list, id)
		}
	}
	return list
}

// UnreadOf says what kept an identity of a kind from being read.
func (i Identity) UnreadOf(kind Kind) (Unread, bool) {
	at := slices.IndexFunc(i.Unread, func(u Unread) bool { return u.Kind == kind })
	if at < 0 {
		return Unread{}, false
	}
	return i.Unread[at], true
}

// Public is the identity without what only root may know, for files and pages
// that others read: that there is a serial number, and not which.
func (i Identity) Public() Identity {
	i.IDs = slices.Clone(i.IDs)
	for n, id := range i.IDs {
		if kindOfMAC(id.Kind) != MAC {
			i.IDs[n].Value = ""
		}
	}
	return i
}

// String names an identity without telling what only root may know.
func (id ID) String() string {
	if kindOfMAC(id.Kind) == MAC {
		return fmt.Sprintf("%s %s (%s)", id.Kind, id.Value, id.From)
	}
	return fmt.Sprintf("%s (%s)", id.Kind, id.From)
}
