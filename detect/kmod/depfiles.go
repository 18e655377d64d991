package kmod

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
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

// Softdeps gives what the modules themselves carry, of modules.softdep.
func (ix *Index) Softdeps() []Softdep { return ix.softdeps() }

// Weakdeps gives what the modules themselves carry, of modules.weakdep.
func (ix *Index) Weakdeps() []Weakdep { return ix.weakdeps() }

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
