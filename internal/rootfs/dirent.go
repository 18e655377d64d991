package rootfs

import (
	"bytes"
	"encoding/binary"
	"io/fs"
	"path"
	"time"

	"golang.org/x/sys/unix"
)

// A dirent is one name of a directory with the type the kernel gave for free.
type dirent struct {
	t    *tree
	dir  string
	name string
	typ  fs.FileMode
}

func (d *dirent) Name() string               { return d.name }
func (d *dirent) IsDir() bool                { return d.typ.IsDir() }
func (d *dirent) Type() fs.FileMode          { return d.typ }
func (d *dirent) Info() (fs.FileInfo, error) { return d.t.Lstat(path.Join(d.dir, d.name)) }
func (d *dirent) String() string             { return fs.FormatDirEntry(d) }

// list reads an open directory, in the kernel's order.
func (t *tree) list(fd int, dir string) ([]fs.DirEntry, error) {
	buf := bufs.Get().(*[]byte)
	defer bufs.Put(buf)
	var all []fs.DirEntry
	for {
		n, err := retry(func() (int, error) { return unix.Getdents(fd, *buf) })
		if n <= 0 || err != nil {
			return all, err
		}
		if all, err = t.entries(all, (*buf)[:n], dir); err != nil {
			return all, err
		}
	}
}

// entries decodes one getdents64 buffer: inode u64, offset u64, length u16,
// type u8, name. The length covers the whole record, name and padding included.
func (t *tree) entries(all []fs.DirEntry, b []byte, dir string) ([]fs.DirEntry, error) {
	const head = 19
	block := make([]dirent, 0, len(b)/32+1)
	for len(b) > 0 {
		if len(b) < head {
			return all, errShort
		}
		size := int(binary.NativeEndian.Uint16(b[16:]))
		if size < head || size > len(b) {
			return all, errShort
		}
		name, _, _ := bytes.Cut(b[head:size], []byte{0})
		if s := string(name); s != "." && s != ".." && s != "" {
			block = append(block, dirent{t, dir, s, t.direntType(b[18], dir, s)})
			all = append(all, &block[len(block)-1])
		}
		b = b[size:]
	}
	return all, nil
}

func (t *tree) direntType(dt byte, dir, name string) fs.FileMode {
	if dt == unix.DT_UNKNOWN { // some file systems leave it to stat
		if st, err := t.Lstat(path.Join(dir, name)); err == nil {
			return st.Mode().Type()
		}
		return fs.ModeIrregular
	}
	return fileType(uint32(dt) << 12) // DT_* are the S_IFMT bits shifted down
}

func fileType(mode uint32) fs.FileMode {
	switch mode & unix.S_IFMT {
	case unix.S_IFDIR:
		return fs.ModeDir
	case unix.S_IFLNK:
		return fs.ModeSymlink
	case unix.S_IFREG:
		return 0
	case unix.S_IFCHR:
		return fs.ModeDevice | fs.ModeCharDevice
	case unix.S_IFBLK:
		return fs.ModeDevice
	case unix.S_IFIFO:
		return fs.ModeNamedPipe
	case unix.S_IFSOCK:
		return fs.ModeSocket
	}
	return fs.ModeIrregular
}

type info struct {
	name string
	st   unix.Stat_t
}

func newInfo(name string, st *unix.Stat_t) fs.FileInfo { return &info{name, *st} }

func (i *info) Name() string       { return i.name }
func (i *info) Size() int64        { return i.st.Size }
func (i *info) IsDir() bool        { return i.Mode().IsDir() }
func (i *info) Sys() any           { return &i.st }
func (i *info) ModTime() time.Time { return time.Unix(i.st.Mtim.Unix()) }
func (i *info) Mode() fs.FileMode {
	m := fileType(i.st.Mode) | fs.FileMode(i.st.Mode&0o777)
	for bit, mode := range map[uint32]fs.FileMode{
		unix.S_ISUID: fs.ModeSetuid, unix.S_ISGID: fs.ModeSetgid, unix.S_ISVTX: fs.ModeSticky,
	} {
		if i.st.Mode&bit != 0 {
			m |= mode
		}
	}
	return m
}
