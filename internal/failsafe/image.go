package failsafe

import (
	"io/fs"
	"runtime/debug"
	"sync"
)

// ImageOf names what a machine runs, as far as a picture depends on it: the
// release, the kernel, this program.
func ImageOf(root fs.FS) string {
	all := []any{program()}
	for _, name := range []string{"proc/sys/kernel/osrelease", "etc/os-release", "etc/debian_version"} {
		data, _ := fs.ReadFile(root, name) // an image without one is the same image at the next boot
		all = append(all, string(data))
	}
	return digest(all...)
}

// BootID is the kernel's, another at each boot. proc_sys_kernel(5).
func BootID(root fs.FS) string {
	data, _ := fs.ReadFile(root, "proc/sys/kernel/random/boot_id")
	return string(data)
}

// program is what this attune was built from.
var program = sync.OnceValue(func() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	return info.String()
})
