package explain

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// errnoWords say what a driver's answer to a device usually means. The kernel's
// own number stays behind them. What a failed load means the loader says.
var errnoWords = map[unix.Errno]string{
	unix.ENODEV:     "it found no device it can drive",
	unix.ENXIO:      "the device does not answer",
	unix.ENOENT:     "something it needs is missing (firmware, often)",
	unix.EIO:        "talking to the device failed",
	unix.ENOMEM:     "there was not enough memory",
	unix.EBUSY:      "something else holds the device or its addresses",
	unix.EINVAL:     "the device or a parameter is not as the driver expects",
	unix.ETIMEDOUT:  "the device did not answer in time",
	unix.EPERM:      "the kernel does not permit it",
	unix.EACCES:     "the kernel does not permit it",
	unix.EOPNOTSUPP: "the device cannot do what the driver needs",
	unix.ENOSYS:     "this kernel cannot do it",
	unix.EPROTO:     "the device breaks the protocol",
	unix.EPIPE:      "the device refused a request",
	unix.EAGAIN:     "it was too early",
	unix.EEXIST:     "another driver for the same thing is there already",
	unix.ENOSPC:     "there is no room left (bandwidth, addresses)",
}

// errnoText is an errno in words with its number. errno is positive.
func errnoText(errno int) string {
	if errno == eprobeDefer {
		return "it waits for another device (-517)"
	}
	words, ok := errnoWords[unix.Errno(errno)]
	if !ok {
		words = unix.Errno(errno).Error()
	}
	return fmt.Sprintf("%s (-%d)", words, errno)
}
