package detect

import "io/fs"

// A Dir is one directory of the tree, held open. A tree that can (OpenDir)
// spares the kernel walking the whole path for each of a device's files.
type Dir interface {
	List() ([]Entry, error)               // in any order
	ReadFile(name string) ([]byte, error) // an attribute: at most a page of text
	ReadLink(name string) (string, error)
	Close() error
}

// An Entry is one name in a directory.
type Entry struct {
	Name  string
	IsDir bool // a directory itself, not a link to one
}

// A dirOpener is a tree whose directories can be held open.
type dirOpener interface {
	OpenDir(name string) (Dir, error)
}

// openDir takes what the tree offers, else reads by path.
func openDir(sys fs.FS, name string) (Dir, error) {
	if o, ok := sys.(dirOpener); ok {
		return o.OpenDir(name)
	}
	return byPath{sys, name}, nil
}

// byPath reads a directory of any fs.FS.
type byPath struct {
	sys  fs.FS
	path string
}

func (d byPath) List() ([]Entry, error) {
	all, err := fs.ReadDir(d.sys, d.path)
	list := make([]Entry, len(all))
	for i, e := range all {
		list[i] = Entry{e.Name(), e.IsDir()}
	}
	return list, err
}

func (d byPath) ReadFile(name string) ([]byte, error) { return fs.ReadFile(d.sys, d.path+"/"+name) }
func (d byPath) ReadLink(name string) (string, error) { return fs.ReadLink(d.sys, d.path+"/"+name) }
func (d byPath) Close() error                         { return nil }
