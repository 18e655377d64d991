// Package identity tells one machine from another, so that one image can have
// values for each.
//
// It reads what a machine has that no other one has, the most certain first,
// and refuses what makers leave in those fields. It decides nothing: which
// values belong to whom is internal/settings' business.
package identity

// A Kind is what an identity is.
type Kind string

// The kinds, the most certain first.
const (
	BootMAC     Kind = "boot-mac" // of the network card the machine was booted by
	UUID        Kind = "uuid"     // SMBIOS system UUID
	Serial      Kind = "serial"   // SMBIOS system serial number
	BoardSerial Kind = "board-serial"
	Asset       Kind = "asset" // SMBIOS chassis asset tag
	MAC         Kind = "mac"   // of the machine's other network cards
)

// An ID is one thing that tells this machine from others.
type ID struct {
	Kind  Kind   `json:"kind"`
	Value string `json:"value"` // in lower case; addresses and UUIDs as Linux writes them
	From  string `json:"from"`  // "BOOTIF= of the kernel command line", "/sys/class/dmi/id/product_uuid"
}

// An Identity is all that tells this machine from others.
type Identity struct {
	IDs []ID `json:"ids,omitempty"` // the most certain first
	// Refused are fields that hold what many machines have, and Unread those
	// that could not be read: serial numbers are root's alone.
	Refused []Refused `json:"refused,omitempty"`
	Unread  []string  `json:"unread,omitempty"`
}

// A Refused is a field that says nothing.
type Refused struct {
	Kind Kind   `json:"kind"`
	From string `json:"from"`
	Why  string `json:"why"`
}
