package image

import (
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"

	"attune/xconfig"
)

// dropInDirs are where an image and its administrator keep files for X that
// are copied beside ours, the weaker first. A link in X's place leaves them none
// of X's own.
var dropInDirs = []string{"usr/lib/attune/xorg.conf.d", strings.TrimPrefix(xconfig.AdminXorg, "/")}

// Bounds on what is copied: X reads 64 files in all, with the image's.
const (
	maxDropIns = 32
	maxDropIn  = 256 << 10
)

var dropInName = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[A-Za-z0-9_+-][A-Za-z0-9._+-]*\.conf$`) })

// dropIns are the files to be copied, by name, of each name the last
// directory's: "50-mine.conf" is "etc/attune/xorg.conf.d/50-mine.conf".
func (t tree) dropIns() (names []string, at map[string]string, errs []error) {
	at = map[string]string{}
	for _, dir := range dropInDirs {
		for _, name := range t.list(dir) {
			file := path.Join(dir, name)
			switch {
			case !strings.HasSuffix(name, ".conf") || name[0] == '.': // X reads no others
			case !dropInName().MatchString(name):
				errs = append(errs, fmt.Errorf("/%s/%.60q: not a name of letters, digits and ._+-: X does not get it", dir, name))
			default:
				at[name] = file
			}
		}
	}
	for name, file := range at {
		if real, ok := t.resolve(file); ok && t.isFile(real) {
			names = append(names, name)
		} else if !ok || !t.isMask(real) {
			errs = append(errs, fmt.Errorf("/%s: not a file: X does not get it", file))
		}
	}
	slices.Sort(names)
	if len(names) > maxDropIns {
		errs = append(errs, fmt.Errorf("/%s: the last of %d files: X gets %d", at[names[len(names)-1]], len(names), maxDropIns))
		names = names[:maxDropIns]
	}
	slices.SortFunc(errs, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
	return names, at, errs
}

// isMask: /dev/null, by which an administrator switches a file off.
func (t tree) isMask(real string) bool {
	info, err := fs.Stat(t.fs, real)
	return real == "dev/null" || err == nil && info.Mode()&fs.ModeDevice != 0
}

// DropIns reads the files of an image and its administrator that X shall have
// beside ours, by name. What it cannot take is in the errors.
func DropIns(root fs.FS) (map[string][]byte, []error) {
	t := tree{root}
	names, at, errs := t.dropIns()
	all := map[string][]byte{}
	for _, name := range names {
		data := t.read(at[name])
		switch {
		case data == nil:
			errs = append(errs, fmt.Errorf("/%s: cannot be read", at[name]))
		case len(data) > maxDropIn:
			errs = append(errs, fmt.Errorf("/%s: longer than %d bytes", at[name], maxDropIn))
		default:
			all[name] = data
		}
	}
	for i, err := range errs {
		errs[i] = fmt.Errorf("reading the administrator's files for X: %w", err)
	}
	return all, errs
}
