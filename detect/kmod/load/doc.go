// Package load carries a plan's steps out: it puts modules into the kernel,
// along their dependencies, as many at a time as is good.
//
// A Loader does one step, by whatever way the kernel takes; a Scheduler gives
// it steps in their order and each only once; an Error says why a module is
// not in the kernel. Together they are all that changes the machine.
//
// What to load and why is decided elsewhere: nothing here knows an alias, a
// device or a configuration file, takes a module out of the kernel, or stops a
// load which has begun.
package load
