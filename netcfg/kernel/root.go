package kernel

import (
	"encoding/hex"
	"fmt"
	"io/fs"
	"net"
	"net/netip"
	"path"
	"slices"
	"strings"

	"attune/detect/mounts"
)

// A Root is where the files under / come from, as far as that is told without
// touching anything: from what is mounted on what, down to a disk of this
// machine or to a server.
type Root struct {
	Local  bool     // every layer is on disks or in the memory of this machine
	Remote bool     // some layer is surely a server's; neither: it was lost on the way
	Chain  []string // from / down, for people: "overlay", "/run/image/root.squashfs", "loop0", "nfs 10.0.0.1"
	Clues  []Clue   // to the link a server is reached by; none if Local
	Why    []string // what of the chain could not be followed
}

// A Clue points to a link. One of its three is set.
type Clue struct {
	Server netip.Addr       // which is reached by it
	Name   string           // it had when the machine was started
	MAC    net.HardwareAddr // it has
	Why    string           // where this was read
}

// maxDepth is how many layers a root has at most: each is a chance to go round in
// a circle.
const maxDepth = 32

// RootOf finds out where the root file system comes from, from the machine's
// /proc, /sys, /run and /tmp. A chain that is lost on the way is as one over the
// network: who is not sure cuts nothing off.
func RootOf(root fs.FS) Root {
	w := walk{root: root, mounts: mounts.Parse(text(root, mounts.Table))}
	w.path("/", 0)
	r := Root{Local: !w.remote && len(w.lost) == 0, Remote: w.remote, Chain: w.chain, Why: w.lost}
	if r.Local {
		return r
	}
	r.Clues = append(w.clues, cmdlineClues(text(root, "proc/cmdline"))...)
	r.Clues = append(r.Clues, initramfsClues(root)...)
	r.Clues = append(r.Clues, ibftClues(root)...)
	if len(w.lost) > 0 {
		for _, m := range w.mounts { // one of these may be what was lost
			w.clues = nil
			if w.network(m) {
				r.Clues = append(r.Clues, w.clues...)
			}
		}
	}
	return r
}

// text is a small file's, "" if there is none.
func text(root fs.FS, name string) string {
	b, err := fs.ReadFile(root, name)
	if err != nil {
		return ""
	}
	return strings.TrimRight(string(b), "\n\x00")
}

// A walk goes from / down.
type walk struct {
	root   fs.FS
	mounts []mounts.Mount
	chain  []string
	clues  []Clue
	lost   []string
	remote bool
}

func (w *walk) lose(format string, args ...any) {
	w.lost = append(w.lost, fmt.Sprintf(format, args...))
}

// path follows the mount that a path is in.
func (w *walk) path(name string, depth int) {
	m, ok := mounts.At(w.mounts, name)
	switch {
	case !ok:
		w.lose("%s is in no mount that is seen from here", name)
	case depth > maxDepth:
		w.lose("%s has more layers than can be", name)
	default:
		w.mount(m, depth)
	}
}

// In memory, or without anything behind them.
var memory = []string{"tmpfs", "ramfs", "rootfs", "devtmpfs", "proc", "sysfs"}

// Of a host that this machine is a guest of: no link of its own leads there.
var ofHost = []string{"9p", "virtiofs", "vboxsf"}

// mount follows what is mounted.
func (w *walk) mount(m mounts.Mount, depth int) {
	switch {
	case m.Type == "overlay" || m.Type == "aufs":
		w.chain = append(w.chain, m.Type)
		w.layers(m, depth)
	case slices.Contains(memory, m.Type):
		w.chain = append(w.chain, m.Type)
	case slices.Contains(ofHost, m.Type) && m.Option("trans") != "tcp":
		w.chain = append(w.chain, m.Type)
	case w.network(m):
	case strings.HasPrefix(m.Source, "/dev/"):
		w.device(m, depth)
	case m.Source != "" && path.IsAbs(m.Source): // a file, as fuse's squashfs mounts one
		w.chain = append(w.chain, m.Source)
		w.path(m.Source, depth+1)
	default:
		w.lose("%s of type %s is on nothing that is known", m.Point, m.Type)
	}
}

