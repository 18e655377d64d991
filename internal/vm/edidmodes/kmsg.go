package main

import (
	"errors"
	"strings"

	"golang.org/x/sys/unix"
)

// A kernelLog reads on where it has been.
type kernelLog struct{ fd int }

func openKernelLog() (kernelLog, error) {
	fd, err := unix.Open("/dev/kmsg", unix.O_RDONLY|unix.O_NONBLOCK, 0)
	if err != nil {
		return kernelLog{}, err
	}
	_, err = unix.Seek(fd, 0, unix.SEEK_END)
	return kernelLog{fd}, err
}

// modes gives the new lines about modes, without what stands before the first
// word that all kernels have.
func (l kernelLog) modes() (lines []string, err error) {
	record := make([]byte, 8192)
	for {
		n, err := unix.Read(l.fd, record)
		if errors.Is(err, unix.EAGAIN) {
			return lines, nil
		}
		if err != nil {
			return lines, err // EPIPE: we were too slow and lost some
		}
		for _, word := range []string{"Modeline ", "Not using ", "Rejected mode: "} {
			if i := strings.Index(string(record[:n]), word); i >= 0 {
				line, _, _ := strings.Cut(string(record[i:n]), "\n")
				lines = append(lines, line)
			}
		}
	}
}

// rejected puts the two lines of older kernels together: the mode, and then
// that it is not used and why.
func rejected(lines []string) (out []string) {
	last := ""
	for _, l := range lines {
		switch word, rest, _ := strings.Cut(l, " "); word {
		case "Modeline":
			last = rest
		case "Not":
			_, why, _ := strings.Cut(rest, " mode: ")
			out = append(out, last+" ("+why+")")
		case "Rejected":
			out = append(out, strings.TrimPrefix(rest, "mode: "))
		}
	}
	return out
}
