package uevent

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"
)

// ErrOverflow says that the kernel had to drop messages because they were not
// read fast enough. The connection goes on; the caller scans again.
var ErrOverflow = errors.New("the kernel dropped uevents: the socket buffer was full")

// DefaultBuffer is the receive buffer asked for, in bytes. The kernel takes
// it from no one until messages wait in it; 10,000 events need about 8 MiB.
const DefaultBuffer = 16 << 20

// kernelGroup is the multicast group the kernel sends to; group 2 is udevd's.
const kernelGroup = 1

// maxMessage is the largest message read. The kernel's own buffer is 2,048
// bytes (UEVENT_BUFFER_SIZE), plus the header.
const maxMessage = 16 << 10

// Stats counts what came in over a connection.
type Stats struct {
	Received  uint64 `json:"received"`
	Malformed uint64 `json:"malformed"` // dropped: not a uevent, or longer than any the kernel sends
	Foreign   uint64 `json:"foreign"`   // dropped: not sent by the kernel
	Overflows uint64 `json:"overflows"`
}

// A Conn is a subscription to the kernel's uevents. Receive is for one
// goroutine; Close and Stats may be called from any.
type Conn struct {
	file *os.File
	recv func(p, oob []byte) (n, oobn, flags int, from unix.Sockaddr, err error)
	buf  []byte
	oob  []byte

	closed                                  atomic.Bool
	received, malformed, foreign, overflows atomic.Uint64
}

// Dial subscribes. From here on the kernel keeps events, up to about buffer
// bytes of them, so that a scan made afterwards misses nothing.
//
// Without CAP_NET_ADMIN the buffer is limited by net.core.rmem_max; that is
// no error, an overflow is then only likelier.
func Dial(buffer int) (*Conn, error) {
	fd, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_RAW|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, unix.NETLINK_KOBJECT_UEVENT)
	if err != nil {
		return nil, fmt.Errorf("listening for uevents: opening the netlink socket: %w", err)
	}
	if err := prepare(fd, buffer); err != nil {
		unix.Close(fd)
		return nil, fmt.Errorf("listening for uevents: %w", err)
	}
	c := &Conn{file: os.NewFile(uintptr(fd), "uevents"), buf: make([]byte, maxMessage), oob: make([]byte, 128)}
	raw, err := c.file.SyscallConn()
	if err != nil {
		c.file.Close()
		return nil, fmt.Errorf("listening for uevents: %w", err)
	}
	// RawConn.Read waits in Go's poller, so a waiting Receive costs no
	// thread and Close wakes it; a plain recvmsg would do neither.
	c.recv = func(p, oob []byte) (n, oobn, flags int, from unix.Sockaddr, err error) {
		rerr := raw.Read(func(fd uintptr) bool {
			for {
				n, oobn, flags, from, err = unix.Recvmsg(int(fd), p, oob, 0)
				if err != unix.EINTR {
					return err != unix.EAGAIN
				}
			}
		})
		if rerr != nil {
			err = rerr
		}
		return n, oobn, flags, from, err
	}
	return c, nil
}

func prepare(fd, buffer int) error {
	if err := unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_RCVBUFFORCE, buffer); err != nil {
		if err := unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_RCVBUF, buffer); err != nil {
			return fmt.Errorf("setting the receive buffer to %d bytes: %w", buffer, err)
		}
	}
	if err := unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_PASSCRED, 1); err != nil {
		return fmt.Errorf("asking for the sender's credentials: %w", err)
	}
	if err := unix.Bind(fd, &unix.SockaddrNetlink{Family: unix.AF_NETLINK, Groups: kernelGroup}); err != nil {
		return fmt.Errorf("joining the kernel's group: %w", err)
	}
	return nil
}

// Receive waits for the next event. It returns ErrOverflow when the kernel
// dropped some, ctx.Err() when ctx ends first, and os.ErrClosed after Close.
// Malformed messages and messages not from the kernel are counted and passed
// over.
func (c *Conn) Receive(ctx context.Context) (Event, error) {
	if ctx.Err() != nil {
		return Event{}, ctx.Err()
	}
	if c.file != nil && ctx.Done() != nil {
		defer c.wakeWhenDone(ctx)()
	}
	for {
		ev, ok, err := c.receive()
		switch {
		case errors.Is(err, os.ErrDeadlineExceeded) && ctx.Err() != nil:
			return Event{}, ctx.Err()
		case err != nil:
			return Event{}, err
		case ok:
			return ev, nil
		}
	}
}

// wakeWhenDone makes a waiting read fail once ctx ends; the returned function
// undoes that.
func (c *Conn) wakeWhenDone(ctx context.Context) (undo func()) {
	woken := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		c.file.SetReadDeadline(time.Unix(1, 0))
		close(woken)
	})
	return func() {
		if !stop() {
			<-woken
			c.file.SetReadDeadline(time.Time{})
		}
	}
}

// receive reads one message; ok is false for one that was passed over.
func (c *Conn) receive() (ev Event, ok bool, err error) {
	n, oobn, flags, from, err := c.recv(c.buf, c.oob)
	if errors.Is(err, unix.ENOBUFS) {
		c.overflows.Add(1)
		return Event{}, false, ErrOverflow
	}
	if err != nil && c.closed.Load() {
		err = os.ErrClosed // the poller's own word for it is not exported
	}
	if err != nil {
		return Event{}, false, fmt.Errorf("receiving a uevent: %w", err)
	}
	if !fromKernel(from, c.oob[:oobn]) {
		c.foreign.Add(1)
		return Event{}, false, nil
	}
	if flags&(unix.MSG_TRUNC|unix.MSG_CTRUNC) != 0 {
		c.malformed.Add(1)
		return Event{}, false, nil
	}
	ev, err = Parse(c.buf[:n])
	if err != nil {
		c.malformed.Add(1)
		return Event{}, false, nil
	}
	c.received.Add(1)
	return ev, true, nil
}

// fromKernel tells the kernel's own messages from those a process sent to us:
// port 0, and credentials of root with no process behind them.
func fromKernel(from unix.Sockaddr, oob []byte) bool {
	nl, ok := from.(*unix.SockaddrNetlink)
	if !ok || nl.Pid != 0 || nl.Groups == 0 {
		return false
	}
	msgs, err := unix.ParseSocketControlMessage(oob)
	if err != nil {
		return false
	}
	for i := range msgs {
		if cred, err := unix.ParseUnixCredentials(&msgs[i]); err == nil {
			return cred.Uid == 0 && cred.Pid == 0
		}
	}
	return false
}

// Stats tells what has come in so far.
func (c *Conn) Stats() Stats {
	return Stats{c.received.Load(), c.malformed.Load(), c.foreign.Load(), c.overflows.Load()}
}

// Close ends the subscription and wakes a waiting Receive.
func (c *Conn) Close() error {
	c.closed.Store(true)
	return c.file.Close()
}
