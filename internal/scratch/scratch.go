// Package scratch writes the files attune generates, and nobody else does.
//
// Everything goes below one directory, opened once as an os.Root: no name and
// no link can lead out of it. A file is replaced by rename, so that a reader
// sees the old one or the new one and never a part.
package scratch

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
)

// Open opens the scratch directory, making it first if it is not there.
func Open(dir string) (*os.Root, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("making the scratch directory: %w", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("opening the scratch directory: %w", err)
	}
	return root, nil
}

// Create opens a new file to be written bit by bit, such as a log that must
// show how far a machine came which hung.
func Create(root *os.Root, name string) (*os.File, error) {
	f, err := root.Create(name)
	if err != nil {
		return nil, fmt.Errorf("making %s: %w", path.Join(root.Name(), name), err)
	}
	return f, nil
}

// WriteFile puts data into place under name, readable by all. What stood
// there before stays whole until the new file is complete.
func WriteFile(root *os.Root, name string, data []byte) error {
	if err := writeFile(root, name, data); err != nil {
		return fmt.Errorf("writing %s: %w", path.Join(root.Name(), name), err)
	}
	return nil
}

func writeFile(root *os.Root, name string, data []byte) error {
	if dir := path.Dir(name); dir != "." {
		if err := root.MkdirAll(dir, 0o755); err != nil {
			return err
		}
	}
	temp := path.Join(path.Dir(name), ".new-"+path.Base(name))
	if err := root.Remove(temp); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := root.WriteFile(temp, data, 0o644); err != nil {
		root.Remove(temp)
		return err
	}
	if err := root.Rename(temp, name); err != nil {
		root.Remove(temp)
		return err
	}
	return nil
}
