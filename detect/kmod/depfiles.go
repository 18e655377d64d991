package kmod

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"
)

// A Softdep is one softdep line: modules to try before and after. The
// targets may be aliases and may not exist.
type Softdep struct {
	Module string // a pattern over module names, nearly always plain
	Pre    []string
	Post   []string
	Source string // "/etc/modprobe.d/x.conf:3"
	Text   string
}

// A Weakdep is one weakdep line: modules that Module may ask for at run time.
type Weakdep struct {
	Module  string
	Targets []string
	Source  string
	Text    string
}

// A Devnode is a device node that a module wants to exist before it is
// loaded, a line of modules.devname.
type Devnode struct {
	Module string // "fuse"
	Name   string // "fuse", relative to /dev
	Block  bool
	Major  int
	Minor  int
}

// Softdeps gives what the modules themselves carry, of modules.softdep.
func (ix *Index) Softdeps() []Softdep { return ix.softdeps() }

// Weakdeps gives what the modules themselves carry, of modules.weakdep.
func (ix *Index) Weakdeps() []Weakdep { return ix.weakdeps() }

// Devnodes gives the static device nodes, of modules.devname.
func (ix *Index) Devnodes() []Devnode { return ix.nodes() }

func (ix *Index) readSoftdeps() []Softdep {
	cfg := ix.readLines("modules.softdep")
	return cfg.Softdeps
}

func (ix *Index) readWeakdeps() []Weakdep {
	cfg := ix.readLines("modules.weakdep")
	return cfg.Weakdeps
}

// readLines reads a file of depmod's that is written as modprobe.d is.
func (ix *Index) readLines(name string) *Config {
	cfg := new(Config)
	name = path.Join(ix.dir, name)
	data, err := fs.ReadFile(ix.fsys, name)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		ix.unread.add(fmt.Errorf("reading what modules want beside them: %w", err))
	}
	for _, err := range cfg.parse("/"+name, data) {
		ix.unread.add(err)
	}
	return cfg
}

func (ix *Index) readDevnodes() []Devnode {
	data, err := fs.ReadFile(ix.fsys, path.Join(ix.dir, "modules.devname"))
	if err != nil {
		return nil
	}
	var nodes []Devnode
	for line := range lines(data) {
		if node, err := parseDevnode(line); err == nil {
			nodes = append(nodes, node)
		}
	}
	return nodes
}

// parseDevnode reads "fuse fuse c10:229".
func parseDevnode(line string) (Devnode, error) {
	f := strings.Fields(line)
	if len(f) != 3 || len(f[2]) < 4 || f[2][0] != 'c' && f[2][0] != 'b' {
		return Devnode{}, fmt.Errorf("reading modules.devname: %q is not MODULE NODE cMAJOR:MINOR", line)
	}
	major, minor, _ := strings.Cut(f[2][1:], ":")
	maj, err := strconv.Atoi(major)
	if err != nil {
		return Devnode{}, err
	}
	mnr, err := strconv.Atoi(minor)
	if err != nil {
		return Devnode{}, err
	}
	return Devnode{Module: f[0], Name: f[1], Block: f[2][0] == 'b', Major: maj, Minor: mnr}, nil
}
