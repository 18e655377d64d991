// Package kernel reads how the network is from the kernel itself, and finds the
// link that the machine's own files come by.
//
// It changes nothing, and knows nothing of who manages a link.
package kernel

import (
	"net"
	"net/netip"
)

// A Link is one network interface. rtnetlink(7), RTM_GETLINK.
type Link struct {
	Index        int
	Name         string
	AltNames     []string
	Kind         string // of a virtual one: "vlan", "bond", "veth"; "" else
	MAC          net.HardwareAddr
	PermanentMAC net.HardwareAddr
	Loopback     bool
	Up           bool // administratively
	Carrier      bool
	MTU          int
	Master       int // index of the bridge, bond or team it is part of, 0: none
	Parent       int // index of the link it stands on, 0: none
	Addresses    []netip.Prefix
}
