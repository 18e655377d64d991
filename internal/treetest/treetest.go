// Package treetest makes trees of files for tests: a machine's /sys, or as much
// of its / as a test is about.
package treetest

import (
	"io/fs"
	"strings"
	"testing/fstest"
)

// Of is a tree of files, by name. "-> X" is a link to X.
func Of(files map[string]string) fstest.MapFS {
	m := fstest.MapFS{}
	for name, text := range files {
		if target, ok := strings.CutPrefix(text, "-> "); ok {
			m[name] = &fstest.MapFile{Data: []byte(target), Mode: fs.ModeSymlink | 0o777}
			continue
		}
		m[name] = &fstest.MapFile{Data: []byte(text), Mode: 0o444}
	}
	return m
}
