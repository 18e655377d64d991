// Package uevent hears what the kernel says about devices coming and going.
//
// Parse turns one kernel message into an event; Conn receives them from the
// kernel's netlink socket. The event type and the rule matcher are go-udev's.
// Messages of udevd (the "libudev" group) are not read here, and nothing here
// looks at /sys: a caller that is told ErrOverflow scans again.
package uevent
