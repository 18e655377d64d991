package image

import (
	"path"
	"strings"

	"attune/detect/mounts"
	"attune/xconfig"
)

// byMount: Scratch is mounted on X's directory now.
func (t tree) byMount() (xconfig.Reach, bool) {
	all := mounts.Parse(string(t.read(mounts.Table)))
	top := t.onConfDir(all)
	if top < 0 {
		return xconfig.Reach{}, false
	}
	m := all[top]
	switch {
	case m.Type == "overlay" && t.overlays(mounts.Unescape(m.Options)):
		return xconfig.Reach{How: "mount", Why: "an overlay on /" + confDir + " has " + Scratch + " as a layer"}, true
	case t.isScratch(sourceOf(m, all)):
		return xconfig.Reach{How: "mount", Why: Scratch + " is mounted on /" + confDir}, true
	}
	return xconfig.Reach{}, false
}

// onConfDir is the mount on X's directory that is seen there, -1 for none.
func (t tree) onConfDir(all []mounts.Mount) int {
	real, ok := t.resolve(confDir)
	top := -1 // the last on a place covers what was there
	for i, m := range all {
		if ok && m.Point == "/"+real {
			top = i
		}
	}
	return top
}

// overlays says whether Scratch is one of the layers that an overlay's options
// name.
func (t tree) overlays(options string) bool {
	for _, option := range strings.Split(options, ",") {
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
func sourceOf(m mounts.Mount, all []mounts.Mount) string {
	source, best := "", -1
	for _, o := range all {
		if o.Dev != m.Dev || o.Point == m.Point {
			continue
		}
		rest, ok := strings.CutPrefix(m.Root, strings.TrimSuffix(o.Root, "/"))
		if ok && (rest == "" || rest[0] == '/') && len(o.Point) > best {
			source, best = path.Join(o.Point, rest), len(o.Point)
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
		over := f[2] == "overlay" && t.overlays(f[3])
		if bind && t.isScratch(mounts.Unescape(f[0])) || over {
			return xconfig.Reach{How: "mount", Why: "/etc/fstab mounts " + Scratch + " on /" + confDir}, true
		}
	}
	return xconfig.Reach{}, false
}

// onConfDir gives the fields of an fstab's line about X's directory, else nil.
func onConfDir(line string) []string {
	f := strings.Fields(line)
	if len(f) < 4 || strings.HasPrefix(f[0], "#") || path.Clean(mounts.Unescape(f[1])) != "/"+confDir {
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
	return bind && t.isScratch(what) || fstype == "overlay" && t.overlays(options)
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
