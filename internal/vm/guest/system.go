package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"attune/internal/vm/job"

	"golang.org/x/sys/unix"
)

// serviceWord is the argument the guest program's unit has.
const serviceWord = "steps"

// serviceUnit runs the steps as soon as services run. What it prints is for
// the host, which reads the console.
const serviceUnit = `[Unit]
Description=Steps of a test
[Service]
ExecStart=/` + job.Dir + `/guest ` + serviceWord + `
TimeoutStopSec=1
`

// handOver makes a root of the image, read-only, with the layer over it and
// tmpfs on /run, /tmp and over /var, and lets the image's init have the machine.
func handOver(j job.Job) error {
	if err := mountKernelTrees(); err != nil {
		return err
	}
	if err := loadModules(job.Order); err != nil {
		return err
	}
	if err := netRoot(); err != nil {
		return err
	}
	disk, err := findImage()
	if err != nil {
		return err
	}
	if err := mount(disk, "/root", "erofs", unix.MS_RDONLY, ""); err != nil {
		return err
	}
	root, err := layered("/root", j)
	if err != nil {
		return err
	}
	for dir, mode := range map[string]string{"/run": "0755", "/tmp": "1777"} {
		if err := mount("tmpfs", root+dir, "tmpfs", unix.MS_NOSUID|unix.MS_NODEV, "mode="+mode); err != nil {
			return err
		}
	}
	if err := scratchOver(root + "/var"); err != nil {
		return err
	}
	if err := bringService(root, j); err != nil {
		return err
	}
	if err := switchTo(root); err != nil {
		return err
	}
	if err := unix.Exec("/sbin/init", []string{"/sbin/init"}, []string{"TERM=linux"}); err != nil {
		return fmt.Errorf("starting the image's init: %w", err)
	}
	return nil
}

// erofsMagic stands 1024 bytes into a disk with an erofs, little-endian.
var erofsMagic = []byte{0xe2, 0xe1, 0xf5, 0xe0}

// findImage finds the disk with the image by what is on it: what it hangs on
// is the machine's business.
func findImage() (string, error) {
	for range 600 {
		disks, _ := filepath.Glob("/sys/class/block/*")
		for _, d := range disks {
			disk := "/dev/" + filepath.Base(d)
			f, err := os.Open(disk)
			if err != nil {
				continue
			}
			magic := make([]byte, len(erofsMagic))
			_, err = f.ReadAt(magic, 1024)
			f.Close()
			if err == nil && bytes.Equal(magic, erofsMagic) {
				return disk, nil
			}
		}
		time.Sleep(50 * time.Millisecond)
	}
	return "", fmt.Errorf("no disk with an erofs on it")
}

// layered is the image with the layer of the initramfs and the job's files over
// it. An overlay of two lower folders has nowhere to write.
func layered(image string, j job.Job) (string, error) {
	const layer, merged = "/over", "/merged"
	for _, d := range []string{layer, merged} {
		if err := os.MkdirAll(d, 0o755); err != nil {
			return "", err
		}
	}
	if err := mount("tmpfs", layer, "tmpfs", 0, "mode=755"); err != nil {
		return "", err
	}
	if err := copyTree(layer, "/"+job.Layer); err != nil {
		return "", fmt.Errorf("laying files over the image: %w", err)
	}
	for path, text := range j.Files {
		if inScratch(path) {
			continue
		}
		if err := writeFile(filepath.Join(layer, path), []byte(text), modeOf(text)); err != nil {
			return "", err
		}
	}
	if err := mount("", layer, "", unix.MS_REMOUNT|unix.MS_RDONLY, ""); err != nil {
		return "", err
	}
	return merged, mount("overlay", merged, "overlay", unix.MS_RDONLY, "lowerdir="+layer+":"+image)
}

func inScratch(path string) bool {
	return strings.HasPrefix(path, "run/") || strings.HasPrefix(path, "tmp/")
}

// modeOf lets scripts be run.
func modeOf(text string) os.FileMode {
	if strings.HasPrefix(text, "#!") {
		return 0o755
	}
	return 0o644
}

// copyTree copies folders, files and links; nothing there is nothing to copy.
func copyTree(to, from string) error {
	if _, err := os.Lstat(from); os.IsNotExist(err) {
		return nil
	}
	return filepath.WalkDir(from, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		dest := filepath.Join(to, rel)
		info, err := e.Info()
		if err != nil {
			return err
		}
		switch info.Mode().Type() {
		case fs.ModeDir:
			return os.MkdirAll(dest, 0o755)
		case fs.ModeSymlink:
			target, err := os.Readlink(path)
			if err != nil {
				return err
			}
			return os.Symlink(target, dest)
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(dest, data, info.Mode().Perm())
	})
}

// scratchOver lets a folder of the image be written to until the machine goes
// off.
func scratchOver(dir string) error {
	const space = "/varspace"
	if err := os.MkdirAll(space, 0o755); err != nil {
		return err
	}
	if err := mount("tmpfs", space, "tmpfs", 0, "mode=755"); err != nil {
		return err
	}
	for _, d := range []string{"/upper", "/work"} {
		if err := os.Mkdir(space+d, 0o755); err != nil {
			return err
		}
	}
	return mount("overlay", dir, "overlay", 0, "lowerdir="+dir+",upperdir="+space+"/upper,workdir="+space+"/work")
}

// bringService puts the guest program, its unit, its job and the rest of the
// payload into /run.
func bringService(root string, j job.Job) error {
	scratch := j
	scratch.Files = map[string]string{}
	for path, text := range j.Files {
		if inScratch(path) {
			scratch.Files[path] = text
		}
	}
	if err := bringPayload(root, scratch); err != nil {
		return err
	}
	for to, from := range map[string]string{"guest": "/init", job.File: "/" + job.File} {
		data, err := os.ReadFile(from)
		if err != nil {
			return err
		}
		if err := writeFile(filepath.Join(root, job.Dir, to), data, 0o755); err != nil {
			return err
		}
	}
	units := filepath.Join(root, "run/systemd/system")
	unit := job.Service + ".service"
	if err := writeFile(filepath.Join(units, unit), []byte(serviceUnit), 0o644); err != nil {
		return err
	}
	wants := filepath.Join(units, "multi-user.target.wants")
	if err := os.MkdirAll(wants, 0o755); err != nil {
		return err
	}
	return os.Symlink("../"+unit, filepath.Join(wants, unit))
}

// toConsole lets what is printed reach the host, and programs be found.
func toConsole() {
	if f, err := os.OpenFile("/dev/console", os.O_WRONLY|unix.O_NOCTTY, 0); err == nil {
		os.Stdout, os.Stderr = f, f
	}
	os.Setenv("PATH", "/"+job.Dir+":/usr/sbin:/usr/bin:/sbin:/bin")
}
