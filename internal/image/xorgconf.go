package image

import (
	"io/fs"
	"path"
	"slices"
	"strings"
)

// Scratch is where X's configuration is written, as seen on the machine.
const Scratch = "/run/attune/xorg.conf.d"

// confDir is the directory X reads when nobody tells it another.
const confDir = "etc/X11/xorg.conf.d"

// xorgConfs are the names X tries for one whole configuration file, in its
// order. ALL_CONFIGPATH of hw/xfree86/common/xf86Config.c, Xorg 21.1, with
// /usr for %P. Those ending in a host name come before the one without.
var xorgConfs = []string{
	"etc/X11/xorg.conf",
	"etc/xorg.conf",
	"usr/etc/X11/xorg.conf.HOST",
	"usr/etc/X11/xorg.conf",
	"usr/lib/X11/xorg.conf.HOST",
	"usr/lib/X11/xorg.conf",
}

// hostname is where a machine's name is.
const hostname = "etc/hostname"

func (t tree) xorgConf() string {
	host := t.firstLine(hostname)
	for _, name := range xorgConfs {
		if strings.HasSuffix(name, ".HOST") {
			if !plain(host) {
				continue
			}
			name = strings.TrimSuffix(name, "HOST") + host
		}
		switch {
		case !t.exists(name):
		case t.empty(name):
			return ""
		default:
			return "/" + name
		}
	}
	return ""
}

// empty: a file without a word, or one that was covered with such a file, says
// nothing to X, and keeps it from looking further.
func (t tree) empty(name string) bool {
	real, _ := t.resolve(name)
	info, err := fs.Stat(t.fs, real)
	return err == nil && info.Size() == 0
}

// confFiles are the files of the two directories X reads by itself that are
// not ours, and those that are copied for it. X takes *.conf alone, and no hidden
// ones.
func (t tree) confFiles() (files []string) {
	names, at, _ := t.dropIns()
	defer func() {
		for _, name := range names {
			files = append(files, "/"+at[name])
		}
	}()
	_, linked := t.byLink()
	for _, dir := range []string{confDir, "usr/share/X11/xorg.conf.d"} {
		for _, name := range t.list(dir) {
			copied := linked && dir == confDir && slices.Contains(names, name)
			if strings.HasSuffix(name, ".conf") && name[0] != '.' && !ours(name) && !copied && t.exists(path.Join(dir, name)) {
				files = append(files, "/"+path.Join(dir, name))
			}
		}
	}
	return files
}

// ours: "10-attune-input.conf".
func ours(name string) bool {
	_, rest, _ := strings.Cut(name, "-")
	return strings.HasPrefix(rest, "attune-")
}
