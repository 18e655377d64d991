package identity

import (
	"encoding/binary"
	"encoding/hex"
	"io/fs"
	"math/bits"
	"net/netip"
	"path"
	"strings"
)

// netRoot is the interface that carries the root file system, or the medium of
// a live system: the one klibc's ipconfig set up, or the one the route to the
// server goes out by.
func (r *reader) netRoot() []bootDevice {
	var devices []bootDevice
	leases, _ := fs.Glob(r.root, "run/net-*.conf")
	for _, lease := range leases {
		name := strings.TrimSuffix(strings.TrimPrefix(path.Base(lease), "net-"), ".conf")
		devices = append(devices, bootDevice{name, "/" + lease})
	}
	server, ok := rootServer(line(r.root, "proc/mounts"))
	if !ok {
		return devices
	}
	if name := routeTo(line(r.root, "proc/net/route"), server); name != "" {
		devices = append(devices, bootDevice{name, "the route to the server of the root file system"})
	}
	return devices
}

// rootMounts are where a root that comes over the network is mounted.
var rootMounts = []string{"/", "/run/live/medium", "/lib/live/mount/medium", "/run/initramfs/live", "/cdrom"}

// rootServer is the address of the server of the root file system, of the
// option addr= in /proc/mounts.
func rootServer(mounts string) (netip.Addr, bool) {
	for l := range strings.Lines(mounts) {
		f := strings.Fields(l)
		if len(f) < 4 || !strings.HasPrefix(f[2], "nfs") && f[2] != "cifs" || !contains(rootMounts, f[1]) {
			continue
		}
		for opt := range strings.SplitSeq(f[3], ",") {
			if text, ok := strings.CutPrefix(opt, "addr="); ok {
				addr, err := netip.ParseAddr(text)
				return addr, err == nil
			}
		}
	}
	return netip.Addr{}, false
}

func contains(list []string, s string) bool {
	for _, one := range list {
		if one == s {
			return true
		}
	}
	return false
}

// routeTo finds the interface in /proc/net/route: "eth0 0002000A 00000000 0001
// 0 0 0 00FFFFFF ...", addresses as the bytes lie in memory. The longest mask wins.
func routeTo(routes string, to netip.Addr) string {
	if !to.Is4() {
		return ""
	}
	b := to.As4()
	addr := binary.LittleEndian.Uint32(b[:])
	best, longest := "", -1
	for l := range strings.Lines(routes) {
		f := strings.Fields(l)
		if len(f) < 8 {
			continue
		}
		net, ok1 := word(f[1])
		mask, ok2 := word(f[7])
		if n := bits.OnesCount32(mask); ok1 && ok2 && addr&mask == net && n > longest {
			best, longest = f[0], n
		}
	}
	return best
}

// word reads eight digits of a machine that keeps the low byte first, which all
// that run us do.
func word(s string) (uint32, bool) {
	b, err := hex.DecodeString(s)
	if err != nil || len(b) != 4 {
		return 0, false
	}
	return binary.BigEndian.Uint32(b), true
}
