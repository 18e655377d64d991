package identity

import (
	"io/fs"
	"path"
	"strings"
)

// A nic is one entry of /sys/class/net that is a piece of hardware.
type nic struct {
	name      string // "enp3s0"
	mac       string // "" when it has none of six bytes
	permanent bool   // addr_assign_type 0: from the hardware, not random, not set
	wireless  bool
	external  bool // on USB: it may be another machine's tomorrow
}

// nics lists the network cards, by name.
func nics(root fs.FS) []nic {
	const dir = "sys/class/net"
	entries, _ := fs.ReadDir(root, dir)
	var list []nic
	for _, e := range entries {
		at := dir + "/" + e.Name()
		target, err := fs.ReadLink(root, at)
		if err != nil || strings.Contains(target, "/virtual/") || line(root, at+"/type") != "1" {
			continue
		}
		n := nic{name: e.Name(), permanent: line(root, at+"/addr_assign_type") == "0", external: onUSB(target)}
		n.mac, _ = ParseMAC(line(root, at+"/address"))
		if _, err := fs.Stat(root, at+"/wireless"); err == nil {
			n.wireless = true
		}
		list = append(list, n)
	}
	return list
}

// onUSB tells of a device whose place is below a USB host: ".../usb2/2-1/2-1:1.0/net/eth0".
func onUSB(target string) bool {
	for part := range strings.SplitSeq(path.Clean(target), "/") {
		if rest, ok := strings.CutPrefix(part, "usb"); ok && rest != "" && strings.Trim(rest, "0123456789") == "" {
			return true
		}
	}
	return false
}

func line(root fs.FS, name string) string {
	data, err := fs.ReadFile(root, name)
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(data))
}

// cards adds the addresses of the cards that belong into the machine: wired,
// inside, with the address they were made with.
func (r *reader) cards() {
	for _, n := range r.nics {
		from := "/sys/class/net/" + n.name + "/address"
		switch {
		case n.mac == "" || n.wireless:
		case !n.permanent:
			r.refuse(MAC, from, "not the address the card was made with")
		case n.external:
			r.refuse(MAC, from, "on USB, which may be another machine's tomorrow")
		default:
			r.add(MAC, n.mac, from)
		}
	}
}
