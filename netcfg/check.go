package netcfg

import (
	"fmt"
	"net"
	"net/url"
	"strings"
)

// The most there may be of what a profile lists, and how long its texts may be in
// bytes. Each engine takes as many.
const (
	maxAddresses = 32
	maxRoutes    = 128
	maxDNS       = 8
	maxSearch    = 16
	maxIgnore    = 64

	maxID   = 64
	maxName = 64
	maxURL  = 2048
)

// Check says what in a profile cannot be, as an Error with the code Invalid whose
// text begins with the field.
func (p Profile) Check() error {
	for _, check := range []func(Profile) error{
		checkHead, checkMatch, checkIPv4, checkIPv6, checkRoutes, checkDNS, checkMTU, checkProxy, checkDot1X,
	} {
		if err := check(p); err != nil {
			return Errorf(Invalid, "%w", err)
		}
	}
	return nil
}

// field puts the name of a field before what is wrong with it.
func field(name string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", name, err)
}

func checkHead(p Profile) error {
	switch {
	case p.ID != "" && !isID(p.ID):
		return fmt.Errorf("id: want at most %d letters, digits and hyphens, with no hyphen first", maxID)
	case p.Kind != Wired:
		return fmt.Errorf("kind: want %q", Wired)
	case p.Priority < -999 || p.Priority > 999:
		return fmt.Errorf("priority: %d: want -999 to 999", p.Priority)
	case p.Metered != "" && p.Metered != "yes" && p.Metered != "no":
		return fmt.Errorf(`metered: want "yes", "no" or nothing`)
	}
	return field("name", text(p.Name, maxName))
}

// isID: it is a file's name and part of an object's path on the bus.
func isID(s string) bool {
	return s != "" && len(s) <= maxID && s[0] != '-' && strings.Trim(s, letters+digits+"-") == ""
}

func checkMatch(p Profile) error {
	if name := p.Link.Name; name != "" {
		if err := linkName(name); err != nil {
			return field("link.name", err)
		}
	}
	if p.Link.MAC == "" {
		return nil
	}
	mac, err := net.ParseMAC(p.Link.MAC)
	switch {
	case err != nil || len(mac) != 6 || mac.String() != p.Link.MAC:
		return fmt.Errorf("link.mac: want one such as 52:54:00:12:34:56, in small letters")
	case mac[0]&1 != 0 || mac.String() == "00:00:00:00:00:00":
		return fmt.Errorf("link.mac: %s is no link's own", mac)
	}
	return nil
}

func checkMTU(p Profile) error {
	switch {
	case p.MTU == 0:
	case p.MTU < 68 || p.MTU > 65535:
		return fmt.Errorf("mtu: %d: want 68 to 65535 bytes", p.MTU)
	case p.MTU < 1280 && (p.IPv6.Method == Static || len(p.IPv6.Addresses) > 0):
		return fmt.Errorf("mtu: %d: below 1280 bytes there is no IPv6, for which there are addresses", p.MTU) // RFC 8200 §5
	}
	return nil
}

func checkProxy(p Profile) error {
	if p.Proxy == nil {
		return nil
	}
	x := *p.Proxy
	if x.PAC != "" {
		if x.HTTP != "" || x.HTTPS != "" || len(x.Ignore) > 0 {
			return fmt.Errorf("proxy.pac: a script says all there is to say: the rest has to be empty")
		}
		return field("proxy.pac", webAddress(x.PAC))
	}
	for _, f := range []struct{ name, value string }{{"proxy.http", x.HTTP}, {"proxy.https", x.HTTPS}} {
		if f.value == "" {
			continue
		}
		if err := hostPort(f.value); err != nil {
			return field(f.name, err)
		}
	}
	if len(x.Ignore) > maxIgnore {
		return fmt.Errorf("proxy.ignore: %d: want at most %d", len(x.Ignore), maxIgnore)
	}
	for _, host := range x.Ignore {
		if err := ignored(host); err != nil {
			return field("proxy.ignore", err)
		}
	}
	return nil
}

// webAddress: no file, as who fetches it may be somebody else's program; no name
// and password, as everybody may read it.
func webAddress(s string) error {
	if err := text(s, maxURL); err != nil {
		return err
	}
	if strings.Trim(s, letters+digits+"-._~:/?[]@!$&()*+,;=%") != "" { // RFC 3986 §2, without # and '
		return fmt.Errorf("%.80q: has characters that an address on the web has not", s)
	}
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.User != nil {
		return fmt.Errorf("%.80q: want http:// or https://, a host and a path", s)
	}
	if port := u.Port(); port != "" {
		return hostPort(u.Host)
	}
	return host(u.Hostname())
}
