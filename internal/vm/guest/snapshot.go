package main

import (
	"cmp"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"attune/internal/vm/job"
)

// snapshot reads modules, devices and nodes as they are. On purpose it shares
// no code with package detect: it is what detect is held against.
func snapshot() *job.State {
	return &job.State{Up: uptime(), Modules: modules(), Devices: devices(), Nodes: nodes()}
}

func modules() []string {
	var names []string
	for line := range strings.Lines(readString("/proc/modules")) {
		name, _, _ := strings.Cut(line, " ")
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

const tree = "/sys/devices/"

func devices() []job.Device {
	var out []job.Device
	filepath.WalkDir(tree, func(path string, e fs.DirEntry, err error) error {
		if err != nil || !e.IsDir() {
			return nil // a device may go while we look
		}
		switch strings.TrimPrefix(path, tree) {
		case "system/memory", "system/node":
			return fs.SkipDir // thousands, none with a driver
		}
		d := job.Device{Path: strings.TrimPrefix(path, tree), Modalias: modalias(path)}
		if l, err := os.Readlink(path + "/driver"); err == nil {
			d.Driver = filepath.Base(l)
		}
		if d.Driver != "" || d.Modalias != nil {
			out = append(out, d)
		}
		return nil
	})
	slices.SortFunc(out, func(a, b job.Device) int { return cmp.Compare(a.Path, b.Path) })
	return out
}

// modalias gives both sources: MMC cards have it in uevent alone.
func modalias(dir string) []string {
	var out []string
	if a := readString(dir + "/modalias"); a != "" {
		out = append(out, a)
	}
	for line := range strings.Lines(readString(dir + "/uevent")) {
		a, ok := strings.CutPrefix(strings.TrimSuffix(line, "\n"), "MODALIAS=")
		if ok && a != "" && !slices.Contains(out, a) {
			out = append(out, a)
		}
	}
	return out
}

var nodeClasses = []string{"block", "drm", "graphics", "hidraw", "input", "mmc_host", "net", "nvme", "rtc", "scsi_generic", "scsi_host", "sound", "tty", "watchdog"}

// nodes gives what real devices made; virtual ones (loop0, tty1) are left out.
func nodes() []job.Node {
	var out []job.Node
	for _, class := range nodeClasses {
		entries, _ := os.ReadDir("/sys/class/" + class)
		for _, e := range entries {
			l, err := os.Readlink("/sys/class/" + class + "/" + e.Name())
			if err != nil {
				continue
			}
			path := strings.TrimPrefix(l, "../../devices/")
			if !strings.HasPrefix(path, "virtual/") {
				out = append(out, job.Node{Class: class, Name: e.Name(), Path: path})
			}
		}
	}
	return out
}
