// Package kmod answers which modules a machine needs, in which order and why.
//
// Index and Config read what depmod and the administrator wrote; Resolver
// answers an alias exactly as modprobe -R does; NewPlan turns an inventory
// into steps and is pure. Nothing here scans hardware, listens for events,
// writes a file or changes the kernel: package load carries the steps out.
package kmod
