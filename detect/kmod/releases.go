package kmod

import "io/fs"

// Releases lists the kernels a root has modules for, sorted.
func Releases(root fs.FS) []string { return releases(root) }
