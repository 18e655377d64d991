package state

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"time"

	"golang.org/x/sys/unix"
)

// MaxFile is more than any file of state needs, in bytes; more is neither
// written nor read.
const MaxFile = 1 << 20

// ErrTooLong is of a file that is longer than MaxFile.
var ErrTooLong = fmt.Errorf("longer than %d bytes", MaxFile)

// Files is a directory below which state is kept. No name and no link leads
// out of it. Each call comes back after its patience at the latest; after one
// that was late, none is tried again.
type Files struct {
	name     string
	root     *os.Root
	ops      ops
	patience time.Duration
	late     bool
}

// Open opens a directory that is there.
func Open(dir string) (*Files, error) { return open(dir, Patience) }

func open(dir string, patience time.Duration) (*Files, error) {
	root, err := Within(patience, func() (*os.Root, error) { return os.OpenRoot(dir) })
	if err != nil {
		return nil, fmt.Errorf("opening the state directory: %w", err)
	}
	return &Files{name: dir, root: root, ops: rootOps{root}, patience: patience}, nil
}

// Make is Open for a directory that may have to be made first.
func Make(dir string) (*Files, error) {
	_, err := Within(Patience, func() (any, error) { return nil, os.MkdirAll(dir, 0o755) })
	if err != nil {
		return nil, fmt.Errorf("making the state directory: %w", err)
	}
	return Open(dir)
}

// Close gives the directory back. One that hangs is left alone.
func (f *Files) Close() {
	if !f.late {
		f.root.Close()
	}
}

// Name is the directory's path.
func (f *Files) Name() string { return f.name }

// call is one bounded access.
func call[T any](f *Files, do func() (T, error)) (T, error) {
	if f.late {
		var none T
		return none, ErrLate
	}
	v, err := Within(f.patience, do)
	f.late = errors.Is(err, ErrLate)
	return v, err
}

// Read gives a regular file; what else may have its name is an error, not
// waited for.
func (f *Files) Read(name string) ([]byte, error) {
	data, err := call(f, func() ([]byte, error) { return readRegular(f.root, name) })
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", path.Join(f.name, name), err)
	}
	return data, nil
}

func readRegular(root *os.Root, name string) ([]byte, error) {
	file, err := root.OpenFile(name, os.O_RDONLY|unix.O_NONBLOCK|unix.O_NOFOLLOW, 0) // a FIFO opens, too, and is told by its mode
	if err != nil {
		return nil, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("this is no file")
	}
	data, err := io.ReadAll(io.LimitReader(file, MaxFile+1))
	if err == nil && len(data) > MaxFile {
		err = ErrTooLong
	}
	return data, err
}

// Remove takes a file away for good.
func (f *Files) Remove(name string) error {
	_, err := call(f, func() (any, error) { return nil, remove(f.ops, name) })
	if err != nil {
		return fmt.Errorf("removing %s: %w", path.Join(f.name, name), err)
	}
	return nil
}

// List gives the names of a directory below, sorted; none of one that is not
// there. Temporary files are not among them.
func (f *Files) List(dir string) ([]string, error) {
	names, err := call(f, func() ([]string, error) { return f.ops.List(dir) })
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("listing %s: %w", path.Join(f.name, dir), err)
	}
	return real(names), nil
}

// Commit puts data into place under a name. When it comes back without an
// error the new file is there whatever happens to the power; until then the old
// one is.
func (f *Files) Commit(name string, data []byte, perm fs.FileMode) error {
	if len(data) > MaxFile {
		return fmt.Errorf("writing %s: %w", path.Join(f.name, name), ErrTooLong)
	}
	_, err := call(f, func() (any, error) { return nil, commit(f.ops, name, data, perm) })
	if err != nil {
		return fmt.Errorf("writing %s: %w", path.Join(f.name, name), err)
	}
	return nil
}

// Rename moves a file within its directory, for good.
func (f *Files) Rename(from, to string) error {
	_, err := call(f, func() (any, error) { return nil, rename(f.ops, from, to) })
	if err != nil {
		return fmt.Errorf("renaming %s to %s: %w", path.Join(f.name, from), to, err)
	}
	return nil
}

// RemoveAll takes a directory and all below it away for good.
func (f *Files) RemoveAll(dir string) error {
	_, err := call(f, func() (any, error) {
		if !fs.ValidPath(dir) || dir == "." {
			return nil, fs.ErrInvalid
		}
		if err := f.root.RemoveAll(dir); err != nil {
			return nil, err
		}
		return nil, f.ops.SyncDir(path.Dir(dir))
	})
	if err != nil {
		return fmt.Errorf("removing %s: %w", path.Join(f.name, dir), err)
	}
	return nil
}
