// Package modtree finds the module trees which scripts/modtree has built, for
// the tests and the benchmarks. It builds none and is not in the attune
// program.
package modtree

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// ErrNone is what Find answers when no tree was built.
var ErrNone = errors.New("no module tree")

// Find gives the root and the kernel release of the tree built last for a
// suite, "bookworm" or "trixie". It lies in ATTUNE_CACHE, else in attune below
// the user's cache.
func Find(suite string) (root, release string, err error) {
	cache := os.Getenv("ATTUNE_CACHE")
	if cache == "" {
		base, err := os.UserCacheDir()
		if err != nil {
			return "", "", fmt.Errorf("finding the cache: %w", err)
		}
		cache = filepath.Join(base, "attune")
	}
	root, release = newest(filepath.Join(cache, "modtree-"+suite+"-*"))
	if root == "" {
		return "", "", fmt.Errorf("%w of %s in %s: make one with scripts/modtree %s", ErrNone, suite, cache, suite)
	}
	return root, release, nil
}

// newest goes by the time of a tree's directory, as the script does: versions
// do not sort as text.
func newest(pattern string) (root, release string) {
	trees, _ := filepath.Glob(pattern)
	var last os.FileInfo
	for _, tree := range trees {
		info, err := os.Stat(tree)
		of := Release(tree)
		if err != nil || of == "" || last != nil && !info.ModTime().After(last.ModTime()) {
			continue
		}
		root, release, last = tree, of, info
	}
	return root, release
}

// Release is the kernel release a tree has modules for, "" when it is none.
func Release(tree string) string {
	dirs, _ := filepath.Glob(filepath.Join(tree, "lib", "modules", "*"))
	if len(dirs) == 0 {
		return ""
	}
	return filepath.Base(dirs[len(dirs)-1])
}
