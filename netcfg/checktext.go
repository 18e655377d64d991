package netcfg

import (
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	digits  = "0123456789"
)

// text is for people: no byte in it ends a line or a field of any file, or moves a
// terminal's cursor. Which characters have a meaning to its file is the writer's
// to know; NetworkManager's keyfiles, say, escape what they have to.
func text(s string, most int) error {
	switch {
	case len(s) > most:
		return fmt.Errorf("%d bytes: want at most %d", len(s), most)
	case !utf8.ValidString(s):
		return fmt.Errorf("it is not UTF-8")
	case strings.ContainsFunc(s, unprintable):
		return fmt.Errorf("it has characters in it that cannot be seen")
	case strings.TrimSpace(s) != s:
		return fmt.Errorf("it begins or ends with a space")
	}
	return nil
}

// unprintable: control characters, separators of lines, and those that turn the
// direction of what follows, so that a text looks like another.
func unprintable(r rune) bool {
	return unicode.IsControl(r) || unicode.In(r, unicode.Zl, unicode.Zp, unicode.Bidi_Control) || r == '\uFEFF'
}

// secret is text that nobody reads: spaces at its ends are part of it.
func secret(s string, most int) error {
	switch {
	case len(s) > most:
		return fmt.Errorf("longer than %d bytes", most)
	case !utf8.ValidString(s):
		return fmt.Errorf("it is not UTF-8")
	case strings.ContainsFunc(s, unicode.IsControl):
		return fmt.Errorf("it has control characters in it")
	}
	return nil
}

// linkName is one the kernel takes, but for unprintable ones. net/core/dev.c,
// dev_valid_name.
func linkName(s string) error {
	switch {
	case len(s) > 15 || s == "" || s == "." || s == "..":
		return fmt.Errorf("%.20q: want 1 to 15 bytes", s)
	case strings.ContainsAny(s, "/:") || strings.ContainsFunc(s, unicode.IsSpace):
		return fmt.Errorf("%q: no link has a slash, a colon or a space in its name", s)
	}
	return text(s, 15)
}

// domain is a name of DNS, or one label of it. RFC 1123 §2.1, with underscores as
// many sites have them. Names in other scripts come as they are on the wire.
func domain(s string) error {
	if len(s) > 253 || s == "" {
		return fmt.Errorf("%d bytes: want 1 to 253", len(s))
	}
	for label := range strings.SplitSeq(s, ".") {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' || strings.Trim(label, letters+digits+"-_") != "" {
			return fmt.Errorf("%.80q is no domain", s)
		}
	}
	return nil
}

// host is a domain or an address.
func host(s string) error {
	if a, err := netip.ParseAddr(s); err == nil && a.Zone() == "" {
		return nil
	}
	return domain(s)
}

func hostPort(s string) error {
	h, port, err := net.SplitHostPort(s)
	if err != nil {
		return fmt.Errorf("%.80q: want host:port", s)
	}
	if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 || port[0] == '+' {
		return fmt.Errorf("%.80q: want a port of 1 to 65535", s)
	}
	return host(h)
}

// ignored is what of a proxy's exceptions programs understand: a host, a domain
// with all below it (".example.org", "*.example.org"), a network.
func ignored(s string) error {
	if _, err := netip.ParsePrefix(s); err == nil {
		return nil
	}
	s = strings.TrimPrefix(s, "*")
	return host(strings.TrimPrefix(s, "."))
}
