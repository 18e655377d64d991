package state

import (
	"errors"
	"fmt"
	"io/fs"

	"golang.org/x/sys/unix"
)

// Facts are what was seen of a directory.
type Facts struct {
	Late     bool   // it did not answer in time
	Stat     error  // of looking at it
	List     error  // of reading its names
	Unusable string // what is left there of a disk that could not be mounted
	FS       string // file system, as State has it
	Upper    string // of an overlay: what its upper layer is on, "" when that cannot be seen
	ReadOnly bool   // the mount, or the file system, is
	Tried    bool   // a file was written, synced and taken away again
	Write    error  // of that
	Free     uint64 // bytes
	NoRoom   bool   // not one more small file fits
}

// Judge says what a directory is worth. Pure.
func Judge(f Facts) (Condition, string) {
	switch {
	case f.Late:
		return Hanging, "it did not answer in time"
	case errors.Is(f.Stat, fs.ErrNotExist):
		return Absent, "there is no such directory"
	case f.Stat != nil:
		return broken(f.Stat, "looking at it")
	case f.Unusable != "":
		return Corrupt, f.Unusable
	case f.List != nil:
		return broken(f.List, "listing it")
	case f.ReadOnly:
		return ReadOnly, "mounted read-only"
	case f.NoRoom:
		return Full, fmt.Sprintf("%d bytes are left", f.Free)
	case f.Write != nil:
		return broken(f.Write, "writing a file")
	case inMemory[f.FS]:
		return Volatile, "it is a " + f.FS
	case f.FS == "overlay" && f.Upper == "":
		return Volatile, "it is an overlay whose upper layer cannot be seen"
	case f.FS == "overlay" && inMemory[f.Upper]:
		return Volatile, "it is an overlay whose upper layer is a " + f.Upper
	case !f.Tried:
		return Unknown, "nothing was written to find out"
	}
	return Good, "on " + f.FS
}

// inMemory are file systems that are empty after each boot.
var inMemory = map[string]bool{"tmpfs": true, "ramfs": true, "rootfs": true}

func broken(err error, doing string) (Condition, string) {
	why := fmt.Sprintf("%s: %v", doing, reason(err))
	for _, row := range errnos {
		for _, e := range row.errs {
			if errors.Is(err, e) {
				return row.is, why
			}
		}
	}
	return ReadOnly, why
}

// errnos are what the kernel's errors say about a directory. What is not in
// here leaves it to be read and not to be written.
var errnos = []struct {
	is   Condition
	errs []error
}{
	{Full, []error{unix.ENOSPC, unix.EDQUOT, unix.EFBIG}},
	{Hanging, []error{ErrLate, unix.ETIMEDOUT, unix.ESTALE, unix.EHOSTDOWN, unix.EHOSTUNREACH, unix.ENOTCONN}},
	{Corrupt, []error{unix.EIO, unix.EUCLEAN, unix.EBADMSG, unix.ENXIO, unix.ENODEV, unix.ENOMEDIUM, unix.EREMOTEIO}},
	{Absent, []error{fs.ErrNotExist, unix.ENOTDIR}},
	{ReadOnly, []error{unix.EROFS, fs.ErrPermission}},
}

// reason is an error without the paths around it.
func reason(err error) error {
	if e, ok := errors.AsType[unix.Errno](err); ok {
		return e
	}
	return err
}
