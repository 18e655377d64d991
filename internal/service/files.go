package service

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// Files hears which files in some directories are written, renamed or removed,
// and wanted by their names. Directories that are not there are left out: they
// do not come later on an image, and what is in one that is made the next look
// finds.
func Files(wanted func(name string) bool, dirs ...string) Source {
	return func() (func(context.Context, func(Concern)) error, error) {
		fd, err := unix.InotifyInit1(unix.IN_CLOEXEC | unix.IN_NONBLOCK)
		if err != nil {
			return nil, fmt.Errorf("listening for changed files: %w", err)
		}
		f := os.NewFile(uintptr(fd), "inotify")
		for _, dir := range dirs {
			const what = unix.IN_CLOSE_WRITE | unix.IN_MOVED_TO | unix.IN_MOVED_FROM | unix.IN_DELETE | unix.IN_ONLYDIR
			if _, err := unix.InotifyAddWatch(fd, dir, what); err != nil && !errors.Is(err, unix.ENOENT) && !errors.Is(err, unix.ENOTDIR) {
				f.Close()
				return nil, fmt.Errorf("listening for changed files in %s: %w", dir, err)
			}
		}
		return func(ctx context.Context, changed func(Concern)) error {
			defer f.Close()
			defer context.AfterFunc(ctx, func() { f.Close() })()
			buf := make([]byte, 4096)
			for {
				n, err := f.Read(buf)
				if err != nil {
					return fmt.Errorf("listening for changed files: %w", err)
				}
				if anyOf(buf[:n], wanted) {
					changed(Records)
				}
			}
		}, nil
	}
}

// anyOf says whether what inotify tells is about a file that is wanted. inotify(7):
// watch s32, mask u32, cookie u32, length u32, name padded with NUL to the length.
func anyOf(told []byte, wanted func(name string) bool) bool {
	const head = unix.SizeofInotifyEvent
	for len(told) >= head {
		mask, size := binary.NativeEndian.Uint32(told[4:]), int(binary.NativeEndian.Uint32(told[12:]))
		if mask&unix.IN_Q_OVERFLOW != 0 {
			return true
		}
		if size < 0 || size > len(told)-head {
			return false
		}
		name, _, _ := bytes.Cut(told[head:head+size], []byte{0})
		if wanted(string(name)) {
			return true
		}
		told = told[head+size:]
	}
	return false
}