// layers follows the directories an overlay is made of. They are named as they
// were in the initramfs, which may be gone.
func (w *walk) layers(m mounts.Mount, depth int) {
	var dirs []string
	for _, o := range m.Split() {
		switch key := o.Key; {
		case key == "lowerdir", key == "lowerdir+", key == "datadir+", key == "upperdir":
			dirs = append(dirs, strings.FieldsFunc(o.Value, func(r rune) bool { return r == ':' })...)
		case m.Type == "aufs" && (strings.HasPrefix(key, "br:") || key == "br" || strings.HasPrefix(key, "dirs")):
			w.lose("%s is an aufs, whose layers are not told", m.Point)
		}
	}
	if len(dirs) == 0 {
		w.lose("the layers of %s are not told", m.Point)
	}
	slices.Sort(dirs)
	for _, dir := range dirs {
		under, ok := mounts.At(w.mounts, dir)
		switch {
		case !path.IsAbs(dir) || !ok:
			w.lose("layer %s of %s is not seen from here", dir, m.Point)
		case under.Point == m.Point: // it was in a place that / now lies over
			w.lose("layer %s of %s is hidden under it", dir, m.Point)
		case depth >= maxDepth:
			w.lose("%s has more layers than can be", m.Point)
		default:
			w.mount(under, depth+1)
		}
	}
}

// network is true for file systems of servers, whose address it notes.
func (w *walk) network(m mounts.Mount) bool {
	var server string
	switch m.Type {
	case "nfs", "nfs4", "cifs", "smb3", "9p":
		if m.Type == "9p" && m.Option("trans") != "tcp" {
			return false
		}
		server = m.Option("addr") // which the kernel adds once the name was looked up
		if server == "" {
			server, _, _ = strings.Cut(m.Source, ":/")
		}
	case "ceph", "glusterfs", "fuse.glusterfs", "fuse.sshfs", "fuse.curlftpfs", "afs", "lustre", "ocfs2", "gfs2", "beegfs", "orangefs", "coda":
		server, _, _ = strings.Cut(m.Source, ":")
	default:
		return false
	}
	w.remote = true
	w.chain = append(w.chain, m.Type+" "+m.Source)
	if a, err := netip.ParseAddr(strings.Trim(server, "[]/")); err == nil {
		w.clues = append(w.clues, Clue{Server: a.Unmap(), Why: m.Type + " on " + m.Point})
	}
	return true
}

// device follows a block device that is mounted.
func (w *walk) device(m mounts.Mount, depth int) {
	target, err := fs.ReadLink(w.root, "sys/dev/block/"+m.Dev)
	if err != nil { // btrfs and others have numbers of their own
		target, err = fs.ReadLink(w.root, "sys/class/block/"+strings.ReplaceAll(path.Base(m.Source), "/", "!"))
		target = path.Join("sys/class/block", target)
	} else {
		target = path.Join("sys/dev/block", target)
	}
	if err != nil {
		w.lose("%s, which %s is on, is no device that /sys knows", m.Source, m.Point)
		return
	}
	w.block(target, depth)
}

// block follows a directory of /sys/devices of a disk or a part of one.
func (w *walk) block(dir string, depth int) {
	if depth > maxDepth {
		w.lose("%s has more layers than can be", dir)
		return
	}
	name := path.Base(dir)
	if _, err := fs.Stat(w.root, dir+"/partition"); err == nil {
		dir = path.Dir(dir)
	}
	disk := path.Base(dir)
	w.chain = append(w.chain, name)
	switch {
	case strings.HasPrefix(disk, "loop"):
		file := text(w.root, dir+"/loop/backing_file")
		if file == "" || strings.HasSuffix(file, " (deleted)") {
			w.lose("the file behind %s is not told", disk)
			return
		}
		w.chain = append(w.chain, file)
		w.path(file, depth+1)
	case strings.HasPrefix(disk, "dm-"), strings.HasPrefix(disk, "md"), strings.HasPrefix(disk, "bcache"):
		under, err := fs.ReadDir(w.root, dir+"/slaves")
		if err != nil || len(under) == 0 {
			w.lose("what %s is made of is not told", disk)
		}
		for _, u := range under {
			target, err := fs.ReadLink(w.root, dir+"/slaves/"+u.Name())
			if err != nil {
				w.lose("what %s is made of is not told: %v", disk, err)
				continue
			}
			w.block(path.Join(dir, "slaves", target), depth+1)
		}
	case strings.HasPrefix(disk, "nbd"), strings.HasPrefix(disk, "rbd"), strings.HasPrefix(disk, "drbd"), strings.HasPrefix(disk, "etherd!"):
		w.remote = true
	case strings.HasPrefix(disk, "nvme"):
		w.nvme(dir)
	case strings.Contains(dir, "/session"):
		w.iscsi(dir)
	case strings.HasPrefix(dir, "sys/devices/virtual/") && !strings.HasPrefix(disk, "ram") && !strings.HasPrefix(disk, "zram"):
		w.lose("%s is on nothing that is known", disk)
	}
}

