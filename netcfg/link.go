package netcfg

import "attune/netcfg/kernel"

// A Link is one with all that is known of it. Its State is StateUnmanaged where no
// engine manages it; it is Settable where one would.
type Link struct {
	kernel.Link
	Managed
	Engine      string   // name of the one whose it is, "" for none
	Protected   []string // why it must be left alone; none: it may be changed
	Own         string   // ID of the profile that Configure makes for it
	Job         uint64   // ID of the one under way, 0: none
	Transaction uint64   // ID of the open one it is in, 0: none
}

// A Stored is a profile, without its secrets, and where it is kept.
type Stored struct {
	Profile
	Persistent bool // it is there when the machine is switched on the next time
	ReadOnly   bool // the image brings it: Delete gives back what the image has
	Changed    bool // as it is now it lasts until the machine is switched off
}
