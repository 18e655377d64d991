package kernel

import (
	"context"
	"errors"
	"fmt"
	"os"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// A Watcher hears of changes to links, addresses and routes of one namespace.
//
// It tells that there was one, not which: who is told reads everything anew. So
// nothing is lost when the kernel tells more than its buffer holds; that is one more
// change.
type Watcher struct{ file *os.File }

// groups are what it listens to. Neighbours are not among them: those change all
// the time.
const groups = unix.RTMGRP_LINK | unix.RTMGRP_IPV4_IFADDR | unix.RTMGRP_IPV6_IFADDR | unix.RTMGRP_IPV4_ROUTE | unix.RTMGRP_IPV6_ROUTE

// OpenWatcher makes one for the namespace of the calling thread. What changes from
// now on is told; so it is opened before anything is read.
func OpenWatcher() (*Watcher, error) {
	fd, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_RAW|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, unix.NETLINK_ROUTE)
	if err != nil {
		return nil, fmt.Errorf("listening to the kernel's network: %w", err)
	}
	f := os.NewFile(uintptr(fd), "rtnetlink")
	if err := unix.Bind(fd, &unix.SockaddrNetlink{Family: unix.AF_NETLINK, Groups: groups}); err != nil {
		f.Close()
		return nil, fmt.Errorf("listening to the kernel's network: %w", err)
	}
	return &Watcher{f}, nil
}

// burst is how long further changes are waited for after one: a link that comes
// up brings a dozen.
const burst = 100 * time.Millisecond

// Run calls changed after each burst of changes, until the context is done. Then it
// is of no more use.
func (w *Watcher) Run(ctx context.Context, changed func()) error {
	defer w.file.Close()
	defer context.AfterFunc(ctx, func() { w.file.Close() })()
	conn, err := w.file.SyscallConn()
	if err != nil {
		return fmt.Errorf("listening to the kernel's network: %w", err)
	}
	wait := func() error { return read(conn, true) }
	empty := func() error { return read(conn, false) }
	if err := bursts(ctx, wait, empty, changed); err != nil {
		return fmt.Errorf("listening to the kernel's network: %w", err)
	}
	return nil
}

// read takes all there is from the socket; when it shall wait, there is something.
func read(conn syscall.RawConn, wait bool) error {
	var broken error
	err := conn.Read(func(fd uintptr) bool {
		var heard bool
		heard, broken = drain(int(fd))
		return heard || broken != nil || !wait
	})
	return errors.Join(err, broken)
}

// drain takes what there is, and tells whether there was anything.
func drain(fd int) (heard bool, err error) {
	var some [64]byte // of a message; the rest is thrown away with it
	for {
		_, _, err := unix.Recvfrom(fd, some[:], unix.MSG_DONTWAIT)
		switch {
		case err == nil, errors.Is(err, unix.ENOBUFS):
			heard = true // ENOBUFS: what did not fit is lost, and is a change all the same
		case errors.Is(err, unix.EINTR):
		case errors.Is(err, unix.EAGAIN):
			return heard, nil
		default:
			return heard, err
		}
	}
}

// bursts waits for a change, lets more come, and tells once. While it lets them
// come nobody is woken; those that come while it tells are the next burst.
func bursts(ctx context.Context, wait, empty func() error, changed func()) error {
	for {
		err := wait()
		if err == nil {
			select {
			case <-ctx.Done():
			case <-time.After(burst):
			}
			err = empty()
		}
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil:
			return err
		}
		changed()
	}
}
