package kernel

import (
	"strconv"
	"strings"
)

// A mount is one line of /proc/self/mountinfo. proc(5).
type mount struct {
	dev     string // major:minor
	point   string
	fstype  string
	source  string // "/dev/nbd0", "10.0.0.1:/srv/image", "overlay"
	options map[string]string
}

// parseMounts reads a mountinfo. Lines that are no mount are left out.
func parseMounts(text string) (all []mount) {
	for line := range strings.Lines(text) {
		left, right, ok := strings.Cut(strings.TrimSuffix(line, "\n"), " - ")
		l, r := strings.Split(left, " "), strings.SplitN(right, " ", 3)
		if !ok || len(l) < 6 || len(r) < 3 {
			continue
		}
		m := mount{dev: l[2], point: unescape(l[4]), fstype: r[0], source: unescape(r[1]), options: map[string]string{}}
		for _, o := range strings.Split(unescape(r[2]), ",") {
			key, value, _ := strings.Cut(o, "=")
			m.options[key] = value
		}
		all = append(all, m)
	}
	return all
}

// unescape puts back the bytes the kernel writes as \040.
func unescape(s string) string {
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

// at is the mount that a path is in: the last one of the longest point, which
// lies over the others. The root's own if there is no longer one.
func at(mounts []mount, path string) (mount, bool) {
	best := -1
	for i, m := range mounts {
		if !within(path, m.point) {
			continue
		}
		if best < 0 || len(m.point) >= len(mounts[best].point) {
			best = i
		}
	}
	if best < 0 {
		return mount{}, false
	}
	return mounts[best], true
}

func within(path, dir string) bool {
	return dir == "/" || path == dir || strings.HasPrefix(path, dir+"/")
}
