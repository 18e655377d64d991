// Package ioctl is what asking device nodes has in common: opening one by its
// name, and the numbers of the questions. It knows no device and puts no
// question itself.
package ioctl

import (
	"fmt"
	"io/fs"
	"runtime"
	"strings"

	"golang.org/x/sys/unix"
)

// Open opens a node below /dev which must be named prefix and a number:
// "dri/card0". kind says in an error what it should have been. It neither
// waits nor asks for writing.
func Open(node, prefix, kind string) (fd int, err error) {
	number, ok := strings.CutPrefix(node, prefix)
	if !ok || number == "" || strings.Trim(number, "0123456789") != "" {
		return -1, fmt.Errorf("opening %q: not the name of %s", node, kind)
	}
	fd, err = unix.Open("/dev/"+node, unix.O_RDONLY|unix.O_CLOEXEC|unix.O_NONBLOCK, 0)
	if err != nil {
		return -1, &fs.PathError{Op: "open", Path: "/dev/" + node, Err: err}
	}
	return fd, nil
}

// Read is the number of a question whose argument the kernel fills in, _IOR: its
// letter, its number among those of the letter, and the size of the argument.
func Read(letter byte, number uint, size uintptr) uint {
	return request(2<<30, 2<<29, letter, number, size)
}

// ReadWrite is the same where the kernel looks at the argument before, _IOWR.
func ReadWrite(letter byte, number uint, size uintptr) uint {
	return request(3<<30, 6<<29, letter, number, size)
}

// request takes the direction as most machines have it, and as the others.
func request(usual, other uint, letter byte, number uint, size uintptr) uint {
	direction := usual
	switch runtime.GOARCH {
	case "ppc64", "ppc64le", "mips", "mipsle", "mips64", "mips64le", "sparc64":
		direction = other
	}
	return direction | uint(size)<<16 | uint(letter)<<8 | number
}
