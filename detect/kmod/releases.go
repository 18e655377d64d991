package kmod

import "io/fs"

// Releases lists the kernels a root has modules for, sorted.
func Releases(root fs.FS) []string { return releases(root) }

// HasIndex tells whether there is a module index behind the resolver: without
// one nothing it does not know means anything.
func (r *Resolver) HasIndex() bool { return r.ix.dir != "" }
