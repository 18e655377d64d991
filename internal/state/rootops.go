package state

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"slices"

	"golang.org/x/sys/unix"
)

// rootOps are ops on a real directory.
type rootOps struct{ root *os.Root }

func (r rootOps) Mkdir(name string) error { return r.root.Mkdir(name, 0o755) }

// maxNames is more than a directory of ours ever has.
const maxNames = 4096

func (r rootOps) List(dir string) ([]string, error) {
	d, err := r.root.OpenFile(dir, os.O_RDONLY|unix.O_NONBLOCK|unix.O_DIRECTORY, 0)
	if err != nil {
		return nil, err
	}
	defer d.Close()
	names, err := d.Readdirnames(maxNames)
	if errors.Is(err, io.EOF) {
		err = nil
	}
	slices.Sort(names)
	return names, err
}

func (r rootOps) Create(name string, perm fs.FileMode) (newFile, error) {
	f, err := r.root.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, perm)
	if err != nil {
		return nil, err
	}
	if err := private(f, perm); err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// private gives a file its permissions, of which the umask may have taken some
// and FAT knows none. What is for root alone is not written where all may read it.
func private(f *os.File, perm fs.FileMode) error {
	cerr := f.Chmod(perm)
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if info.Mode().Perm()&^perm&0o077 != 0 && perm&0o077 == 0 {
		return errors.Join(errOpen, cerr)
	}
	return nil
}

var errOpen = errors.New("this file system would let everybody read it")

func (r rootOps) Rename(from, to string) error { return r.root.Rename(from, to) }
func (r rootOps) Remove(name string) error     { return r.root.Remove(name) }

func (r rootOps) SyncDir(dir string) error {
	d, err := r.root.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	if err := d.Sync(); err != nil && !notSupported(err) {
		return err
	}
	return nil
}
