package kmod

import (
	"fmt"
	"io"
	"io/fs"
	"os"

	"golang.org/x/sys/unix"
)

// A mapping is the contents of one file, in mapped memory when the file
// system hands out real files and in our own otherwise.
type mapping struct {
	data   []byte
	mapped bool
}

func openMapping(fsys fs.FS, name string) (mapping, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return mapping{}, err
	}
	defer f.Close()
	if m, err := mapFile(f); err == nil {
		return m, nil
	}
	data, err := io.ReadAll(f)
	if err != nil {
		return mapping{}, fmt.Errorf("reading %s: %w", name, err)
	}
	return mapping{data: data}, nil
}

// mapFile maps a regular file that has a descriptor. An empty one cannot be
// mapped and is read.
func mapFile(f fs.File) (m mapping, err error) {
	info, err := f.Stat()
	if err != nil {
		return m, err
	}
	if !info.Mode().IsRegular() || info.Size() != int64(int(info.Size())) {
		return m, unix.EINVAL
	}
	ctl := withDescriptor(f, func(fd uintptr) {
		m.data, err = unix.Mmap(int(fd), 0, int(info.Size()), unix.PROT_READ, unix.MAP_PRIVATE)
	})
	if ctl != nil {
		return m, ctl
	}
	m.mapped = err == nil
	return m, err
}

// withDescriptor lends out the descriptor behind a file: an *os.File's, or one
// a file of another kind names.
func withDescriptor(f fs.File, use func(fd uintptr)) error {
	switch f := f.(type) {
	case *os.File:
		raw, err := f.SyscallConn()
		if err != nil {
			return err
		}
		return raw.Control(use)
	case interface{ Fd() uintptr }:
		use(f.Fd())
		return nil
	}
	return unix.EBADF
}

func (m *mapping) close() error {
	if !m.mapped {
		return nil
	}
	data := m.data
	m.data, m.mapped = nil, false
	return unix.Munmap(data)
}
