// Package kmod answers which modules a machine needs and puts them into the
// kernel.
//
// Index and Config read what depmod and the administrator wrote; Resolver
// answers an alias exactly as modprobe -R does; NewPlan turns an inventory
// into steps and is pure; Loader carries a plan out. Nothing here scans
// hardware, listens for events or writes a file.
package kmod
