package settings

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// dirs are where settings files are, below the machine's root. Of two files of
// one name the later directory's is read.
var dirs = []string{"usr/lib/attune", "run/attune", "etc/attune"}

// maxFile is more than anybody writes by hand.
const maxFile = 1 << 20

// A dropIn is one file of a directory and of those that shadow it.
type dropIn struct {
	name   string // "etc/attune/site.toml"
	masked string // the file that is read in its place, "" when it is read itself
}

// list finds the files of one kind, sub being the directory below dirs, by
// name. The masked ones come right before the one that masks them.
func (r *reader) list(sub string) []dropIn {
	var all []dropIn
	for _, dir := range dirs {
		dir = path.Join(dir, sub)
		entries, err := fs.ReadDir(r.root, dir)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			r.fail("reading the settings of /%s: %w", dir, err)
		}
		for _, e := range entries {
			if name := e.Name(); path.Ext(name) == ".toml" && name[0] != '.' {
				all = append(all, dropIn{name: dir + "/" + name})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b dropIn) int { return strings.Compare(path.Base(a.name), path.Base(b.name)) })
	for i := len(all) - 2; i >= 0; i-- {
		if next := all[i+1]; path.Base(next.name) == path.Base(all[i].name) {
			all[i].masked = next.name
			if next.masked != "" {
				all[i].masked = next.masked
			}
		}
	}
	return all
}

// dropIns reads the files whose rank is told by where they lie.
func (r *reader) dropIns() {
	for _, d := range r.list("vendor.d") {
		r.file(d, Vendor)
	}
	for _, d := range r.list("") {
		rank := Site
		if strings.HasPrefix(d.name, dirs[0]+"/") {
			rank = Image
		}
		r.file(d, rank)
	}
}

// file takes over a file of settings.
func (r *reader) file(d dropIn, rank Rank) {
	data, ok := r.open(d, rank)
	if ok {
		r.keep(d, rank, "", data)
	}
}

// keep takes over what a file says. why is what it is there for.
func (r *reader) keep(d dropIn, rank Rank, why string, data []byte) {
	p := part{rank: rank, why: why}
	if d.masked != "" {
		p.masked = "/" + d.masked
	}
	before := len(r.warnings)
	r.quiet = d.masked != ""
	if doc, at, ok := r.parse("/"+d.name, data); ok {
		f := file{reader: r, part: &p, name: "/" + d.name, lines: at}
		f.take(doc)
	}
	r.quiet = false
	r.few("/"+d.name, before)
	r.parts = append(r.parts, p)
}

// open reads a file and notes that there is one; ok says whether it has anything to say.
func (r *reader) open(d dropIn, rank Rank) ([]byte, bool) {
	data, err := content(r.root, d.name)
	state := "read"
	switch {
	case d.masked != "":
		state = "masked by /" + d.masked
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, errMasked), err == nil && len(data) == 0:
		state = "empty"
	case err != nil:
		state = "not readable"
		r.fail("reading settings: /%s: %w", d.name, err)
	}
	r.files = append(r.files, File{Path: "/" + d.name, Rank: rank, State: state})
	return data, err == nil && len(data) > 0
}

func (r *reader) fail(format string, args ...any) {
	r.warnings = append(r.warnings, fmt.Errorf(format, args...))
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
