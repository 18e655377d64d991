package image

import (
	"fmt"
	"io/fs"
	"path"
	"strings"

	"attune/detect/mounts"
)

// ways keeps what Reach follows from: mounts, units, and the managers with
// what they tell X.
func (r *recorder) ways() {
	if lines := r.mountLines(); lines != "" {
		r.add(mounts.Table, func() error { return r.keep.AddFile(mounts.Table, []byte(lines)) })
	}
	r.file("etc/fstab", r.fstabLines())
	r.mountUnits()
	if name := r.firstLine(defaultManager); name != "" {
		r.file(defaultManager, name+"\n")
	}
	for _, m := range managers {
		for _, pattern := range m.files {
			for _, name := range r.glob(pattern) {
				r.file(name, r.told(m, name))
			}
		}
	}
}

// told is a manager's file with nothing in it but whether X is given Scratch,
// "" for one that tells X nothing.
func (r *recorder) told(m manager, name string) string {
	all := m.args(string(r.read(name)))
	if len(all) == 0 {
		return ""
	}
	command := "X"
	if r.isScratch(configDir(fields(all[len(all)-1]))) {
		command += " -configdir " + Scratch
	}
	return fmt.Sprintf(m.line, command)
}

// mountLines are the mount on X's directory and those of the same file system
// it may show a part of.
func (r *recorder) mountLines() string {
	all := mounts.Parse(string(r.read(mounts.Table)))
	top := r.onConfDir(all)
	if top < 0 {
		return ""
	}
	var b strings.Builder
	for i, m := range all {
		if i == top || m.Dev == all[top].Dev && m.Point != all[top].Point {
			fmt.Fprintf(&b, "1 0 %s %s %s rw - %s none %s\n", m.Dev, escape(m.Root), escape(m.Point), m.Type, or(escape(layers(mounts.Unescape(m.Options))), "rw"))
		}
	}
	return b.String()
}

var mountEscapes = strings.NewReplacer(" ", `\040`, "\t", `\011`, "\n", `\012`, `\`, `\134`)

func escape(s string) string { return mountEscapes.Replace(s) }

// layers are those of a mount's options that say what is seen; others may
// hold a password.
func layers(options string) string {
	var kept []string
	for _, o := range strings.Split(options, ",") {
		switch key, _, _ := strings.Cut(o, "="); key {
		case "bind", "rbind", "lowerdir", "lowerdir+", "upperdir":
			kept = append(kept, o)
		}
	}
	return strings.Join(kept, ",")
}

func (r *recorder) fstabLines() string {
	var b strings.Builder
	for line := range strings.Lines(string(r.read("etc/fstab"))) {
		if f := onConfDir(line); f != nil && layers(f[3]) != "" {
			fmt.Fprintf(&b, "%s %s %s %s 0 0\n", f[0], f[1], f[2], layers(f[3]))
		}
	}
	return b.String()
}

// mountUnits keeps the unit that counts, and who wants it.
func (r *recorder) mountUnits() {
	if file, text := r.unit(mountUnit); file != "" {
		var b strings.Builder
		b.WriteString("[Mount]\n")
		for e := range parseINI(text) {
			switch {
			case e.section != "Mount":
			case e.key == "What" || e.key == "Type":
				fmt.Fprintf(&b, "%s=%s\n", e.key, e.value)
			case e.key == "Options":
				fmt.Fprintf(&b, "Options=%s\n", layers(e.value))
			}
		}
		r.file(file, b.String())
	}
	for _, dir := range r.wanting(mountUnit) {
		real, ok := r.resolve(dir)
		if !ok {
			continue
		}
		name := path.Join(real, mountUnit)
		if target, err := fs.ReadLink(r.fs, name); err == nil {
			r.add(name, func() error { return r.keep.AddLink(name, target) })
		} else {
			r.add(name, func() error { return r.keep.AddFile(name, nil) })
		}
	}
}
