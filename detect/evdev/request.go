package evdev

import "runtime"

// request is _IOR('E', number, size), whose direction bits differ on some
// machines.
func request(number uint, size uintptr) uint {
	const read = 2
	switch runtime.GOARCH {
	case "ppc64", "ppc64le", "mips", "mipsle", "mips64", "mips64le", "sparc64":
		return read<<29 | uint(size)<<16 | 'E'<<8 | number
	}
	return read<<30 | uint(size)<<16 | 'E'<<8 | number
}
