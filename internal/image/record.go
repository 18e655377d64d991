package image

import (
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
)

// A Keeper takes what is recorded, by paths from the machine's root.
type Keeper interface {
	AddFile(name string, data []byte) error
	AddLink(name, target string) error
	AddDir(name string) error
}

// maxKept is how many names a recording has; real images have some dozens.
const maxKept = 4096

var errTooMany = fmt.Errorf("recording the image: more than %d names: the rest is left out", maxKept)

// Record keeps what Read needs to read the same again, and nothing else. Where
// the presence of a file is all that counts it is empty or says that its
// content is left out. Of a text the parts that are read are kept; of the
// arguments for X, whether they name Scratch. What is kept is not redacted.
func Record(root fs.FS, keep Keeper) []error {
	n := &noting{root, map[string]string{}}
	Read(n) // for the links on the way
	r := &recorder{tree: tree{n}, keep: keep, kept: map[string]bool{}}
	r.server()
	r.configuration()
	r.keyboard()
	r.ways()
	delete(n.links, "proc/self") // a process that has gone
	for _, name := range slices.Sorted(maps.Keys(n.links)) {
		r.add(name, func() error { return keep.AddLink(name, n.links[name]) })
	}
	return r.errs
}

// noting is a file system that knows which links were read.
type noting struct {
	fs.FS
	links map[string]string
}

func (n *noting) ReadLink(name string) (string, error) {
	target, err := fs.ReadLink(n.FS, name)
	if err == nil {
		n.links[name] = target
	}
	return target, err
}

func (n *noting) Lstat(name string) (fs.FileInfo, error)     { return fs.Lstat(n.FS, name) }
func (n *noting) Stat(name string) (fs.FileInfo, error)      { return fs.Stat(n.FS, name) }
func (n *noting) ReadDir(name string) ([]fs.DirEntry, error) { return fs.ReadDir(n.FS, name) }

// A recorder keeps files of a tree, each once.
type recorder struct {
	tree
	keep Keeper
	kept map[string]bool
	errs []error
}

func (r *recorder) add(name string, add func() error) {
	switch {
	case r.kept[name]:
		return
	case len(r.kept) == maxKept:
		if !slices.Contains(r.errs, errTooMany) {
			r.errs = append(r.errs, errTooMany)
		}
		return
	}
	r.kept[name] = true
	if err := add(); err != nil {
		r.errs = append(r.errs, fmt.Errorf("recording the image: %w", err))
	}
}

// file keeps a text under the name without links, "" keeps nothing.
func (r *recorder) file(name, text string) {
	if real, ok := r.resolve(name); ok && text != "" {
		r.add(real, func() error { return r.keep.AddFile(real, []byte(text)) })
	}
}

// present keeps that there is a file.
func (r *recorder) present(name string) {
	if real, ok := r.resolve(name); ok && r.isFile(real) {
		r.add(real, func() error { return r.keep.AddFile(real, nil) })
	}
}

// leftOut stands in files of X's whose presence counts and whose content is
// not recorded.
const leftOut = "# The content is not recorded.\n"

func (r *recorder) server() {
	for _, name := range xServers {
		r.present(name)
	}
	for _, dir := range r.moduleDirs() {
		for _, sub := range []string{"drivers", "input"} {
			for _, name := range r.modules(path.Join(dir, sub)) {
				r.present(path.Join(dir, sub, name+"_drv.so"))
			}
		}
	}
	for _, dir := range r.nvidiaPaths() {
		r.present(dir[1:] + "/nvidia_drv.so")
		r.present(dir[1:] + "/libglxserver_nvidia.so")
	}
}

// configuration keeps the names of X's files. The host's name is kept where
// it picks one of them.
func (r *recorder) configuration() {
	if conf := r.xorgConf(); conf != "" {
		r.file(conf[1:], leftOut)
		if host := r.firstLine(hostname); host != "" && strings.HasSuffix(conf, ".conf."+host) {
			r.file(hostname, host+"\n")
		}
	}
	for _, name := range r.confFiles() {
		r.file(name[1:], leftOut)
	}
	for _, name := range r.list(confDir) { // the others are counted
		r.counted(path.Join(confDir, name))
	}
}

// counted keeps a name, whatever it is the name of.
func (r *recorder) counted(name string) {
	dir, ok := r.resolve(path.Dir(name))
	if !ok {
		return
	}
	name = path.Join(dir, path.Base(name))
	target, err := fs.ReadLink(r.fs, name)
	switch {
	case err == nil:
		r.add(name, func() error { return r.keep.AddLink(name, target) })
	case r.isFile(name):
		r.file(name, leftOut)
	default:
		r.add(name, func() error { return r.keep.AddDir(name) })
	}
}

// keyboard keeps what states one, and the database in few words.
func (r *recorder) keyboard() {
	for _, name := range []string{"etc/vconsole.conf", "etc/default/keyboard"} {
		if all := r.assignments(name); all != nil {
			r.file(name, or(printAssignments(all), "#\n"))
		}
	}
	for _, name := range locales {
		if lang := r.assignments(name)["LANG"]; lang != "" {
			r.file(name, printAssignments(map[string]string{"LANG": lang}))
		}
	}
	for name, value := range r.credentials() {
		r.file("run/credentials/@system/"+name, value+"\n")
	}
	if layouts, models := r.keyboardDatabase(); layouts != nil {
		text := printDatabase(layouts, models)
		r.add(recordedDatabase, func() error { return r.keep.AddFile(recordedDatabase, text) })
	}
}

func or(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}
