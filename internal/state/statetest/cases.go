package statetest

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"attune/internal/corpus"
	"attune/internal/state"
)

var cases = []Case{
	{"a disk", state.Good, state.Unknown, func(t *testing.T, dir string) { disk(t, dir, nil) }},
	{"nothing", state.Absent, state.Absent, func(*testing.T, string) {}},
	{"a file", state.Absent, state.Absent, func(t *testing.T, dir string) { write(t, dir, 1) }},
	{"memory", state.Volatile, state.Volatile, func(t *testing.T, dir string) { mount(t, "tmpfs", dir, "tmpfs", 0, "size=1m") }},
	{"memory that is full", state.Full, state.Full, func(t *testing.T, dir string) {
		mount(t, "tmpfs", dir, "tmpfs", 0, "size=64k")
		write(t, filepath.Join(dir, "big"), 1<<20)
	}},
	{"memory, read-only", state.ReadOnly, state.ReadOnly, func(t *testing.T, dir string) { mount(t, "tmpfs", dir, "tmpfs", unix.MS_RDONLY, "") }},
	{"a disk seen through a read-only mount", state.ReadOnly, state.ReadOnly, func(t *testing.T, dir string) {
		disk(t, dir, nil)
		mount(t, dir, dir, "", unix.MS_BIND, "")
		if err := unix.Mount("", dir, "", unix.MS_BIND|unix.MS_REMOUNT|unix.MS_RDONLY, ""); err != nil {
			t.Fatal(err)
		}
	}},
	// ext4 keeps some blocks for itself, which look free until one is asked for.
	{"a disk that is full", state.Full, state.Unknown, func(t *testing.T, dir string) {
		disk(t, dir, nil)
		write(t, filepath.Join(dir, "big"), 1<<30)
	}},
	{"a disk with a damaged directory", state.Corrupt, state.Corrupt, func(t *testing.T, dir string) {
		disk(t, dir, func(image string) { damage(t, image) })
	}},
	{"an overlay over memory", state.Volatile, state.Volatile, func(t *testing.T, dir string) {
		upper := dir + ".upper"
		mount(t, "tmpfs", upper, "tmpfs", 0, "")
		overlay(t, dir, upper)
	}},
	{"an overlay over a disk", state.Good, state.Unknown, func(t *testing.T, dir string) {
		upper := dir + ".upper"
		disk(t, upper, nil)
		overlay(t, dir, upper)
	}},
	{"a server that does not answer", state.Hanging, state.Hanging, func(t *testing.T, dir string) { served(t, dir) }},
	{"a server that is gone", state.Hanging, state.Hanging, func(t *testing.T, dir string) { served(t, dir).Close() }},
}

// write fills a file with so many bytes, or until the disk is full.
func write(t *testing.T, name string, size int) {
	t.Helper()
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, step := range []int{64 << 10, 512} { // to the last block
		for chunk := make([]byte, step); size > 0 && err == nil; size -= step {
			_, err = f.Write(chunk[:min(size, step)])
		}
		if err != nil && !errors.Is(err, unix.ENOSPC) {
			t.Fatal(err)
		}
		err = nil
	}
}

// disk mounts a small ext4, changed by spoil before.
func disk(t *testing.T, dir string, spoil func(image string)) {
	t.Helper()
	image := dir + ".img"
	if err := os.WriteFile(image, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(image, 8<<20); err != nil {
		t.Fatal(err)
	}
	tool(t, "mkfs.ext4", "-q", "-m", "0", "-O", "^has_journal", image)
	if spoil != nil {
		spoil(image)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	tool(t, "mount", "-o", "loop", image, dir)
	t.Cleanup(func() { unix.Unmount(dir, unix.MNT_DETACH) })
}

// damage makes the root directory's first block belong to nobody's checksum.
func damage(t *testing.T, image string) {
	t.Helper()
	block := strings.TrimSpace(tool(t, "debugfs", "-R", "blocks /", image))
	n := 0
	if _, err := fmt.Sscan(block, &n); err != nil {
		t.Fatalf("debugfs said %q: %v", block, err)
	}
	size := 0
	for line := range strings.Lines(tool(t, "debugfs", "-R", "show_super_stats -h", image)) {
		if text, ok := strings.CutPrefix(line, "Block size:"); ok {
			fmt.Sscan(text, &size)
		}
	}
	f, err := os.OpenFile(image, os.O_RDWR, 0)
	if err != nil || size == 0 {
		t.Fatal(err, size)
	}
	defer f.Close()
	junk := make([]byte, size)
	for i := range junk {
		junk[i] = 0x5a
	}
	if _, err := f.WriteAt(junk, int64(n)*int64(size)); err != nil {
		t.Fatal(err)
	}
}

func overlay(t *testing.T, dir, upper string) {
	t.Helper()
	for _, name := range []string{"up", "work", "low"} {
		if err := os.MkdirAll(filepath.Join(upper, name), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	mount(t, "overlay", dir, "overlay", 0, fmt.Sprintf("lowerdir=%s/low,upperdir=%[1]s/up,workdir=%[1]s/work", upper))
}

// served mounts a FUSE file system whose server, the file given back, never
// says a word: as a network file system whose server was switched off.
func served(t *testing.T, dir string) *os.File {
	t.Helper()
	f, err := os.OpenFile("/dev/fuse", os.O_RDWR, 0)
	if err != nil {
		corpus.Missing(t, "no FUSE here: %v", err)
	}
	t.Cleanup(func() { f.Close() })
	mount(t, "silent", dir, "fuse", 0, fmt.Sprintf("fd=%d,rootmode=40000,user_id=0,group_id=0", f.Fd()))
	return f
}

func tool(t *testing.T, name string, args ...string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		if path, err = exec.LookPath("/usr/sbin/" + name); err != nil {
			corpus.Missing(t, "%v", err)
		}
	}
	out, err := exec.Command(path, args...).Output()
	if err != nil {
		if name == "mount" {
			corpus.Missing(t, "no loop device to be had: %v", err)
		}
		t.Fatalf("%s %q: %v", name, args, err)
	}
	return string(out)
}
