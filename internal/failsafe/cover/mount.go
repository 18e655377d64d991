package cover

import "golang.org/x/sys/unix"

// Kernel mounts for real, in the name space of the process.
type Kernel struct{}

// Bind shows source at target, read-only by the file's own rights.
func (Kernel) Bind(source, target string) error {
	return unix.Mount(source, target, "", unix.MS_BIND, "")
}

// Unmount takes the topmost mount away, in use or not.
func (Kernel) Unmount(target string) error { return unix.Unmount(target, unix.MNT_DETACH) }
