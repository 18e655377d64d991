package kmod

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// configDirs are the places of modprobe.d files, the most important first.
var configDirs = []string{
	"etc/modprobe.d",
	"run/modprobe.d",
	"usr/local/lib/modprobe.d",
	"usr/lib/modprobe.d",
	"lib/modprobe.d",
}

// A Config is what the administrator, the distribution and the kernel command
// line say about modules. Module names and aliases are normalized as kmod has
// them. Lists are in the order modprobe reads them, the command line last.
type Config struct {
	Aliases   []Entry // Name is the pattern, Value the module
	Options   []Entry // Name is a module or an alias, Value "debug=1 x=2"
	Installs  []Entry // Value is the shell command
	Removes   []Entry // Value is the shell command
	Blacklist []Ban
	Softdeps  []Softdep
	Weakdeps  []Weakdep
}

// An Entry is one line about one module.
type Entry struct {
	Name   string
	Value  string
	Source string // "/etc/modprobe.d/x.conf:3", or the word of the command line
	Text   string // the line itself, continuation lines joined
}

// A Ban is a module that is not to be loaded. By says which mechanism, and
// with that how far it goes: all but ByKernelCmdline stop aliases only.
type Ban struct {
	Module string
	By     DeniedBy
	Source string
	Text   string
}

// ReadConfig reads the modprobe.d directories under root and the kernel
// command line. The errors name files and lines that were passed over; the
// configuration holds all the rest.
//
// A file hides the files of the same name in later directories, and all that
// are left are read in the order of their names.
func ReadConfig(root fs.FS, cmdline string) (*Config, []error) {
	files, errs := configFiles(root)
	cfg := new(Config)
	for _, name := range files {
		data, err := fs.ReadFile(root, name)
		if err != nil {
			if !masked(root, name) {
				errs = append(errs, fmt.Errorf("reading module configuration: %w", err))
			}
			continue
		}
		errs = append(errs, cfg.parse("/"+name, data)...)
	}
	cfg.parseCmdline(cmdline)
	return cfg, errs
}

// configFiles lists the files to read, in order.
func configFiles(root fs.FS) (files []string, errs []error) {
	seen := make(map[string]bool)
	for _, dir := range configDirs {
		entries, err := fs.ReadDir(root, dir)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, fmt.Errorf("reading module configuration: %w", err))
		}
		for _, e := range entries {
			if !isConfig(e) || seen[e.Name()] {
				continue
			}
			seen[e.Name()] = true
			files = append(files, path.Join(dir, e.Name()))
		}
	}
	slices.SortFunc(files, func(a, b string) int {
		return strings.Compare(path.Base(a), path.Base(b))
	})
	return files, errs
}

// isConfig knows kmod's two endings.
func isConfig(e fs.DirEntry) bool {
	name := e.Name()
	ext := path.Ext(name)
	return !e.IsDir() && name[0] != '.' && (ext == ".conf" || ext == ".alias")
}

// masked reports whether name is a link to /dev/null, which may lead out of
// root and is a way to say that the file shall not count.
func masked(root fs.FS, name string) bool {
	target, err := fs.ReadLink(root, name)
	return err == nil && path.Clean(target) == "/dev/null"
}
