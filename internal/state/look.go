package state

import (
	"cmp"
	"crypto/rand"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// Look finds out what a directory is worth. With try a small file is written,
// synced and taken away, which alone tells of a full or dying disk.
func Look(dir string, try bool, patience time.Duration) State {
	f, err := Within(patience, func() (Facts, error) { return facts(dir, try), nil })
	if err != nil {
		f = Facts{Late: true}
	}
	s := State{Path: dir, FS: f.FS, Free: f.Free}
	s.Condition, s.Why = Judge(f)
	return s
}

func facts(dir string, try bool) Facts {
	f := Facts{}
	info, err := os.Stat(dir)
	if err == nil && !info.IsDir() {
		err = unix.ENOTDIR
	}
	if f.Stat = err; err != nil {
		return f
	}
	var st unix.Statfs_t
	if f.Stat = unix.Statfs(dir, &st); f.Stat != nil {
		return f
	}
	f.Unusable = unusable(dir)
	f.FS, f.ReadOnly = fsName(int64(st.Type)), st.Flags&unix.ST_RDONLY != 0
	f.Free = st.Bfree * uint64(max(st.Bsize, 0)) // root may use what is kept back from others
	f.NoRoom = st.Blocks > 0 && f.Free < leastRoom || st.Files > 0 && st.Ffree == 0
	if f.FS == "overlay" {
		f.Upper = upperOf(dir)
	}
	if f.List = listable(dir); f.List != nil || f.ReadOnly || !try {
		return f
	}
	f.Tried, f.Write = true, tryWrite(dir)
	return f
}

// mark is the file that whoever mounts the state partition leaves in the
// directory when there is one and it cannot be mounted.
const mark = ".unusable"

func unusable(dir string) string {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return ""
	}
	defer root.Close()
	text, err := readRegular(root, mark)
	if err != nil {
		return ""
	}
	line, _, _ := strings.Cut(string(text), "\n")
	return cmp.Or(strings.ToValidUTF8(line, ""), "its disk could not be mounted")
}

func listable(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	if _, err := d.Readdirnames(16); err != nil && err != io.EOF {
		return err
	}
	return nil
}

// leastRoom is what a new file and its directory take at the least.
const leastRoom = 8 << 10

// tryWrite writes what a record takes. A file without bytes fits on a full
// disk.
func tryWrite(dir string) error {
	name := filepath.Join(dir, fmt.Sprintf("%sprobe-%s", tempPrefix, rand.Text()[:8]))
	f, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY|unix.O_NOFOLLOW, 0o600)
	if err != nil {
		return err
	}
	defer os.Remove(name)
	_, err = f.Write(make([]byte, 4096))
	if serr := f.Sync(); err == nil {
		err = serr
	}
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	return err
}

// fsName names a file system by statfs(2)'s f_type, linux/magic.h.
func fsName(magic int64) string {
	if name, ok := magics[magic&0xffffffff]; ok {
		return name
	}
	return fmt.Sprintf("%#x", magic&0xffffffff)
}

var magics = map[int64]string{
	unix.TMPFS_MAGIC:           "tmpfs",
	unix.RAMFS_MAGIC:           "ramfs",
	unix.EXT4_SUPER_MAGIC:      "ext4", // ext2 and ext3 too
	unix.XFS_SUPER_MAGIC:       "xfs",
	unix.BTRFS_SUPER_MAGIC:     "btrfs",
	unix.F2FS_SUPER_MAGIC:      "f2fs",
	unix.MSDOS_SUPER_MAGIC:     "vfat",
	unix.EXFAT_SUPER_MAGIC:     "exfat",
	unix.NFS_SUPER_MAGIC:       "nfs",
	unix.CIFS_SUPER_MAGIC:      "cifs",
	unix.SMB2_SUPER_MAGIC:      "cifs",
	unix.OVERLAYFS_SUPER_MAGIC: "overlay",
	unix.SQUASHFS_MAGIC:        "squashfs",
	unix.EROFS_SUPER_MAGIC_V1:  "erofs",
	unix.ISOFS_SUPER_MAGIC:     "iso9660",
	unix.FUSE_SUPER_MAGIC:      "fuse",
	unix.V9FS_MAGIC:            "9p",
}