// nvme tells a namespace of another machine from a disk of this one.
// drivers/nvme/host/sysfs.c of the kernel: "transport" and "address".
func (w *walk) nvme(dir string) {
	controllers := []string{path.Dir(dir)}
	if strings.HasPrefix(dir, "sys/devices/virtual/nvme-subsystem/") { // of several ways to it
		controllers = nil
		subsystem := path.Dir(dir)
		entries, _ := fs.ReadDir(w.root, subsystem)
		for _, e := range entries {
			if target, err := fs.ReadLink(w.root, subsystem+"/"+e.Name()); err == nil && strings.HasPrefix(e.Name(), "nvme") {
				controllers = append(controllers, path.Join(subsystem, target))
			}
		}
	}
	known := false
	for _, c := range controllers {
		switch transport := text(w.root, c+"/transport"); transport {
		case "":
		case "pcie", "apple-nvme":
			known = true
		default:
			known, w.remote = true, true
			for _, part := range strings.Split(text(w.root, c+"/address"), ",") {
				if key, value, _ := strings.Cut(part, "="); key == "traddr" {
					w.server(value, "nvme over "+transport)
				}
			}
		}
	}
	if !known {
		w.lose("how %s is reached is not told", path.Base(dir))
	}
}

// iscsi finds the target of a session that a disk belongs to.
// drivers/scsi/scsi_transport_iscsi.c: class iscsi_connection.
func (w *walk) iscsi(dir string) {
	w.remote = true
	var session string
	for part := range strings.SplitSeq(dir, "/") {
		if rest, ok := strings.CutPrefix(part, "session"); ok {
			session = rest
		}
	}
	const class = "sys/class/iscsi_connection"
	all, _ := fs.ReadDir(w.root, class)
	for _, c := range all {
		if strings.HasPrefix(c.Name(), "connection"+session+":") {
			for _, file := range []string{"address", "persistent_address"} {
				w.server(text(w.root, class+"/"+c.Name()+"/"+file), "iSCSI "+c.Name())
			}
		}
	}
}

func (w *walk) server(address, why string) {
	if a, err := netip.ParseAddr(strings.Trim(address, "[] ")); err == nil {
		w.clues = append(w.clues, Clue{Server: a.Unmap(), Why: why})
	}
}

// cmdlineClues are those of the kernel command line.
// Documentation/admin-guide/nfs/nfsroot.rst; dracut.cmdline(7); pxelinux's BOOTIF.
func cmdlineClues(line string) (all []Clue) {
	server := func(s, why string) {
		if a, err := netip.ParseAddr(strings.Trim(s, "[]")); err == nil && !a.IsUnspecified() {
			all = append(all, Clue{Server: a.Unmap(), Why: why})
		}
	}
	for word := range strings.FieldsSeq(line) {
		key, value, _ := strings.Cut(word, "=")
		why := word + " on the kernel command line"
		switch key {
		case "BOOTIF":
			// The first pair is the type of hardware: 01 is Ethernet.
			if mac, err := net.ParseMAC(strings.ReplaceAll(strings.TrimPrefix(value, "01-"), "-", ":")); err == nil {
				all = append(all, Clue{MAC: mac, Why: why})
			}
		case "bootdev", "ksdevice":
			all = append(all, nameOrMAC(value, why)...)
		case "ip":
			parts := splitAddresses(value)
			switch {
			case len(parts) == 2: // ip=eth0:dhcp
				all = append(all, nameOrMAC(parts[0], why)...)
			case len(parts) >= 6:
				server(parts[1], why)
				all = append(all, nameOrMAC(parts[5], why)...)
			}
		case "nfsroot", "netroot", "nbdroot", "iscsi_target_ip", "root", "aoeroot", "nvmf.discover":
			for _, p := range splitAddresses(strings.NewReplacer(",", ":", "/", ":", "@", ":").Replace(value)) {
				server(p, why)
			}
		case "vlan", "bond", "bridge", "team", "ifname": // ifname=boot:52:54:00:12:34:56
			name, mac, _ := strings.Cut(value, ":")
			all = append(all, nameOrMAC(name, why)...)
			if key == "ifname" {
				all = append(all, nameOrMAC(mac, why)...)
			}
		}
	}
	return all
}

