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
	Hardware     string // what its frames are: "ether", "loopback", "infiniband", "none"
	MAC          net.HardwareAddr
	PermanentMAC net.HardwareAddr
	Loopback     bool
	Up           bool // administratively
	Carrier      bool
	OperState    string // RFC 2863: "up", "down", "dormant" until let in by 802.1X, "lower-layer-down", "unknown" where the driver does not tell
	MTU          int
	Master       int // index of the bridge, bond or team it is part of, 0: none
	Parent       int // index of the link it stands on, 0: none
	Addresses    []netip.Prefix
	Details      []Detail // of each of Addresses

	// These only Describe knows.
	Driver   string // "e1000e"; "" for a virtual one
	Speed    int    // Mbit/s, 0: none, or not told
	Wireless bool
}

// A Detail is what there is to tell of an address beside itself.
type Detail struct {
	Origin    string // one of those below
	Tentative bool   // the kernel still asks whether another machine has it
	Conflict  bool   // another machine has it
}

// Origins of addresses. The kernel tells it of few: for others it goes by their
// range and by whether they end by themselves, so that an address leased for ever
// counts as set by somebody.
const (
	OriginStatic    = "static"     // by somebody, for as long as the link is there
	OriginDHCP      = "dhcp"       // leased
	OriginRA        = "ra"         // made of what a router announces
	OriginKernel    = "kernel"     // the loopback's
	OriginLinkLocal = "link-local" // without anybody: fe80::/10, 169.254.0.0/16
)
