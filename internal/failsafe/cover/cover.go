// Package cover lays empty files over configuration files of a read-only image
// that X cannot read, and attune's directory over the image's where X would not
// find it: bind mounts, gone at the next boot.
//
// Which files, and whether they shall be covered, it does not know; it only
// refuses what is no part of X's configuration.
package cover

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"

	"attune/detect/mounts"
)

// A Mounter is the kernel's part.
type Mounter interface {
	Bind(source, target string) error
	Unmount(target string) error
}

// ConfDir is X's own directory for configuration.
const ConfDir = "/etc/X11/xorg.conf.d"

// allowed are the places X's configuration comes from, each with what may be
// below it; a broken file anywhere else is somebody else's to look at.
var allowed = []string{"/etc/X11/", "/etc/xorg.conf", "/usr/etc/X11/", "/usr/share/X11/xorg.conf.d/", "/usr/lib/X11/"}

// May says whether a file may be covered: X's, named plainly.
func May(file string) bool {
	return path.IsAbs(file) && path.Clean(file) == file &&
		slices.ContainsFunc(allowed, func(p string) bool { return strings.HasPrefix(file, p) })
}

// Files covers each with the empty file.
func Files(m Mounter, empty string, files []string) error {
	var errs []error
	for _, file := range files {
		if !May(file) {
			errs = append(errs, fmt.Errorf("covering %q: not a file of X's configuration", file))
			continue
		}
		if info, err := os.Stat(file); err != nil || !info.Mode().IsRegular() || info.Size() == 0 {
			continue // gone, or covered already
		}
		if err := m.Bind(empty, file); err != nil {
			errs = append(errs, fmt.Errorf("covering %s, which X cannot read: %w", file, err))
		}
	}
	return errors.Join(errs...)
}

// Dir lays a directory of ours over X's own, where that is a directory of the
// image's.
func Dir(m Mounter, ours string) error {
	info, err := os.Lstat(ConfDir)
	switch {
	case errors.Is(err, fs.ErrNotExist), err == nil && !info.IsDir():
		return nil
	case err != nil:
		return err
	}
	if err := os.MkdirAll(ours, 0o755); err != nil {
		return err
	}
	if err := m.Bind(ours, ConfDir); err != nil {
		return fmt.Errorf("laying %s over %s: %w", ours, ConfDir, err)
	}
	return nil
}

// Off takes away what was laid over X's files, as mountinfo (proc(5)) has it:
// mounts whose source is one of ours.
func Off(m Mounter, mountinfo string, ours ...string) error {
	var errs []error
	for _, target := range laid(mountinfo, ours) {
		if err := m.Unmount(target); err != nil {
			errs = append(errs, fmt.Errorf("uncovering %s: %w", target, err))
		}
	}
	return errors.Join(errs...)
}

// laid are the mount points, the last first. The source of a bind mount is its
// place in its own file system, so that the end of the name has to do.
func laid(mountinfo string, ours []string) (targets []string) {
	for _, m := range mounts.Parse(mountinfo) {
		if !May(m.Point) && m.Point != ConfDir {
			continue
		}
		if slices.ContainsFunc(ours, func(o string) bool { return m.Root != "/" && strings.HasSuffix(o, m.Root) }) {
			targets = append(targets, m.Point)
		}
	}
	slices.Reverse(targets)
	return targets
}