// nameOrMAC is a link as people write it.
func nameOrMAC(s, why string) []Clue {
	if mac, err := net.ParseMAC(s); err == nil {
		return []Clue{{MAC: mac, Why: why}}
	}
	if s == "" || s == "all" || s == "any" || s == "link" || strings.ContainsAny(s, "/=. ") {
		return nil
	}
	return []Clue{{Name: s, Why: why}}
}

// splitAddresses splits at colons that are in no brackets.
func splitAddresses(s string) (parts []string) {
	depth, from := 0, 0
	for i, c := range s {
		switch {
		case c == '[':
			depth++
		case c == ']':
			depth--
		case c == ':' && depth == 0:
			parts, from = append(parts, s[from:i]), i+1
		}
	}
	return append(parts, s[from:])
}

// initramfsClues are the links that the initramfs set up and told of:
// initramfs-tools' /run/net-eth0.conf, dracut's /tmp/net.eth0.conf and such in
// /run/initramfs.
func initramfsClues(root fs.FS) (all []Clue) {
	for _, pattern := range []string{"run/net-*.conf", "run/net6-*.conf", "run/initramfs/net-*.conf", "run/initramfs/net.*.conf", "tmp/net.*.conf"} {
		names, _ := fs.Glob(root, pattern)
		for _, name := range names {
			link := strings.TrimSuffix(path.Base(name), ".conf")
			link = strings.TrimPrefix(strings.TrimPrefix(strings.TrimPrefix(link, "net6-"), "net-"), "net.")
			why := "/" + name
			if link != "" && link != "all" {
				all = append(all, Clue{Name: link, Why: why})
			}
			for line := range strings.Lines(text(root, name)) {
				key, value, _ := strings.Cut(strings.TrimSpace(line), "=")
				value = strings.Trim(value, `'"`)
				switch key {
				case "DEVICE", "DEVICE6":
					all = append(all, nameOrMAC(value, why)...)
				case "ROOTSERVER":
					if a, err := netip.ParseAddr(value); err == nil && !a.IsUnspecified() {
						all = append(all, Clue{Server: a, Why: why})
					}
				}
			}
		}
	}
	return all
}

// ibftClues are the adapters that the firmware booted from over iSCSI.
// Documentation/ABI/testing/sysfs-ibft.
func ibftClues(root fs.FS) (all []Clue) {
	macs, _ := fs.Glob(root, "sys/firmware/ibft/ethernet*/mac")
	for _, name := range macs {
		if mac, err := net.ParseMAC(text(root, name)); err == nil {
			all = append(all, Clue{MAC: mac, Why: "/" + name})
		}
	}
	targets, _ := fs.Glob(root, "sys/firmware/ibft/target*/ip-addr")
	for _, name := range targets {
		if a, err := netip.ParseAddr(text(root, name)); err == nil && !a.IsUnspecified() {
			all = append(all, Clue{Server: a.Unmap(), Why: "/" + name})
		}
	}
	return all
}

// String is the clue for people.
func (c Clue) String() string {
	switch {
	case c.Server.IsValid():
		return "server " + c.Server.String() + " (" + c.Why + ")"
	case c.MAC != nil:
		return "address " + hex.EncodeToString(c.MAC) + " (" + c.Why + ")"
	}
	return "link " + c.Name + " (" + c.Why + ")"
}
