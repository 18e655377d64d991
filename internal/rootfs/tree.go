package rootfs

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sys/unix"
)

// A tree is a directory read with plain system calls. os.DirFS would do the
// same at three times the price: it registers every file with the poller,
// stats it, and builds a path for each entry.
type tree struct {
	fd     int
	inRoot bool // links are confined to the tree, absolute ones start at its top
	sysfs  bool // all below is sysfs, whose answers come whole
	sub    *subs
}

// subs are the trees handed out by Sub: closed with the root they came from.
type subs struct {
	mu  sync.Mutex
	fds []int
}

var (
	_ fs.ReadFileFS = (*tree)(nil)
	_ fs.ReadDirFS  = (*tree)(nil)
	_ fs.StatFS     = (*tree)(nil)
	_ fs.ReadLinkFS = (*tree)(nil)
	_ fs.SubFS      = (*tree)(nil)
)

func openTree(dir string, inRoot bool) (*tree, error) {
	fd, err := retry(func() (int, error) {
		return unix.Open(dir, unix.O_PATH|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	})
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: dir, Err: err}
	}
	t := &tree{fd: fd, inRoot: inRoot, sub: &subs{}}
	// A kernel or a container filter without openat2 says so here, once.
	if _, err := t.Stat("."); err != nil {
		unix.Close(fd)
		return nil, err
	}
	return t, nil
}

func (t *tree) Close() error {
	t.sub.mu.Lock()
	defer t.sub.mu.Unlock()
	for _, fd := range t.sub.fds {
		unix.Close(fd)
	}
	t.sub.fds = nil
	return unix.Close(t.fd)
}

// Sub saves the kernel the first steps of every later look-up. A confined tree
// keeps the generic wrapper: its links are relative to the whole root.
func (t *tree) Sub(dir string) (fs.FS, error) {
	if !fs.ValidPath(dir) {
		return nil, &fs.PathError{Op: "sub", Path: dir, Err: fs.ErrInvalid}
	}
	if t.inRoot {
		return under{t, dir}, nil
	}
	fd, err := t.openat(dir, unix.O_PATH|unix.O_DIRECTORY)
	if err != nil {
		return under{t, dir}, nil
	}
	t.sub.mu.Lock()
	t.sub.fds = append(t.sub.fds, fd)
	t.sub.mu.Unlock()
	return &tree{fd: fd, sysfs: isSysfs(fd), sub: t.sub}, nil
}

func isSysfs(fd int) bool {
	var st unix.Statfs_t
	return unix.Fstatfs(fd, &st) == nil && st.Type == unix.SYSFS_MAGIC
}

// openat opens without waiting: a FIFO in a copied tree must not stop us.
func (t *tree) openat(name string, flags int) (int, error) {
	flags |= unix.O_CLOEXEC | unix.O_NONBLOCK | unix.O_NOCTTY
	if !t.inRoot {
		return retry(func() (int, error) { return unix.Openat(t.fd, name, flags, 0) })
	}
	if flags&unix.O_PATH != 0 {
		flags = flags&(unix.O_PATH|unix.O_DIRECTORY|unix.O_NOFOLLOW) | unix.O_CLOEXEC // openat2 is strict
	}
	how := unix.OpenHow{Flags: uint64(flags), Resolve: unix.RESOLVE_IN_ROOT | unix.RESOLVE_NO_MAGICLINKS}
	return retry(func() (int, error) { return unix.Openat2(t.fd, name, &how) })
}

func (t *tree) open(op, name string, flags int) (int, error) {
	if !fs.ValidPath(name) {
		return -1, &fs.PathError{Op: op, Path: name, Err: fs.ErrInvalid}
	}
	fd, err := t.openat(name, flags)
	if err != nil {
		return -1, &fs.PathError{Op: op, Path: name, Err: err}
	}
	return fd, nil
}

// Open is for callers that want an fs.File; the other methods are faster.
func (t *tree) Open(name string) (fs.File, error) {
	fd, err := t.open("open", name, unix.O_RDONLY)
	if err != nil {
		return nil, err
	}
	return &file{t: t, name: name, fd: fd}, nil
}

// bufs holds read buffers. A sysfs attribute is at most a page; a second page
// lets one read call fetch it and the next one see the end.
var bufs = sync.Pool{New: func() any { b := make([]byte, 8192); return &b }}

// maxFile is the most ReadFile gives: far more than any attribute, index or
// configuration. A copied tree can hold a sparse file of any size. What may be
// larger, a module, is opened and streamed.
const maxFile = 64 << 20

