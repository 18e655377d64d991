package kmod

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"
)

// ErrNoModules is what Open answers when the tree has no modules for the
// kernel.
var ErrNoModules = errors.New("no modules for this kernel")

// ErrNoIndex is what Open answers when there are modules and depmod has not
// been there.
var ErrNoIndex = errors.New("modules without an index")

// moduleRoots are the places of RELEASE directories, in kmod's order.
var moduleRoots = []string{"lib/modules", "usr/lib/modules"}

// An Index is what depmod wrote about the modules of one kernel. Its methods
// may be called by many goroutines at once; names are taken with dashes or
// underscores and given with underscores.
type Index struct {
	fsys    fs.FS
	release string
	dir     string

	dep, alias, symbols, builtin, builtinAlias *table

	softdeps func() []Softdep
	weakdeps func() []Weakdep

	unread failures // of the files read as a whole
}

// A File is a module on disk.
type File struct {
	Name string   // "e1000e"
	Path string   // relative to lib/modules/RELEASE, or absolute: "kernel/drivers/net/e1000e.ko.xz"
	Deps []string // names in modules.dep's order: the last must be loaded first
}

// Open finds lib/modules/RELEASE, or usr/lib/modules/RELEASE, under root. It
// reads nothing yet: every file is opened when it is first asked for.
func Open(root fs.FS, release string) (*Index, error) {
	dir, err := findModules(root, release)
	if err != nil {
		return nil, err
	}
	ix := &Index{fsys: root, release: release, dir: dir}
	ix.dep = ix.table("modules.dep.bin", "modules.dep", readDepText)
	ix.alias = ix.table("modules.alias.bin", "modules.alias", readAliasText)
	ix.symbols = ix.table("modules.symbols.bin", "modules.symbols", readAliasText)
	ix.builtin = ix.table("modules.builtin.bin", "modules.builtin", readBuiltinText)
	ix.builtinAlias = ix.table("modules.builtin.alias.bin", "modules.builtin.modinfo", readModinfoText)
	ix.builtinAlias.optional = true
	ix.softdeps = sync.OnceValue(ix.readSoftdeps)
	ix.weakdeps = sync.OnceValue(ix.readWeakdeps)
	return ix, ix.checkIndexed()
}

func (ix *Index) table(bin, text string, read func(*trieBuilder, []byte)) *table {
	return &table{fsys: ix.fsys, dir: ix.dir, bin: bin, text: text, read: read}
}

// noIndex is the index of a kernel that has no modules at all: it is asked
// like any other and knows nothing.
func noIndex() *Index {
	ix := &Index{softdeps: func() []Softdep { return nil }, weakdeps: func() []Weakdep { return nil }}
	for _, t := range []**table{&ix.dep, &ix.alias, &ix.symbols, &ix.builtin, &ix.builtinAlias} {
		*t = &table{state: tableAbsent}
	}
	return ix
}

// findModules gives the directory of release, or an error with one line that
// says what is there instead.
func findModules(root fs.FS, release string) (string, error) {
	if release == "" || release != path.Base(path.Clean("/"+release)) {
		return "", fmt.Errorf("opening the module index: %q is no kernel release", release)
	}
	for _, parent := range moduleRoots {
		dir := path.Join(parent, release)
		if info, err := fs.Stat(root, dir); err == nil && info.IsDir() {
			return dir, nil
		}
	}
	others := releases(root)
	if len(others) == 0 {
		return "", fmt.Errorf("kernel %s: %w: there is no lib/modules with anything in it", release, ErrNoModules)
	}
	return "", fmt.Errorf("kernel %s: %w: mismatched kernel and tree, lib/modules has %s",
		release, ErrNoModules, strings.Join(others, ", "))
}

// releases lists the kernels root has modules for.
func releases(root fs.FS) []string {
	var names []string
	for _, parent := range moduleRoots {
		entries, _ := fs.ReadDir(root, parent)
		for _, e := range entries {
			if !slices.Contains(names, e.Name()) {
				names = append(names, e.Name())
			}
		}
	}
	slices.Sort(names)
	return names
}

// checkIndexed fails when there is no index file of any kind.
func (ix *Index) checkIndexed() error {
	for _, t := range []*table{ix.dep, ix.alias, ix.builtin} {
		for _, name := range []string{t.bin, t.text} {
			if _, err := fs.Stat(ix.fsys, path.Join(ix.dir, name)); err == nil {
				return nil
			}
		}
	}
	return fmt.Errorf("opening the module index in %s: %w: run depmod %s", ix.dir, ErrNoIndex, ix.release)
}

// Close lets go of the files. Questions asked later fail.
func (ix *Index) Close() error {
	var errs []error
	for _, t := range ix.tables() {
		errs = append(errs, t.close())
	}
	return errors.Join(errs...)
}

func (ix *Index) tables() []*table {
	return []*table{ix.dep, ix.alias, ix.symbols, ix.builtin, ix.builtinAlias}
}

// Problems tells which index files met so far are damaged. Where the text
// file of the same name could step in, the answers are right nevertheless.
func (ix *Index) Problems() []error {
	var errs []error
	for _, t := range ix.tables() {
		if err := t.fault(); err != nil {
			errs = append(errs, err)
		}
	}
	ix.unread.mu.Lock()
	defer ix.unread.mu.Unlock()
	return append(errs, ix.unread.list...)
}

// Find gives a module's file and its hard dependencies. Ok is false when the
// tree has no such module, which a built-in one has not either.
func (ix *Index) Find(name string) (file File, ok bool, err error) {
	name = underscores(name)
	line, ok, err := ix.dep.get(name)
	if err != nil || !ok {
		return File{}, false, err
	}
	where, deps, _ := strings.Cut(line, ":")
	file = File{Name: name, Path: where}
	for _, dep := range strings.Fields(deps) {
		file.Deps = append(file.Deps, ModuleName(dep))
	}
	return file, true, nil
}

func underscores(name string) string { return strings.ReplaceAll(name, "-", "_") }
