// Package netcfg sets up network links: what a link shall be, who makes it so,
// what may not be touched, and how a change is undone that nobody confirms.
//
// It knows no manager of networks and no message bus. An Engine does what a
// profile says; the packages below have one for each.
package netcfg

import "net/netip"

// A Profile is how a link shall be. The zero value of each field leaves the
// matter to the network and the system.
type Profile struct {
	ID   string `json:"id"`   // one of its own; letters, digits and hyphens, at most 64
	Name string `json:"name"` // for people; at most 64 bytes
	Kind string `json:"kind"` // Wired

	// Link is the one that it is for. Empty: any of its kind that nothing more
	// particular is for.
	Link Match `json:"link,omitzero"`

	IPv4   IP           `json:"ipv4,omitzero"`
	IPv6   IP           `json:"ipv6,omitzero"`
	Routes []Route      `json:"routes,omitempty"`
	DNS    []netip.Addr `json:"dns,omitempty"`     // asked before those that the network names
	Search []string     `json:"search,omitempty"`  // domains
	OwnDNS bool         `json:"own_dns,omitempty"` // those that the network names are not asked

	MTU      int    `json:"mtu,omitempty"`      // bytes, 68 to 65535; below 1280 there is no IPv6
	Manual   bool   `json:"manual,omitempty"`   // only when somebody asks for it, never by itself
	Priority int    `json:"priority,omitempty"` // -999 to 999; of two that fit the greater is taken
	Metered  string `json:"metered,omitempty"`  // "": as the network says; "yes", "no"
	Proxy    *Proxy `json:"proxy,omitempty"`
	Dot1X    *Dot1X `json:"dot1x,omitempty"`
}

// Wired is the kind of profile of an Ethernet link.
const Wired = "wired"

// A Match names a link. Every field that is set has to fit.
type Match struct {
	Name string `json:"name,omitempty"` // as the kernel has it
	MAC  string `json:"mac,omitempty"`  // of the hardware: 52:54:00:12:34:56, small letters
}

// Methods of an address family.
const (
	Auto   = ""       // by DHCP and, for IPv6, by what routers say
	Static = "static" // as listed
	Off    = "off"    // none; for IPv6 not even link-local ones
)

// An IP is one address family of a profile.
type IP struct {
	Method    string         `json:"method,omitempty"`    // Auto, Static or Off
	Addresses []netip.Prefix `json:"addresses,omitempty"` // of this host, with the length of the network: 192.0.2.7/24; with Auto besides those that come
	Gateway   netip.Addr     `json:"gateway,omitzero"`
}

// A Route is one to be made, beside those that come with addresses.
type Route struct {
	To     netip.Prefix `json:"to"`
	Via    netip.Addr   `json:"via,omitzero"`     // not valid: what it leads to is on the link itself
	Metric uint32       `json:"metric,omitempty"` // 0: as the engine has it
}

// A Proxy is what programs are told about proxies while the link is the primary
// one. Telling is all that is done.
type Proxy struct {
	PAC    string   `json:"pac,omitempty"`    // address of a script that says which; then the rest is empty
	HTTP   string   `json:"http,omitempty"`   // "host:port"
	HTTPS  string   `json:"https,omitempty"`  // "host:port"
	Ignore []string `json:"ignore,omitempty"` // hosts, domains and networks that are reached without
}

// A Dot1X is how a link is let into a network that asks who it is.
// IEEE 802.1X; the methods are those of RFC 3748's registry.
type Dot1X struct {
	Method            string `json:"method"` // "peap", "ttls" or "tls"
	Identity          string `json:"identity"`
	AnonymousIdentity string `json:"anonymous_identity,omitempty"` // told before there is a tunnel
	Inner             string `json:"inner,omitempty"`              // of peap and ttls: "mschapv2" (as when empty), "pap", "gtc", "md5"
	Password          string `json:"password,omitempty"`           // secret

	CA          []byte `json:"ca,omitempty"`           // certificates, PEM or DER: who may have issued the server's
	ServerName  string `json:"server_name,omitempty"`  // suffix of the name in the server's certificate
	AnyServer   bool   `json:"any_server,omitempty"`   // whoever answers is believed: somebody has said that this is wanted
	Certificate []byte `json:"certificate,omitempty"`  // of tls: our own
	Key         []byte `json:"key,omitempty"`          // secret
	KeyPassword string `json:"key_password,omitempty"` // secret
}
