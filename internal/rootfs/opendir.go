package rootfs

import (
	"bytes"
	"encoding/binary"
	"io/fs"
	"path"

	"attune/detect"

	"golang.org/x/sys/unix"
)

// OpenDir holds a directory open for reading several of its files. detect
// uses it on /sys, where most of a read's price is walking to the file.
func (t *tree) OpenDir(name string) (detect.Dir, error) {
	if t.inRoot {
		return under{t, name}.openDir()
	}
	fd, err := t.open("open", name, unix.O_RDONLY|unix.O_DIRECTORY)
	if err != nil {
		return nil, err
	}
	return &dir{t: tree{fd: fd}, sysfs: t.sysfs}, nil
}

func (u under) OpenDir(name string) (detect.Dir, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
	}
	return under{u.t, path.Join(u.dir, name)}.openDir()
}

func (u under) openDir() (detect.Dir, error) { return confined{u}, nil }

// confined reads by path: a link in a copied tree is relative to its root, not
// to the directory.
type confined struct{ under }

func (c confined) List() ([]detect.Entry, error) {
	all, err := c.ReadDir(".")
	list := make([]detect.Entry, len(all))
	for i, e := range all {
		list[i] = detect.Entry{Name: e.Name(), IsDir: e.IsDir()}
	}
	return list, err
}

func (c confined) Close() error { return nil }

// A dir is an open directory of the live machine.
type dir struct {
	t     tree
	sysfs bool
}

func (d *dir) Close() error { return unix.Close(d.t.fd) }

func (d *dir) ReadLink(name string) (string, error) { return d.t.ReadLink(name) }

// page is the most an attribute can hold.
const page = 4096

// maxRecord is the longest directory record there can be: its head, a name of
// 255 bytes and its end, in steps of 8.
const maxRecord = 280

// ReadFile reads an attribute. sysfs makes its text whole at the first read,
// so less than a page is all of it: no second call to see the end.
func (d *dir) ReadFile(name string) ([]byte, error) {
	fd, err := d.t.open("open", name, unix.O_RDONLY)
	if err != nil {
		return nil, err
	}
	defer unix.Close(fd)
	buf := bufs.Get().(*[]byte)
	defer bufs.Put(buf)
	n, err := retry(func() (int, error) { return unix.Read(fd, *buf) })
	switch {
	case err != nil:
		return nil, &fs.PathError{Op: "read", Path: name, Err: err}
	case n > 0 && (n >= page || !d.sysfs):
		return d.t.ReadFile(name)
	}
	return append(make([]byte, 0, n), (*buf)[:n]...), nil
}

// List reads the names. All of one kernel call share one string.
func (d *dir) List() ([]detect.Entry, error) {
	buf := bufs.Get().(*[]byte)
	defer bufs.Put(buf)
	var all []detect.Entry
	for {
		n, err := retry(func() (int, error) { return unix.Getdents(d.t.fd, *buf) })
		if n <= 0 || err != nil {
			return all, err
		}
		// sysfs stops only where the next record does not fit.
		if all, err = names(all, (*buf)[:n]); err != nil || d.sysfs && n <= len(*buf)-maxRecord {
			return all, err
		}
	}
}

func names(all []detect.Entry, b []byte) ([]detect.Entry, error) {
	const head = 19
	if all == nil {
		all = make([]detect.Entry, 0, len(b)/32)
	}
	text := string(b)
	for at := 0; at < len(b); {
		if len(b)-at < head {
			return all, errShort
		}
		size := int(binary.NativeEndian.Uint16(b[at+16:]))
		if size < head || size > len(b)-at {
			return all, errShort
		}
		end := bytes.IndexByte(b[at+head:at+size], 0)
		if end < 0 {
			end = size - head
		}
		if name := text[at+head : at+head+end]; name != "" && name != "." && name != ".." {
			all = append(all, detect.Entry{Name: name, IsDir: b[at+18] == unix.DT_DIR})
		}
		at += size
	}
	return all, nil
}