// ReadFile reads to the end whatever size the file claims: sysfs says 4096 for
// a two-byte attribute, procfs and some binary attributes say 0. More than
// maxFile is EFBIG.
func (t *tree) ReadFile(name string) ([]byte, error) {
	fd, err := t.open("open", name, unix.O_RDONLY)
	if err != nil {
		return nil, err
	}
	defer unix.Close(fd)
	buf := bufs.Get().(*[]byte)
	defer bufs.Put(buf)
	b, n := *buf, 0
	for {
		if n > maxFile {
			return nil, &fs.PathError{Op: "read", Path: name, Err: unix.EFBIG}
		}
		if n == len(b) {
			b = slices.Grow(b[:n], n)[:2*n]
		}
		m, err := retry(func() (int, error) { return unix.Read(fd, b[n:]) })
		if err != nil {
			return nil, &fs.PathError{Op: "read", Path: name, Err: err}
		}
		if m == 0 {
			return append(make([]byte, 0, n), b[:n]...), nil
		}
		n += m
	}
}

// ReadDir lists a directory, sorted by name.
func (t *tree) ReadDir(name string) ([]fs.DirEntry, error) {
	fd, err := t.open("open", name, unix.O_RDONLY|unix.O_DIRECTORY)
	if err != nil {
		return nil, err
	}
	defer unix.Close(fd)
	list, err := t.list(fd, name)
	if err != nil {
		return list, &fs.PathError{Op: "readdir", Path: name, Err: err}
	}
	slices.SortFunc(list, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return list, nil
}

// ReadLink gives a link's text.
func (t *tree) ReadLink(name string) (string, error) {
	if !fs.ValidPath(name) {
		return "", &fs.PathError{Op: "readlink", Path: name, Err: fs.ErrInvalid}
	}
	fd, at, done, err := t.at(name)
	if err != nil {
		return "", &fs.PathError{Op: "readlink", Path: name, Err: err}
	}
	defer done()
	var b [1024]byte
	n, err := retry(func() (int, error) { return unix.Readlinkat(fd, at, b[:]) })
	if err == nil && n == len(b) {
		err = unix.ENAMETOOLONG
	}
	if err != nil {
		return "", &fs.PathError{Op: "readlink", Path: name, Err: err}
	}
	return string(b[:n]), nil
}

// Stat follows links, Lstat does not.
func (t *tree) Stat(name string) (fs.FileInfo, error)  { return t.stat("stat", name, true) }
func (t *tree) Lstat(name string) (fs.FileInfo, error) { return t.stat("lstat", name, false) }

func (t *tree) stat(op, name string, follow bool) (fs.FileInfo, error) {
	flags := unix.O_PATH
	if !follow {
		flags |= unix.O_NOFOLLOW
	}
	fd, err := t.open(op, name, flags)
	if err != nil {
		return nil, err
	}
	defer unix.Close(fd)
	return fstat(op, name, fd)
}

func fstat(op, name string, fd int) (fs.FileInfo, error) {
	var st unix.Stat_t
	if _, err := retry(func() (int, error) { return 0, unix.Fstat(fd, &st) }); err != nil {
		return nil, &fs.PathError{Op: op, Path: name, Err: err}
	}
	return newInfo(path.Base(name), &st), nil
}

// at splits a path into a directory to look in and a name without slashes.
// Only a confined tree needs it: readlinkat itself knows no confinement.
func (t *tree) at(name string) (fd int, base string, done func(), err error) {
	dir, base := path.Split(name)
	if !t.inRoot || dir == "" {
		return t.fd, name, func() {}, nil
	}
	fd, err = t.openat(path.Clean(dir), unix.O_PATH|unix.O_DIRECTORY)
	return fd, base, func() { unix.Close(fd) }, err
}

// retry repeats a call that a signal cut short: the Go scheduler sends many.
func retry(call func() (int, error)) (int, error) {
	for {
		n, err := call()
		if err != unix.EINTR {
			return n, err
		}
	}
}

// A file is an open file of a tree.
type file struct {
	t    *tree
	name string
	fd   int
	rest []fs.DirEntry
	read bool
}

func (f *file) Stat() (fs.FileInfo, error) { return fstat("stat", f.name, f.fd) }

// Fd is the file's descriptor, good until Close, for mapping it into memory.
func (f *file) Fd() uintptr { return uintptr(f.fd) }

func (f *file) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	n, err := retry(func() (int, error) { return unix.Read(f.fd, p) })
	if err != nil {
		return 0, &fs.PathError{Op: "read", Path: f.name, Err: err}
	}
	if n == 0 {
		return 0, io.EOF
	}
	return n, nil
}

func (f *file) Close() error {
	if f.fd < 0 {
		return &fs.PathError{Op: "close", Path: f.name, Err: os.ErrClosed}
	}
	fd := f.fd
	f.fd = -1
	return unix.Close(fd)
}

// ReadDir implements fs.ReadDirFile.
func (f *file) ReadDir(n int) ([]fs.DirEntry, error) {
	if !f.read {
		list, err := f.t.list(f.fd, f.name)
		if err != nil {
			return nil, &fs.PathError{Op: "readdir", Path: f.name, Err: err}
		}
		f.rest, f.read = list, true
	}
	if n <= 0 || n > len(f.rest) {
		if n > 0 && len(f.rest) == 0 {
			return nil, io.EOF
		}
		n = len(f.rest)
	}
	out := f.rest[:n:n]
	f.rest = f.rest[n:]
	return out, nil
}

var errShort = errors.New("directory entry cut short")
