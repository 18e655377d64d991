package native

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"attune/netcfg"
)

// What is set of IPv6, one value for each link. Documentation/networking/
// ip-sysctl.rst, conf/interface/*. There is no other way: netlink only tells these.
const (
	disable  = "disable_ipv6"
	acceptRA = "accept_ra"
	raMetric = "ra_defrtr_metric" // since Linux 5.12
)

// A Sysctl reads and sets how IPv6 is on links.
type Sysctl interface {
	// Get gives fs.ErrNotExist for what the kernel does not have.
	Get(link, key string) (string, error)
	Set(link, key, value string) error
}

// Proc is a directory such as /proc/sys/net/ipv6/conf.
type Proc string

// Get reads one value.
func (p Proc) Get(link, key string) (string, error) {
	b, err := os.ReadFile(filepath.Join(string(p), link, key))
	return strings.TrimSpace(string(b)), err
}

// Set sets one.
func (p Proc) Set(link, key, value string) error {
	f, err := os.OpenFile(filepath.Join(string(p), link, key), os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = f.WriteString(value)
	return errors.Join(err, f.Close())
}

// readSysctl is all there is of a link; nothing where there is no IPv6.
func readSysctl(s Sysctl, link string) (map[string]string, error) {
	found := map[string]string{}
	for _, key := range []string{disable, acceptRA, raMetric} {
		value, err := s.Get(link, key)
		switch {
		case err == nil:
			found[key] = value
		case !errors.Is(err, fs.ErrNotExist):
			return nil, fmt.Errorf("reading how IPv6 is set up: %w", err)
		}
	}
	return found, nil
}

// setSysctl makes a link's IPv6 be so, and starts it anew when routers shall be heard
// that were not, or the other way round: what came of them goes, and they are asked.
func setSysctl(s Sysctl, link string, wanted, now map[string]string) error {
	if len(now) == 0 {
		return nil // no IPv6, or too small an MTU for it
	}
	change := func(key, value string) error {
		if err := s.Set(link, key, value); err != nil {
			return netcfg.Errorf(netcfg.Unsupported, "IPv6 of %s cannot be set up as asked for here: %w", link, err)
		}
		return nil
	}
	for _, key := range slices.Sorted(maps.Keys(wanted)) {
		if now[key] == wanted[key] || key == disable {
			continue
		}
		if err := change(key, wanted[key]); err != nil {
			return err
		}
	}
	if _, ok := wanted[disable]; !ok {
		return nil
	}
	anew := now[acceptRA] != wanted[acceptRA] && now[disable] == "0" && wanted[disable] == "0"
	if anew {
		if err := change(disable, "1"); err != nil {
			return err
		}
	}
	if anew || now[disable] != wanted[disable] {
		return change(disable, wanted[disable])
	}
	return nil
}

func utoa(n uint32) string { return strconv.FormatUint(uint64(n), 10) }
