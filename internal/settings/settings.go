// Package settings reads what people asked for: drop-in files of the image,
// of this boot and of the administrator, then the kernel command line.
//
// Files are TOML, /usr/lib/attune/*.toml, /run/attune/*.toml and
// /etc/attune/*.toml. They are read in the order of their names, whatever
// directory they are in; what is read later wins. Of two files of one name the
// later directory's is read alone, so that an empty one in /etc switches off the
// image's. A word attune.KEY=VALUE of the kernel command line beats them all.
//
// A wrong line is a warning with the file and line, and changes nothing else.
// Settings are data, never code.
package settings

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"

	"attune/xconfig"
)

// dirs are where settings files are, below the machine's root, the weakest first.
var dirs = []string{"usr/lib/attune", "run/attune", "etc/attune"}

// maxFile is more than anybody writes by hand.
const maxFile = 1 << 20

// Load reads a machine's settings. It always answers; what it did not
// understand or could not read is in the warnings.
func Load(root fs.FS, cmdline string) (xconfig.Preferences, []error) {
	r := reader{prefs: xconfig.Preferences{Sources: map[string]string{}}}
	for _, name := range r.files(root) {
		r.file(root, name)
	}
	r.words(cmdline)
	return r.prefs, r.warnings
}

// A reader gathers preferences from one source after the other.
type reader struct {
	prefs    xconfig.Preferences
	warnings []error
}

func (r *reader) warn(format string, args ...any) {
	r.warnings = append(r.warnings, fmt.Errorf(format, args...))
}

// files lists the files to read, by name; the last directory's of each name.
func (r *reader) files(root fs.FS) []string {
	at := map[string]string{}
	for _, dir := range dirs {
		entries, err := fs.ReadDir(root, dir)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			r.warn("reading the settings of /%s: %w", dir, err)
		}
		for _, e := range entries {
			if name := e.Name(); path.Ext(name) == ".toml" && name[0] != '.' {
				at[name] = path.Join(dir, name)
			}
		}
	}
	list := make([]string, 0, len(at))
	for _, name := range slices.Sorted(maps.Keys(at)) {
		list = append(list, at[name])
	}
	return list
}

func (r *reader) file(root fs.FS, name string) {
	data, err := content(root, name)
	switch {
	case err == nil:
		before := len(r.warnings)
		r.parse("/"+name, data)
		r.few("/"+name, before)
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, errMasked):
		// Gone since it was listed, or a link to nothing: nothing is asked for.
	default:
		r.warn("reading settings: /%s: %w", name, err)
	}
}

// maxWarnings is how many wrong lines of one file are told. Who sees so many
// looks at the file.
const maxWarnings = 50

// few keeps one file from filling a boot's record with its warnings, those from
// first on.
func (r *reader) few(name string, first int) {
	if more := len(r.warnings) - first - maxWarnings; more > 0 {
		r.warnings = r.warnings[:first+maxWarnings]
		r.warn("%s: and %d more", name, more)
	}
}

// errMasked: a link to /dev/null, as systemd's masks are.
var errMasked = errors.New("masked")

func content(root fs.FS, name string) ([]byte, error) {
	info, err := fs.Stat(root, name)
	switch {
	case err != nil:
		return nil, err
	case info.Mode()&fs.ModeDevice != 0:
		return nil, errMasked
	case !info.Mode().IsRegular(): // a FIFO would keep us for ever
		return nil, errors.New("not a file")
	case info.Size() > maxFile:
		return nil, fmt.Errorf("%d bytes are more than settings can be", info.Size())
	}
	return fs.ReadFile(root, name)
}
