package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"attune/internal/vm/job"

	"golang.org/x/sys/unix"
)

// enterRoot goes from the initramfs into the root image, read-only but for
// tmpfs on /run and /tmp. When the job brings files for other places too, an
// overlay takes them.
func enterRoot(j job.Job) error {
	if err := mountKernelTrees(); err != nil {
		return err
	}
	if err := loadModules(job.Order); err != nil {
		return err
	}
	disk, err := findDisk(job.RootDisk)
	if err != nil {
		return err
	}
	if err := mount(disk, "/root", "erofs", unix.MS_RDONLY, ""); err != nil {
		return err
	}
	root := "/root"
	if needsOverlay(j) {
		if root, err = overlay(root); err != nil {
			return err
		}
	}
	for _, d := range []string{"/run", "/tmp"} {
		if err := mount("tmpfs", root+d, "tmpfs", 0, "mode=755"); err != nil {
			return err
		}
	}
	if err := bringPayload(root, j); err != nil {
		return err
	}
	return switchTo(root)
}

func mountKernelTrees() error {
	for _, m := range []struct{ dir, fstype string }{{"/proc", "proc"}, {"/sys", "sysfs"}, {"/dev", "devtmpfs"}} {
		if err := mount(m.fstype, m.dir, m.fstype, 0, ""); err != nil {
			return err
		}
	}
	// Should this machine hang, an NMI has the kernel tell where each task is.
	for _, name := range []string{"unknown_nmi_panic", "panic_print"} { // Documentation/admin-guide/sysctl/kernel.rst
		os.WriteFile("/proc/sys/kernel/"+name, []byte("1"), 0)
	}
	for _, d := range []string{"/dev/pts", "/dev/shm"} {
		if err := os.MkdirAll(d, 0o755); err != nil {
			return err
		}
	}
	return nil
}

func mount(what, dir, fstype string, flags uintptr, data string) error {
	if err := unix.Mount(what, dir, fstype, flags, data); err != nil {
		return fmt.Errorf("mounting %s on %s: %w", fstype, dir, err)
	}
	return nil
}

// loadModules loads the modules that a file names, which lie beside it, in its
// order, in which the image was made.
func loadModules(list string) error {
	for name := range strings.FieldsSeq(readString("/" + list)) {
		f, err := os.Open(filepath.Join("/", filepath.Dir(list), name))
		if err != nil {
			return err
		}
		err = unix.FinitModule(int(f.Fd()), "", 0)
		f.Close()
		// ENODEV: crc32c-intel on a processor without it.
		if err != nil && !errors.Is(err, unix.EEXIST) && !errors.Is(err, unix.ENODEV) {
			return fmt.Errorf("loading %s: %w", name, err)
		}
	}
	return nil
}

// findDisk finds a virtio disk by the serial the host gave it; names depend
// on what else the machine has.
func findDisk(serial string) (string, error) {
	for range 100 {
		found, _ := filepath.Glob("/sys/block/vd*/serial")
		for _, f := range found {
			if readString(f) == serial {
				return "/dev/" + filepath.Base(filepath.Dir(f)), nil
			}
		}
		time.Sleep(50 * time.Millisecond)
	}
	return "", fmt.Errorf("no virtio disk with serial %q", serial)
}

func needsOverlay(j job.Job) bool {
	for path := range j.Files {
		if !strings.HasPrefix(path, "run/") && !strings.HasPrefix(path, "tmp/") {
			return true
		}
	}
	return false
}

func overlay(lower string) (string, error) {
	const space, merged = "/space", "/merged"
	for _, d := range []string{space, merged} {
		if err := os.MkdirAll(d, 0o755); err != nil {
			return "", err
		}
	}
	if err := mount("tmpfs", space, "tmpfs", 0, "mode=755"); err != nil {
		return "", err
	}
	for _, d := range []string{"/upper", "/work"} {
		if err := os.Mkdir(space+d, 0o755); err != nil {
			return "", err
		}
	}
	opts := "lowerdir=" + lower + ",upperdir=" + space + "/upper,workdir=" + space + "/work"
	return merged, mount("overlay", merged, "overlay", 0, opts)
}

// bringPayload moves the programs and the job's files into the root.
func bringPayload(root string, j job.Job) error {
	entries, err := os.ReadDir("/" + job.Payload)
	if err != nil {
		return err
	}
	for _, e := range entries {
		from := filepath.Join("/", job.Payload, e.Name())
		data, err := os.ReadFile(from)
		if err != nil {
			return err
		}
		if err := writeFile(filepath.Join(root, job.Dir, e.Name()), data, 0o755); err != nil {
			return err
		}
		os.Remove(from) // an initramfs is memory
	}
	for path, text := range j.Files {
		if err := writeFile(filepath.Join(root, path), []byte(text), modeOf(text)); err != nil {
			return err
		}
	}
	return nil
}

func writeFile(path string, data []byte, mode os.FileMode) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, data, mode)
}

// switchTo makes root the root of this process, and by that of the kernel's
// own helpers: until an exec the two share it, and /sbin/modprobe, which the
// kernel calls by itself, is looked up there.
func switchTo(root string) error {
	for _, d := range []string{"/proc", "/sys", "/dev"} {
		if err := unix.Mount(d, root+d, "", unix.MS_MOVE, ""); err != nil {
			return fmt.Errorf("moving %s: %w", d, err)
		}
	}
	if err := os.Chdir(root); err != nil {
		return err
	}
	if err := unix.Mount(".", "/", "", unix.MS_MOVE, ""); err != nil {
		return fmt.Errorf("moving the root: %w", err)
	}
	if err := unix.Chroot("."); err != nil {
		return fmt.Errorf("entering the root: %w", err)
	}
	if err := os.Chdir("/"); err != nil {
		return err
	}
	return os.Setenv("PATH", "/"+job.Dir+":/usr/sbin:/usr/bin:/sbin:/bin")
}

// readString is a small file without surrounding space, "" when it cannot be
// read.
func readString(path string) string {
	data, err := os.ReadFile(path)
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(data))
}
