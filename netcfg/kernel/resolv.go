package kernel

import (
	"io/fs"
	"net/netip"
	"path"
	"slices"
	"strings"
)

// A DNS is whom programs of the machine ask for names, as /etc/resolv.conf says.
type DNS struct {
	Servers []netip.Addr // with a zone where it has one
	Search  []string
	File    string       // what /etc/resolv.conf leads to; its own path if it is a file itself; "" if there is none
	Of      string       // whose file that is: "systemd-resolved", "NetworkManager"; "" for one that nobody is known to keep
	Behind  []netip.Addr // when the one server is systemd-resolved on this machine: whom that asks, of all links
}

// keepers are who write resolv.conf, by where.
var keepers = []struct{ dir, name string }{
	{"/run/systemd/resolve/", "systemd-resolved"},
	{"/usr/lib/systemd/", "systemd-resolved"}, // its static stub
	{"/run/NetworkManager/", "NetworkManager"},
	{"/run/attune/", "attune"},
	{"/run/resolvconf/", "resolvconf"},
	{"/run/connman/", "ConnMan"},
	{"/proc/net/pnp", "the kernel"},
}

// ReadDNS reads it from a tree that is rooted at "/".
func ReadDNS(root fs.FS) DNS {
	d := DNS{File: follow(root, "/etc/resolv.conf")}
	content, err := fs.ReadFile(root, strings.TrimPrefix(d.File, "/"))
	if err != nil {
		d.File = ""
		return d
	}
	d.Servers, d.Search = ParseResolv(string(content))
	for _, k := range keepers {
		if strings.HasPrefix(d.File, k.dir) {
			d.Of = k.name
			break
		}
	}
	if stub := netip.AddrFrom4([4]byte{127, 0, 0, 53}); slices.Contains(d.Servers, stub) {
		d.Behind, _ = ParseResolv(text(root, "run/systemd/resolve/resolv.conf"))
	}
	return d
}

// follow is where a link ends that may lead to others; "" if they go round in a
// circle.
func follow(root fs.FS, name string) string {
	for range 8 {
		target, err := fs.ReadLink(root, strings.TrimPrefix(name, "/"))
		if err != nil {
			return name
		}
		if !path.IsAbs(target) {
			target = path.Join(path.Dir(name), target)
		}
		name = path.Clean(target)
	}
	return ""
}

// ParseResolv reads a resolv.conf: servers in order, and the domains of the last
// line that has any. resolv.conf(5).
func ParseResolv(content string) (servers []netip.Addr, search []string) {
	for line := range strings.Lines(content) {
		words := strings.Fields(line)
		if len(words) < 2 || strings.ContainsAny(line[:1], "#;") {
			continue
		}
		switch words[0] {
		case "nameserver":
			if a, err := netip.ParseAddr(words[1]); err == nil {
				servers = append(servers, a)
			}
		case "domain":
			search = words[1:2]
		case "search":
			search = words[1:]
		}
	}
	return servers, search
}
