package image

import (
	"path"
	"slices"
	"strings"
)

// xServers are where distributions keep the X server itself; what is in
// /usr/bin is often a script or a wrapper.
var xServers = []string{
	"usr/lib/xorg/Xorg",     // Debian
	"usr/libexec/Xorg",      // Fedora, Alpine
	"usr/libexec/xorg/Xorg", //
	"usr/lib/Xorg",          // Arch
	"usr/bin/Xorg",
	"usr/bin/X",
}

// modulePath is X's own: what is below needs no ModulePath.
var modulePath = []string{
	"usr/lib/xorg/modules",           // Debian, Arch, Alpine
	"usr/lib64/xorg/modules",         // Fedora, openSUSE
	"usr/lib/*-linux-*/xorg/modules", // a Debian multiarch directory
	"usr/lib64/xorg/modules/updates",
	"usr/lib/xorg/modules/updates",
}

// nvidiaDirs are where NVIDIA's driver is kept aside.
var nvidiaDirs = []string{
	"usr/lib/nvidia/*",           // Debian, behind its alternatives
	"usr/lib/*-linux-*/nvidia/*", // Ubuntu: usr/lib/x86_64-linux-gnu/nvidia/xorg
	"usr/lib/nvidia-*/xorg",      // Ubuntu before 18.04
	"usr/lib/nvidia/xorg",        // Arch: the GLX module
	"usr/lib64/nvidia/xorg",      // openSUSE, Fedora
	"usr/lib64/xorg/modules/extensions/nvidia",
	"usr/lib/xorg/modules/extensions/nvidia",
}

func (t tree) xServer() string {
	for _, name := range xServers {
		if t.exists(name) {
			return "/" + name
		}
	}
	return ""
}

// drivers are those in a subdirectory of X's module path, "drivers" or "input".
func (t tree) drivers(sub string) []string {
	var names []string
	for _, dir := range t.moduleDirs() {
		names = append(names, t.modules(path.Join(dir, sub))...)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func (t tree) moduleDirs() (dirs []string) {
	for _, pattern := range modulePath {
		dirs = append(dirs, t.glob(pattern)...)
	}
	return dirs
}

// modules are the drivers in one directory: NAME_drv.so. A link that leads
// nowhere is no driver.
func (t tree) modules(dir string) (names []string) {
	for _, file := range t.list(dir) {
		name, ok := strings.CutSuffix(file, "_drv.so")
		if ok && plain(name) && t.exists(path.Join(dir, file)) {
			names = append(names, name)
		}
	}
	return names
}

// plain: a name that may be written into a configuration file.
func plain(name string) bool {
	return name != "" && len(name) <= 64 && strings.Trim(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+.") == ""
}

// nvidiaPaths are directories outside X's own module path with parts of
// NVIDIA's driver for X, as ModulePath takes them.
func (t tree) nvidiaPaths() (dirs []string) {
	for _, pattern := range nvidiaDirs {
		for _, dir := range t.glob(pattern) {
			if t.exists(dir+"/nvidia_drv.so") || t.exists(dir+"/libglxserver_nvidia.so") {
				dirs = append(dirs, "/"+dir)
			}
		}
	}
	slices.Sort(dirs)
	return slices.Compact(dirs)
}

// nvidiaDriver is "nvidia" when one of the directories holds the driver itself.
func (t tree) nvidiaDriver(dirs []string) string {
	if slices.ContainsFunc(dirs, func(dir string) bool { return t.exists(dir[1:] + "/nvidia_drv.so") }) {
		return "nvidia"
	}
	return ""
}

// with adds a name to a sorted list.
func with(list []string, name string) []string {
	if i, found := slices.BinarySearch(list, name); name != "" && !found {
		list = slices.Insert(list, i, name)
	}
	return list
}
