package main

import (
	"bytes"
	"errors"
	"strings"
	"sync"

	"attune/internal/vm/job"

	"golang.org/x/sys/unix"
)

// A listener keeps every kernel event from its start on.
type listener struct {
	fd     int
	mu     sync.Mutex
	events []job.Event
	lost   int
}

// listen opens the kernel's event socket. It stays open as long as the guest
// lives.
func listen() (*listener, error) {
	fd, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_RAW|unix.SOCK_CLOEXEC, unix.NETLINK_KOBJECT_UEVENT)
	if err != nil {
		return nil, err
	}
	// A reader which is not scheduled for a second must lose nothing.
	if err := unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_RCVBUFFORCE, 32<<20); err != nil {
		return nil, err
	}
	if err := unix.Bind(fd, &unix.SockaddrNetlink{Family: unix.AF_NETLINK, Groups: 1}); err != nil {
		return nil, err
	}
	l := &listener{fd: fd}
	go l.read()
	return l, nil
}

func (l *listener) read() {
	buf := make([]byte, 64<<10)
	for {
		n, _, err := unix.Recvfrom(l.fd, buf, 0)
		switch {
		case errors.Is(err, unix.EINTR):
		case errors.Is(err, unix.ENOBUFS):
			l.mu.Lock()
			l.lost++
			l.mu.Unlock()
		case err != nil:
			return
		default:
			l.keep(buf[:n])
		}
	}
}

// keep takes "ACTION@DEVPATH\0..."; the rest repeats it as variables.
func (l *listener) keep(msg []byte) {
	head, _, _ := bytes.Cut(msg, []byte{0})
	action, path, ok := strings.Cut(string(head), "@")
	if !ok {
		return
	}
	l.mu.Lock()
	l.events = append(l.events, job.Event{Up: uptime(), Action: action, Path: path})
	l.mu.Unlock()
}

func (l *listener) all() ([]job.Event, int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.events, l.lost
}
