package state

import (
	"fmt"
	"io/fs"
	"iter"
	"maps"
	"path"
	"slices"
	"strings"
)

// A disk is a file system that writes down what it is asked, and can say what
// it may hold when the power goes at any moment. It promises no more than POSIX:
// a file's bytes are there after its sync, names of a directory after that
// directory's. Until then any of them may have come to the disk, and any not.
type disk struct {
	now     tree
	journal []step
}

// A tree is what names lead to: a directory, or bytes.
type tree map[string]*node

type node struct {
	dir  bool
	data []byte
}

// A step is one change, or one sync.
type step struct {
	do   string // "mkdir", "create", "write", "sync", "rename", "remove", "syncdir"
	name string
	to   string
	node *node // the file meant
	data []byte
}

func newDisk() *disk { return &disk{now: tree{}} }

func (d *disk) log(s step) { d.journal = append(d.journal, s) }

func (d *disk) there(name string) bool { return name == "." || d.now[name] != nil }

func (d *disk) Mkdir(name string) error {
	if d.there(name) {
		return fs.ErrExist
	}
	if !d.there(path.Dir(name)) {
		return fs.ErrNotExist
	}
	d.now[name] = &node{dir: true}
	d.log(step{do: "mkdir", name: name, node: d.now[name]})
	return nil
}

func (d *disk) List(dir string) ([]string, error) {
	if !d.there(dir) {
		return nil, fs.ErrNotExist
	}
	var names []string
	for name := range d.now {
		if path.Dir(name) == dir {
			names = append(names, path.Base(name))
		}
	}
	slices.Sort(names)
	return names, nil
}

func (d *disk) Create(name string, _ fs.FileMode) (newFile, error) {
	if d.there(name) {
		return nil, fs.ErrExist
	}
	if !d.there(path.Dir(name)) {
		return nil, fs.ErrNotExist
	}
	n := &node{}
	d.now[name] = n
	d.log(step{do: "create", name: name, node: n})
	return &diskFile{d, n}, nil
}

type diskFile struct {
	disk *disk
	node *node
}

func (f *diskFile) Write(data []byte) (int, error) {
	f.node.data = append(f.node.data, data...)
	f.disk.log(step{do: "write", node: f.node, data: slices.Clone(data)})
	return len(data), nil
}

func (f *diskFile) Sync() error {
	f.disk.log(step{do: "sync", node: f.node})
	return nil
}

func (f *diskFile) Close() error { return nil }

func (d *disk) Rename(from, to string) error {
	if !d.there(from) {
		return fs.ErrNotExist
	}
	d.log(step{do: "rename", name: from, to: to, node: d.now[from]})
	d.now[to] = d.now[from]
	delete(d.now, from)
	return nil
}

func (d *disk) Remove(name string) error {
	if !d.there(name) {
		return fs.ErrNotExist
	}
	d.log(step{do: "remove", name: name, node: d.now[name]})
	delete(d.now, name)
	return nil
}

func (d *disk) SyncDir(dir string) error {
	if !d.there(dir) {
		return fs.ErrNotExist
	}
	d.log(step{do: "syncdir", name: dir})
	return nil
}

// after is every tree that may be found when the power goes after so many
// steps: names to content.
func (d *disk) after(steps int) iter.Seq[map[string]string] {
	return func(yield func(map[string]string) bool) { d.every(steps, yield) }
}

func (d *disk) every(steps int, yield func(map[string]string) bool) {
	base := tree{} // what is surely there
	content := map[*node]string{}
	synced := map[*node]bool{}
	var pending []step // changes of names that may be there or not
	for _, s := range d.journal[:steps] {
		switch s.do {
		case "write":
			content[s.node] += string(s.data)
			synced[s.node] = false
		case "sync":
			synced[s.node] = true
		case "syncdir":
			var rest []step
			for _, p := range pending {
				if path.Dir(p.name) == s.name {
					base.apply(p)
				} else {
					rest = append(rest, p)
				}
			}
			pending = rest
		default:
			pending = append(pending, s)
		}
	}
	for subset := range 1 << len(pending) {
		t := maps.Clone(base)
		for i, p := range pending {
			if subset&(1<<i) != 0 {
				t.apply(p)
			}
		}
		for _, half := range []func(string) string{whole, none, zeros, front} {
			files := map[string]string{}
			for name, n := range t {
				if n.dir || !t.reachable(name) {
					continue
				}
				text := content[n]
				if !synced[n] {
					text = half(text)
				}
				files[name] = text
			}
			if !yield(files) {
				return
			}
		}
	}
}

// What a disk may hold of bytes that were not synced.
func whole(s string) string { return s }
func none(string) string    { return "" }
func zeros(s string) string { return strings.Repeat("\x00", len(s)) }
func front(s string) string { return s[:len(s)/2] }

func (t tree) apply(s step) {
	switch s.do {
	case "mkdir", "create":
		t[s.name] = s.node
	case "rename":
		delete(t, s.name)
		t[s.to] = s.node
	case "remove":
		if t[s.name] == s.node {
			delete(t, s.name)
		}
	default:
		panic(fmt.Sprintf("disk: %s changes no names", s.do))
	}
}

// reachable: a file in a directory that never came to the disk is not there.
func (t tree) reachable(name string) bool {
	dir := path.Dir(name)
	return dir == "." || t[dir] != nil && t.reachable(dir)
}
