package rootfs

import (
	"errors"
	"io/fs"
	"path"
)

// under is the part of a tree below one directory, by joining paths. Unlike
// the generic fs.Sub it keeps every fast method of the tree.
type under struct {
	t   *tree
	dir string
}

func (u under) Open(name string) (fs.File, error) {
	return at(u, name, u.t.Open)
}

func (u under) ReadFile(name string) ([]byte, error) {
	return at(u, name, u.t.ReadFile)
}

func (u under) ReadDir(name string) ([]fs.DirEntry, error) {
	return at(u, name, u.t.ReadDir)
}

func (u under) ReadLink(name string) (string, error) {
	return at(u, name, u.t.ReadLink)
}

func (u under) Stat(name string) (fs.FileInfo, error) {
	return at(u, name, u.t.Stat)
}

func (u under) Lstat(name string) (fs.FileInfo, error) {
	return at(u, name, u.t.Lstat)
}

func (u under) Sub(dir string) (fs.FS, error) {
	if !fs.ValidPath(dir) {
		return nil, &fs.PathError{Op: "sub", Path: dir, Err: fs.ErrInvalid}
	}
	return u.t.Sub(path.Join(u.dir, dir))
}

// at calls a method of the whole tree for a name below u.dir; an error speaks
// of the name the caller used.
func at[T any](u under, name string, call func(string) (T, error)) (T, error) {
	if !fs.ValidPath(name) {
		var none T
		return none, &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
	}
	v, err := call(path.Join(u.dir, name))
	var pe *fs.PathError
	if errors.As(err, &pe) {
		err = &fs.PathError{Op: pe.Op, Path: name, Err: pe.Err}
	}
	return v, err
}
