package state

import (
	"errors"
	"io/fs"
	"strings"
	"sync/atomic"
	"time"
)

// Bounded is a machine's root in which what is below the state directory
// answers in time or not at all: ErrLate. After one call was late none is tried
// again, so that all who read there wait once.
func Bounded(root fs.FS, patience time.Duration) fs.FS {
	return &bounded{root: root, patience: patience}
}

type bounded struct {
	root     fs.FS
	patience time.Duration
	late     atomic.Bool
}

// inTime makes one call, with a bound where it goes to the state directory.
func inTime[T any](b *bounded, op, name string, do func() (T, error)) (T, error) {
	if below := Dir[1:]; name != below && !strings.HasPrefix(name, below+"/") {
		return do()
	}
	var none T
	if b.late.Load() {
		return none, &fs.PathError{Op: op, Path: name, Err: ErrLate}
	}
	v, err := Within(b.patience, do)
	if errors.Is(err, ErrLate) {
		b.late.Store(true)
		return none, &fs.PathError{Op: op, Path: name, Err: ErrLate}
	}
	return v, err
}

func (b *bounded) Open(name string) (fs.File, error) {
	return inTime(b, "open", name, func() (fs.File, error) { return b.root.Open(name) })
}

func (b *bounded) ReadFile(name string) ([]byte, error) {
	return inTime(b, "read", name, func() ([]byte, error) { return fs.ReadFile(b.root, name) })
}

func (b *bounded) ReadDir(name string) ([]fs.DirEntry, error) {
	return inTime(b, "readdir", name, func() ([]fs.DirEntry, error) { return fs.ReadDir(b.root, name) })
}

func (b *bounded) Stat(name string) (fs.FileInfo, error) {
	return inTime(b, "stat", name, func() (fs.FileInfo, error) { return fs.Stat(b.root, name) })
}

func (b *bounded) Lstat(name string) (fs.FileInfo, error) {
	return inTime(b, "lstat", name, func() (fs.FileInfo, error) { return fs.Lstat(b.root, name) })
}

func (b *bounded) ReadLink(name string) (string, error) {
	return inTime(b, "readlink", name, func() (string, error) { return fs.ReadLink(b.root, name) })
}
