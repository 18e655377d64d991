package settings

import (
	"fmt"
	"slices"
)

// A Rank says how much a source counts. The higher wins.
type Rank int

// The ranks, the weakest first.
const (
	Vendor     Rank = iota // vendor.d: what packages ship
	Image                  // /usr/lib/attune: who made the image
	Profile                // profiles/NAME.toml, chosen by the setting profile
	Quirk                  // quirks.d: what this hardware needs
	Site                   // /run/attune, /etc/attune, and machines: who runs the machines
	LocalState             // what users chose on this machine, and it could be kept
	Credential             // what the hypervisor or systemd handed over
	Cmdline                // the kernel command line: who stands before the machine
)

var rankNames = [...]string{"vendor", "image", "profile", "hardware quirk", "site", "local state", "credential", "kernel command line"}

func (r Rank) String() string {
	if r < 0 || int(r) >= len(rankNames) {
		return fmt.Sprintf("rank %d", int(r))
	}
	return rankNames[r]
}

// MarshalText writes the rank as people read it.
func (r Rank) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (r *Rank) UnmarshalText(text []byte) error {
	i := slices.Index(rankNames[:], string(text))
	if i < 0 {
		return fmt.Errorf("there is no rank %q", text)
	}
	*r = Rank(i)
	return nil
}
