package vm

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
)

// A cpioWriter writes an archive the kernel unpacks into its initramfs: the
// "newc" format of Documentation/driver-api/early-userspace/buffer-format.rst.
type cpioWriter struct {
	w    io.Writer
	n    int // bytes written
	ino  int
	dirs map[string]bool
	err  error
}

const (
	modeDir  = 0o040000
	modeFile = 0o100000
	modeChar = 0o020000
	modeLink = 0o120000
)

func newCPIO(w io.Writer) *cpioWriter { return &cpioWriter{w: w, dirs: map[string]bool{".": true}} }

// file adds a file and the folders above it.
func (c *cpioWriter) file(name string, perm int, data []byte) {
	c.parents(name)
	c.entry(name, modeFile|perm, 0, 0, data)
}

// link adds a symbolic link.
func (c *cpioWriter) link(name, target string) {
	c.parents(name)
	c.entry(name, modeLink|0o777, 0, 0, []byte(target))
}

// tree adds what is in a folder of the host, below name.
func (c *cpioWriter) tree(name, dir string) error {
	return filepath.WalkDir(dir, func(file string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(dir, file)
		if err != nil {
			return err
		}
		to := path.Join(name, filepath.ToSlash(rel))
		switch {
		case e.IsDir():
			c.parents(path.Join(to, "x"))
		case e.Type() == fs.ModeSymlink:
			target, err := os.Readlink(file)
			if err != nil {
				return err
			}
			c.link(to, target)
		default:
			info, err := e.Info()
			if err != nil {
				return err
			}
			data, err := os.ReadFile(file)
			if err != nil {
				return err
			}
			c.file(to, int(info.Mode().Perm()), data)
		}
		return c.err
	})
}

// char adds a character device.
func (c *cpioWriter) char(name string, major, minor int) {
	c.parents(name)
	c.entry(name, modeChar|0o600, major, minor, nil)
}

func (c *cpioWriter) parents(name string) {
	dir := path.Dir(name)
	if c.dirs[dir] {
		return
	}
	c.parents(dir)
	c.dirs[dir] = true
	c.entry(dir, modeDir|0o755, 0, 0, nil)
}

// close writes the end mark and reports the first error of all.
func (c *cpioWriter) close() error {
	c.entry("TRAILER!!!", 0, 0, 0, nil)
	return c.err
}

func (c *cpioWriter) entry(name string, mode, major, minor int, data []byte) {
	c.ino++
	const uid, gid, links, mtime, devMajor, devMinor, check = 0, 0, 1, 0, 0, 0, 0
	c.write([]byte(fmt.Sprintf("070701%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%s\x00",
		c.ino, mode, uid, gid, links, mtime, len(data), devMajor, devMinor, major, minor, len(name)+1, check, name)))
	c.pad()
	c.write(data)
	c.pad()
}

func (c *cpioWriter) pad() {
	if over := c.n % 4; over != 0 {
		c.write(make([]byte, 4-over))
	}
}

func (c *cpioWriter) write(data []byte) {
	if c.err != nil {
		return
	}
	n, err := c.w.Write(data)
	c.n += n
	c.err = err
}
