package kernel

import (
	"io/fs"
	"path"
	"strconv"
)

// Describe adds what /sys tells of links beyond what the kernel's network does:
// their drivers, speeds and whether they are radios. The tree is rooted at "/", and
// its /sys is one of the namespace that the links are in. A link whose name is no
// text has none: no path leads to it.
func Describe(root fs.FS, links []Link) {
	for i := range links {
		l := &links[i]
		dir := path.Join("sys/class/net", l.Name)
		if l.Loopback || !fs.ValidPath(dir) {
			continue
		}
		if target, err := fs.ReadLink(root, path.Join(dir, "device/driver")); err == nil {
			l.Driver = path.Base(target)
		}
		_, err := fs.Stat(root, path.Join(dir, "phy80211"))
		l.Wireless = err == nil
		if l.Carrier { // without, reading fails or gives what it last was
			l.Speed = speed(root, dir)
		}
	}
}

// speed is what has been agreed on with the other end. Documentation/ABI/testing/
// sysfs-class-net: -1 where the driver does not know.
func speed(root fs.FS, dir string) int {
	n, err := strconv.Atoi(text(root, path.Join(dir, "speed")))
	if err != nil || n < 0 {
		return 0
	}
	return n
}
