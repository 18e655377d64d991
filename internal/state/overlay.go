package state

import (
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"

	"attune/detect/mounts"
)

// upperOf names the file system an overlay's changes go to, "" where its upper
// layer is not in our sight: the initramfs that mounted it may have taken it along.
func upperOf(dir string) string {
	dir, err := filepath.EvalSymlinks(dir) // mounts are known by their own places
	if err != nil {
		return ""
	}
	table, err := os.ReadFile("/" + mounts.Table)
	if err != nil {
		return ""
	}
	upper := upperDir(string(table), dir)
	var st unix.Statfs_t
	if upper == "" || unix.Statfs(upper, &st) != nil {
		return ""
	}
	return fsName(int64(st.Type))
}

// upperDir finds the mount a directory is on and gives its upperdir=.
func upperDir(table, dir string) string {
	m, ok := mounts.At(mounts.Parse(table), dir)
	if !ok || m.Type != "overlay" {
		return ""
	}
	return m.Option("upperdir")
}
