package image

import (
	"path"
	"strconv"
	"strings"

	"attune/xconfig"
)

// A mount is one line of /proc/self/mountinfo. proc(5).
type mount struct {
	dev    string // major:minor
	root   string // what of the file system is mounted: "/", "/attune/xorg.conf.d"
	point  string
	fstype string
	super  string // options of the file system: "lowerdir=/a:/b"
}

// parseMounts reads a mountinfo. Lines that are no mount are left out.
func parseMounts(text string) (all []mount) {
	for line := range strings.Lines(text) {
		left, right, ok := strings.Cut(strings.TrimSuffix(line, "\n"), " - ")
		l, r := strings.Split(left, " "), strings.SplitN(right, " ", 3)
		if !ok || len(l) < 6 || len(r) < 3 {
			continue
		}
		all = append(all, mount{dev: l[2], root: unescape(l[3]), point: unescape(l[4]), fstype: r[0], super: unescape(r[2])})
	}
	return all
}

// unescape puts back the bytes the kernel writes as \040.
func unescape(s string) string {
	var out strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+3 < len(s) {
			if n, err := strconv.ParseUint(s[i+1:i+4], 8, 8); err == nil {
				out.WriteByte(byte(n))
				i += 3
				continue
			}
		}
		out.WriteByte(s[i])
	}
	return out.String()
}

const mountInfo = "proc/self/mountinfo"

// byMount: Scratch is mounted on X's directory now.
func (t tree) byMount() (xconfig.Reach, bool) {
	mounts := parseMounts(string(t.read(mountInfo)))
	top := t.onConfDir(mounts)
	if top < 0 {
		return xconfig.Reach{}, false
	}
	m := mounts[top]
	switch {
	case m.fstype == "overlay" && t.overlays(m):
		return xconfig.Reach{How: "mount", Why: "an overlay on /" + confDir + " has " + Scratch + " as a layer"}, true
	case t.isScratch(sourceOf(m, mounts)):
		return xconfig.Reach{How: "mount", Why: Scratch + " is mounted on /" + confDir}, true
	}
	return xconfig.Reach{}, false
}

// onConfDir is the mount on X's directory that is seen there, -1 for none.
func (t tree) onConfDir(mounts []mount) int {
	real, ok := t.resolve(confDir)
	top := -1 // the last on a place covers what was there
	for i, m := range mounts {
		if ok && m.point == "/"+real {
			top = i
		}
	}
	return top
}

// overlays says whether Scratch is one of an overlay's layers.
func (t tree) overlays(m mount) bool {
	for _, option := range strings.Split(m.super, ",") {
		key, value, _ := strings.Cut(option, "=")
		if key != "lowerdir" && key != "lowerdir+" && key != "upperdir" {
			continue
		}
		for _, layer := range strings.Split(value, ":") {
			if t.isScratch(layer) {
				return true
			}
		}
	}
	return false
}

// sourceOf is the path of what a bind mount shows: its root within the mount
// of the same file system that shows most of it.
func sourceOf(m mount, all []mount) string {
	source, best := "", -1
	for _, o := range all {
		if o.dev != m.dev || o.point == m.point {
			continue
		}
		rest, ok := strings.CutPrefix(m.root, strings.TrimSuffix(o.root, "/"))
		if ok && (rest == "" || rest[0] == '/') && len(o.point) > best {
			source, best = path.Join(o.point, rest), len(o.point)
		}
	}
	return source
}

// byFstab: a line of /etc/fstab will mount it.
func (t tree) byFstab() (xconfig.Reach, bool) {
	for line := range strings.Lines(string(t.read("etc/fstab"))) {
		f := onConfDir(line)
		if f == nil {
			continue
		}
		options := "," + f[3] + ","
		bind := strings.Contains(options, ",bind,") || strings.Contains(options, ",rbind,")
		over := f[2] == "overlay" && t.overlays(mount{super: f[3]})
		if bind && t.isScratch(unescape(f[0])) || over {
			return xconfig.Reach{How: "mount", Why: "/etc/fstab mounts " + Scratch + " on /" + confDir}, true
		}
	}
	return xconfig.Reach{}, false
}

// onConfDir gives the fields of an fstab's line about X's directory, else nil.
func onConfDir(line string) []string {
	f := strings.Fields(line)
	if len(f) < 4 || strings.HasPrefix(f[0], "#") || path.Clean(unescape(f[1])) != "/"+confDir {
		return nil
	}
	return f
}

// unitDirs are systemd's, the strongest first.
var unitDirs = []string{"etc/systemd/system", "run/systemd/system", "usr/lib/systemd/system", "lib/systemd/system"}

// mountUnit is what systemd calls the mount on X's directory.
const mountUnit = "etc-X11-xorg.conf.d.mount"

// byMountUnit: a unit will mount it, and something wants the unit.
func (t tree) byMountUnit() (xconfig.Reach, bool) {
	file, text := t.unit(mountUnit)
	if file != "" && len(t.wanting(mountUnit)) > 0 && t.mounts(text) {
		return xconfig.Reach{How: "mount", Why: "/" + file + " mounts " + Scratch + " on /" + confDir}, true
	}
	return xconfig.Reach{}, false
}

// unit is the file of a unit that counts, which hides those in later
// directories; "" when there is none.
func (t tree) unit(name string) (file, text string) {
	for _, dir := range unitDirs {
		if data := t.read(dir + "/" + name); data != nil {
			return dir + "/" + name, string(data)
		}
	}
	return "", ""
}

func (t tree) mounts(unit string) bool {
	what, options, fstype := "", "", ""
	for e := range parseINI(unit) {
		if e.section != "Mount" {
			continue
		}
		switch e.key {
		case "What":
			what = e.value
		case "Options":
			options = e.value
		case "Type":
			fstype = e.value
		}
	}
	bind := strings.Contains(","+options+",", "bind,")
	return bind && t.isScratch(what) || fstype == "overlay" && t.overlays(mount{super: options})
}

// wanting are the directories of units by which a unit is started.
func (t tree) wanting(unit string) (dirs []string) {
	for _, base := range []string{"etc/systemd/system", "usr/lib/systemd/system", "lib/systemd/system"} {
		for _, kind := range []string{"wants", "requires"} {
			for _, dir := range t.glob(base + "/*." + kind) {
				for _, name := range t.list(dir) {
					if name == unit {
						dirs = append(dirs, dir)
					}
				}
			}
		}
	}
	return dirs
}
