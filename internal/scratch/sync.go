package scratch

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"slices"
)

// Sync makes a directory hold the wanted files, name to content, and none else
// of those that are ours. Files which hold what they should are not touched.
// It goes on past a file that fails; changed and removed say what was done,
// sorted.
func Sync(dir *os.Root, want map[string][]byte, ours func(name string) bool) (changed, removed []string, err error) {
	var errs []error
	for _, name := range slices.Sorted(maps.Keys(want)) {
		if holds(dir, name, want[name]) {
			continue
		}
		if err := replace(dir, name, want[name]); err != nil {
			errs = append(errs, err)
			continue
		}
		changed = append(changed, name)
	}
	names, err := List(dir)
	errs = append(errs, err)
	for _, name := range names {
		if _, wanted := want[name]; wanted || !ours(name) {
			continue
		}
		if err := dir.Remove(name); err != nil {
			errs = append(errs, fmt.Errorf("removing %s: %w", path.Join(dir.Name(), name), err))
			continue
		}
		removed = append(removed, name)
	}
	return changed, removed, errors.Join(errs...)
}

// replace puts a file in the place of whatever is there but a directory.
func replace(dir *os.Root, name string, data []byte) error {
	if info, err := dir.Lstat(name); err == nil && !info.Mode().IsRegular() && !info.IsDir() {
		if err := dir.Remove(name); err != nil {
			return fmt.Errorf("writing %s: %w", path.Join(dir.Name(), name), err)
		}
	}
	return WriteFile(dir, name, data)
}

// holds: a link that leads to the right bytes is not the file itself, and a
// FIFO would keep its reader for ever.
func holds(dir *os.Root, name string, want []byte) bool {
	info, err := dir.Lstat(name)
	if err != nil || !info.Mode().IsRegular() || info.Size() != int64(len(want)) {
		return false
	}
	have, err := dir.ReadFile(name)
	return err == nil && bytes.Equal(have, want)
}

// List gives the names of all files below a directory, directories left out,
// sorted.
func List(dir *os.Root) (names []string, err error) {
	err = fs.WalkDir(dir.FS(), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if !d.IsDir() {
			names = append(names, name)
		}
		return nil
	})
	if err != nil {
		return names, fmt.Errorf("listing %s: %w", dir.Name(), err)
	}
	return names, nil
}

// Everything is the answer of a directory that is ours alone.
func Everything(string) bool { return true }

// Sub opens a directory below another, making it first if it is not there.
func Sub(root *os.Root, name string) (*os.Root, error) {
	if err := root.MkdirAll(name, 0o755); err != nil {
		return nil, fmt.Errorf("making %s: %w", path.Join(root.Name(), name), err)
	}
	sub, err := root.OpenRoot(name)
	if err != nil {
		return nil, fmt.Errorf("opening %s: %w", path.Join(root.Name(), name), err)
	}
	return sub, nil
}
