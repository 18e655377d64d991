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
	if file, ok := f.(*os.File); ok {
		if m, err := mapFile(file); err == nil {
			return m, nil
		}
	}
	data, err := io.ReadAll(f)
	if err != nil {
		return mapping{}, fmt.Errorf("reading %s: %w", name, err)
	}
	return mapping{data: data}, nil
}

// mapFile maps a regular file. An empty one cannot be mapped and is read.
func mapFile(file *os.File) (m mapping, err error) {
	info, err := file.Stat()
	if err != nil {
		return m, err
	}
	if !info.Mode().IsRegular() || info.Size() != int64(int(info.Size())) {
		return m, unix.EINVAL
	}
	raw, err := file.SyscallConn()
	if err != nil {
		return m, err
	}
	ctl := raw.Control(func(fd uintptr) {
		m.data, err = unix.Mmap(int(fd), 0, int(info.Size()), unix.PROT_READ, unix.MAP_PRIVATE)
	})
	if ctl != nil {
		return m, ctl
	}
	m.mapped = err == nil
	return m, err
}

func (m *mapping) close() error {
	if !m.mapped {
		return nil
	}
	data := m.data
	m.data, m.mapped = nil, false
	return unix.Munmap(data)
}
