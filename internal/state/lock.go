package state

import (
	"errors"
	"fmt"
	"os"
	"path"
	"time"

	"golang.org/x/sys/unix"
)

// ErrBusy is of a directory another process is writing to all the while.
var ErrBusy = errors.New("another process is writing here")

// Lock keeps other processes from writing below a directory, and takes away
// what one that died there left half written. Where a file system has no locks
// (NFS mounted nolock by some servers) there is none: a record is one file, and
// of two writers of one the later wins.
func (f *Files) Lock(dir string) (unlock func(), err error) {
	file, err := call(f, func() (*os.File, error) { return f.lock(dir) })
	if err != nil {
		return nil, fmt.Errorf("locking %s: %w", path.Join(f.name, dir), err)
	}
	return func() { file.Close() }, nil
}

func (f *Files) lock(dir string) (*os.File, error) {
	if err := makeDir(f.ops, dir); err != nil {
		return nil, err
	}
	file, err := f.root.OpenFile(path.Join(dir, ".lock"), os.O_CREATE|os.O_RDWR|unix.O_NOFOLLOW|unix.O_NONBLOCK, 0o600)
	if err != nil {
		return nil, err
	}
	if err := flock(file, f.patience*4/5); err != nil {
		file.Close()
		return nil, err
	}
	if err := sweep(f.ops, dir); err != nil {
		file.Close()
		return nil, err
	}
	return file, nil
}

// flock asks again and again, as a lock that is waited for could not be given
// up.
func flock(file *os.File, patience time.Duration) error {
	const pause = 5 * time.Millisecond
	for end := time.Now().Add(patience); ; time.Sleep(pause) {
		err := unix.Flock(int(file.Fd()), unix.LOCK_EX|unix.LOCK_NB)
		switch {
		case err == nil || errors.Is(err, unix.ENOLCK) || notSupported(err):
			return nil
		case errors.Is(err, unix.EINTR):
		case !errors.Is(err, unix.EWOULDBLOCK):
			return err
		case time.Now().After(end):
			return ErrBusy
		}
	}
}
