package xwrite

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"attune/internal/scratch"
	"attune/xconfig"
)

// maxFile is more than any file of X's.
const maxFile = 256 << 10

// present is what the directory X reads holds.
type present struct {
	there   bool
	put     files           // what a run before put there
	odd     []string        // in such a file's place, and no file
	kept    files           // what somebody else put there and X reads
	foreign map[string]bool // all somebody else put there
}

// read tells what was put here by a run before, by its names: ours, and what was
// or is to be copied. The rest somebody put here during this boot.
func (x xset) read(now ...files) present {
	p := present{put: files{}, kept: files{}, foreign: map[string]bool{}}
	dir, err := x.place.Root.OpenRoot(x.place.Name)
	if err != nil {
		return p
	}
	defer dir.Close()
	p.there = true
	copied, _ := x.load(copiedSet)
	now = append(now, copied)
	names, _ := scratch.List(dir)
	for _, name := range names {
		data, ok := content(dir, name)
		switch {
		case !ours(name) && !in(name, now):
			p.foreign[name] = true
			if data, ok := follow(filepath.Join(dir.Name(), name)); ok && readByX(name) {
				p.kept[name] = data
			}
		case ok:
			p.put[name] = data
		default:
			p.odd = append(p.odd, name)
		}
	}
	return p
}

func in(name string, sets []files) bool {
	for _, set := range sets {
		if _, ok := set[name]; ok {
			return true
		}
	}
	return false
}

// ours are the names we write, and no other that has our name in it: somebody
// may well call a file "80-before-attune.rules".
func ours(name string) bool {
	switch filepath.Base(name) {
	case xconfig.FileInput, xconfig.FileOutput, xconfig.FileUdev, xconfig.FileEnv:
		return true
	}
	return false
}

// readByX: X takes *.conf alone, none that is hidden and none further down.
func readByX(name string) bool {
	return strings.HasSuffix(name, ".conf") && name[0] != '.' && !strings.Contains(name, "/")
}

// load gives the files of a directory beside; false when it is not there.
func (x xset) load(suffix string) (files, bool) {
	dir, err := x.place.Root.OpenRoot(x.place.Name + suffix)
	if err != nil {
		return files{}, false
	}
	defer dir.Close()
	set, all := files{}, true
	names, err := scratch.List(dir)
	for _, name := range names {
		data, ok := content(dir, name)
		all = all && ok
		set[name] = data
	}
	return set, all && err == nil
}

// readable: a regular file, and no longer than X's are. A FIFO would keep us
// for ever.
func readable(info fs.FileInfo, err error) bool {
	return err == nil && info.Mode().IsRegular() && info.Size() <= maxFile
}

// content is a readable file's, and no link's.
func content(dir *os.Root, name string) ([]byte, bool) {
	if !readable(dir.Lstat(name)) {
		return nil, false
	}
	data, err := fs.ReadFile(dir.FS(), name)
	return data, err == nil
}

// follow is content by way of links, wherever they lead, as X reads it.
func follow(name string) ([]byte, bool) {
	if !readable(os.Stat(name)) {
		return nil, false
	}
	data, err := os.ReadFile(name)
	return data, err == nil
}
