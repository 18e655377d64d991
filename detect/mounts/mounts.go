// Package mounts reads the kernel's table of what is mounted where.
//
// It knows the format of the table and which mount a path is in, and nothing of
// what a file system is worth to anybody. Leaf.
package mounts

import (
	"strconv"
	"strings"
)

// Table is the table of the mounts that a process sees, its own's below /.
const Table = "proc/self/mountinfo"

// A Mount is one line of the table. proc_pid_mountinfo(5).
type Mount struct {
	Dev     string // major:minor
	Root    string // what of the file system is mounted: "/", "/attune/xorg.conf.d"
	Point   string
	Type    string
	Source  string // "/dev/nbd0", "10.0.0.1:/srv/image", "overlay"
	Options string // of the file system, as they stand there: "rw,lowerdir=/a\040b"
}

// Parse reads a table. Lines that are no mount are left out.
func Parse(text string) (all []Mount) {
	for line := range strings.Lines(text) {
		left, right, ok := strings.Cut(strings.TrimSuffix(line, "\n"), " - ")
		l, r := strings.Split(left, " "), strings.SplitN(right, " ", 3)
		if !ok || len(l) < 6 || len(r) < 3 {
			continue
		}
		all = append(all, Mount{Dev: l[2], Root: Unescape(l[3]), Point: Unescape(l[4]), Type: r[0], Source: Unescape(r[1]), Options: r[2]})
	}
	return all
}

// An Option is one of a file system's. Some have several of one key: an overlay
// has one lowerdir+ for each layer.
type Option struct{ Key, Value string }

// Split takes the options apart. A comma that belongs to a value is written as
// \054, so each is put back by itself.
func (m Mount) Split() (all []Option) {
	for o := range strings.SplitSeq(m.Options, ",") {
		key, value, _ := strings.Cut(o, "=")
		all = append(all, Option{Unescape(key), Unescape(value)})
	}
	return all
}

// Option is the value of the first option of a key, "" if there is none.
func (m Mount) Option(key string) string {
	for _, o := range m.Split() {
		if o.Key == key {
			return o.Value
		}
	}
	return ""
}

// Unescape puts back the bytes the kernel writes as \040. seq_escape and
// mangle_path of fs/seq_file.c; fstab(5) has the same.
func Unescape(s string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
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

// At is the mount that a path is in: the last one of the longest point, which
// lies over the others. The root's own if there is no longer one.
func At(all []Mount, path string) (Mount, bool) {
	best := -1
	for i, m := range all {
		if Within(path, m.Point) && (best < 0 || len(m.Point) >= len(all[best].Point)) {
			best = i
		}
	}
	if best < 0 {
		return Mount{}, false
	}
	return all[best], true
}

// Within says whether a path is a directory or below it.
func Within(path, dir string) bool {
	return dir == "/" || path == dir || strings.HasPrefix(path, dir+"/")
}
