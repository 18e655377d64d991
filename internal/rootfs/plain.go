package rootfs

import (
	"io"
	"io/fs"

	"golang.org/x/sys/unix"
)

// plain is a directory as os.Root gives it, for kernels that cannot confine
// links, with the same bound on what is read at once.
type plain struct{ fs.FS }

func (p plain) ReadFile(name string) ([]byte, error) {
	f, err := p.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	switch {
	case err != nil:
		return nil, err
	case len(b) > maxFile:
		return nil, &fs.PathError{Op: "read", Path: name, Err: unix.EFBIG}
	}
	return b, nil
}

func (p plain) ReadDir(name string) ([]fs.DirEntry, error) { return fs.ReadDir(p.FS, name) }
func (p plain) ReadLink(name string) (string, error)       { return fs.ReadLink(p.FS, name) }
func (p plain) Stat(name string) (fs.FileInfo, error)      { return fs.Stat(p.FS, name) }
func (p plain) Lstat(name string) (fs.FileInfo, error)     { return fs.Lstat(p.FS, name) }
