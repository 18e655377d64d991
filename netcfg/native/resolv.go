package native

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"net/netip"
	"slices"
	"strings"

	"attune/netcfg/kernel"
)

// resolvFile is where an image's /etc/resolv.conf leads.
const resolvFile = "resolv.conf"

// resolvHead begins each that is written here; another's is left alone.
const resolvHead = "# Written by attune for links that the kernel alone sets up: see resolv.conf(5).\n"

// writeDNS writes down whom to ask for names: those of the profiles of links that
// have a cable, else those that the machine was started with. With neither there is
// no file.
func (e *Engine) writeDNS(links []kernel.Link) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	text := resolv(e.carriers(links), e.o.BootDNS)
	old, err := e.o.Files.Read(resolvFile)
	switch {
	case errors.Is(err, fs.ErrNotExist) && text == "", err == nil && string(old) == text:
		return nil
	case text == "" && !bytes.HasPrefix(old, []byte(resolvHead)):
		return nil
	case text == "":
		err = e.o.Files.Remove(resolvFile)
	default:
		err = e.o.Files.Write(resolvFile, []byte(text), 0o644)
	}
	if err != nil {
		return fmt.Errorf("writing down whom to ask for names: %w", err)
	}
	return nil
}

// resolv is the text for some links. resolv.conf(5).
func resolv(records []*record, boot func() ([]netip.Addr, []string)) string {
	var servers []netip.Addr
	var search []string
	own := false
	for _, r := range records {
		servers = append(servers, r.Profile.DNS...)
		search = append(search, r.Profile.Search...)
		own = own || r.Profile.OwnDNS
	}
	if len(servers) == 0 && !own && boot != nil {
		more, domains := boot()
		servers, search = append(servers, more...), append(search, domains...)
	}
	var b strings.Builder
	if len(servers) > 0 || len(search) > 0 {
		b.WriteString(resolvHead)
	}
	for i, s := range servers {
		if !slices.Contains(servers[:i], s) {
			fmt.Fprintf(&b, "nameserver %s\n", s)
		}
	}
	if search = slices.DeleteFunc(search, func(s string) bool { return !plain(s) }); len(search) > 0 {
		fmt.Fprintf(&b, "search %s\n", strings.Join(search, " "))
	}
	return b.String()
}

// plain tells whether a domain is one that a line can hold: the file has no quotes.
func plain(domain string) bool {
	return domain != "" && !strings.ContainsFunc(domain, func(r rune) bool {
		return r <= ' ' || r >= 0x7f || r == '#' || r == ';'
	})
}

// BootDNS is whom to ask for names as the kernel was told that set up a link by ip=,
// and the initramfs: /proc/net/pnp, and the leases of Debian's ipconfig in /run. The
// tree is rooted at "/".
func BootDNS(root fs.FS) (servers []netip.Addr, search []string) {
	pnp, _ := fs.ReadFile(root, "proc/net/pnp")
	servers, search = kernel.ParseResolv(string(pnp))
	leases, _ := fs.Glob(root, "run/net-*.conf")
	for _, name := range leases {
		lease, _ := fs.ReadFile(root, name)
		for line := range strings.Lines(string(lease)) {
			key, value, _ := strings.Cut(strings.TrimSpace(line), "=")
			value = strings.Trim(value, `'"`)
			switch key {
			case "IPV4DNS0", "IPV4DNS1":
				if a, err := netip.ParseAddr(value); err == nil {
					servers = append(servers, a)
				}
			case "DNSDOMAIN":
				search = append(search, value)
			}
		}
	}
	servers = slices.DeleteFunc(servers, netip.Addr.IsUnspecified) // what ipconfig writes for none
	return servers, search
}
