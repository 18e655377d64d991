package state

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"golang.org/x/sys/unix"
)

// tempPrefix begins the names of files that are not yet what they shall be.
const tempPrefix = ".new-"

// ops is what a file system does for us, so that a test can write down in
// which order and cut the power in between.
type ops interface {
	Mkdir(name string) error
	List(dir string) ([]string, error)
	Create(name string, perm fs.FileMode) (newFile, error) // one that is not there yet
	Rename(from, to string) error
	Remove(name string) error
	SyncDir(dir string) error
}

// A newFile is a file being written.
type newFile interface {
	Write(data []byte) (int, error)
	Sync() error
	Close() error
}

// commit writes beside, syncs, renames, and syncs the directory. ext4, xfs,
// btrfs and f2fs each lose or empty a file without one of these; see
// Pillai et al., "All File Systems Are Not Created Equal", OSDI 2014.
func commit(o ops, name string, data []byte, perm fs.FileMode) error {
	if !fs.ValidPath(name) || name == "." {
		return fmt.Errorf("%q: %w", name, fs.ErrInvalid)
	}
	dir := path.Dir(name)
	if err := makeDir(o, dir); err != nil {
		return err
	}
	temp := path.Join(dir, tempPrefix+rand.Text()[:12])
	if err := create(o, temp, data, perm); err != nil {
		o.Remove(temp)
		return err
	}
	if err := o.Rename(temp, name); err != nil {
		o.Remove(temp)
		return err
	}
	return o.SyncDir(dir)
}

// create writes a new file, and all of it is on the disk.
func create(o ops, name string, data []byte, perm fs.FileMode) error {
	f, err := o.Create(name, perm)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	if cerr := f.Close(); err == nil { // NFS tells of a full disk here
		err = cerr
	}
	return err
}

// makeDir makes a directory and those above it, each on disk before what is
// below it.
func makeDir(o ops, dir string) error {
	if dir == "." {
		return nil
	}
	if err := makeDir(o, path.Dir(dir)); err != nil {
		return err
	}
	err := o.Mkdir(dir)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return o.SyncDir(path.Dir(dir))
}

func remove(o ops, name string) error {
	if err := o.Remove(name); err != nil {
		return err
	}
	return o.SyncDir(path.Dir(name))
}

func rename(o ops, from, to string) error {
	if err := o.Rename(from, to); err != nil {
		return err
	}
	return o.SyncDir(path.Dir(to))
}

// sweep takes away what a power cut left half written. Only who holds the lock
// may: another's temporary file is not ours to take.
func sweep(o ops, dir string) error {
	names, err := o.List(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	for _, name := range names {
		if strings.HasPrefix(name, tempPrefix) {
			if rerr := o.Remove(path.Join(dir, name)); err == nil {
				err = rerr
			}
		}
	}
	return err
}

func real(names []string) []string {
	var out []string
	for _, name := range names {
		if !strings.HasPrefix(name, ".") {
			out = append(out, name)
		}
	}
	return out
}

// notSupported is of file systems that cannot sync a directory (some FUSE and
// network ones); they keep their own order.
func notSupported(err error) bool {
	return errors.Is(err, unix.EINVAL) || errors.Is(err, unix.ENOTSUP) || errors.Is(err, unix.ENOSYS)
}
