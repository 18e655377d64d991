package uevent

import (
	"context"
	"errors"
	"os"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// packet is one thing the fake kernel hands to Receive.
type packet struct {
	data  []byte
	pid   uint32 // netlink port
	cred  *unix.Ucred
	flags int
	err   error
}

func fromFake(packets ...packet) *Conn {
	next := 0
	return &Conn{
		buf: make([]byte, maxMessage), oob: make([]byte, 128),
		recv: func(p, oob []byte) (int, int, int, unix.Sockaddr, error) {
			if next == len(packets) {
				return 0, 0, 0, nil, os.ErrClosed
			}
			pk := packets[next]
			next++
			if pk.err != nil {
				return 0, 0, 0, nil, pk.err
			}
			oobn := 0
			if pk.cred != nil {
				oobn = copy(oob, unix.UnixCredentials(pk.cred))
			}
			return copy(p, pk.data), oobn, pk.flags, &unix.SockaddrNetlink{Pid: pk.pid, Groups: kernelGroup}, nil
		},
	}
}

func TestReceivePassesOverWhatIsNotTheKernels(t *testing.T) {
	kernel := &unix.Ucred{}
	good := message("add@/devices/good")
	c := fromFake(
		packet{data: message("add@/devices/forged"), pid: 4242, cred: &unix.Ucred{Pid: 4242, Uid: 1000}},
		packet{data: message("add@/devices/forged"), cred: &unix.Ucred{Pid: 9, Uid: 1000}},
		packet{data: message("add@/devices/anonymous")},
		packet{data: []byte("add@/devices/no-nul"), cred: kernel},
		packet{data: good, cred: kernel, flags: unix.MSG_TRUNC},
		packet{data: good, cred: kernel},
	)
	ev, err := c.Receive(context.Background())
	if err != nil || ev.KObj != "/devices/good" {
		t.Fatalf("got %+v, %v", ev, err)
	}
	if got, want := c.Stats(), (Stats{Received: 1, Malformed: 2, Foreign: 3}); got != want {
		t.Errorf("stats %+v, want %+v", got, want)
	}
}

func TestReceiveGoesOnAfterOverflow(t *testing.T) {
	c := fromFake(packet{err: unix.ENOBUFS}, packet{data: message("add@/devices/late"), cred: &unix.Ucred{}})
	if _, err := c.Receive(context.Background()); !errors.Is(err, ErrOverflow) {
		t.Fatalf("full buffer gave %v", err)
	}
	if ev, err := c.Receive(context.Background()); err != nil || ev.KObj != "/devices/late" {
		t.Fatalf("after the overflow: %+v, %v", ev, err)
	}
	if c.Stats().Overflows != 1 {
		t.Errorf("stats %+v", c.Stats())
	}
}

// dial opens the real socket, which any Linux kernel has.
func dial(t *testing.T, buffer int) *Conn {
	t.Helper()
	c, err := Dial(buffer)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

func TestReceiveStops(t *testing.T) {
	c := dial(t, DefaultBuffer)
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	// The machine may speak meanwhile, so read until the time is up.
	var err error
	for err == nil {
		_, err = c.Receive(ctx)
	}
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("after its deadline: %v", err)
	}
	time.AfterFunc(20*time.Millisecond, func() { c.Close() })
	for err = nil; err == nil; {
		_, err = c.Receive(context.Background())
	}
	if !errors.Is(err, os.ErrClosed) {
		t.Fatalf("after Close: %v", err)
	}
}

// sysNull is a device every kernel has; writing its uevent file makes the
// kernel send a synthetic event.
const sysNull = "/sys/devices/virtual/mem/null/uevent"

// poke asks the kernel for n synthetic events.
func poke(t *testing.T, n int) {
	t.Helper()
	f, err := os.OpenFile(sysNull, os.O_WRONLY, 0)
	if err != nil {
		t.Skipf("needs root and a writable /sys to ask the kernel for events: %v", err)
	}
	defer f.Close()
	for range n {
		if _, err := f.WriteString("change"); err != nil {
			t.Fatal(err)
		}
	}
}

func TestRealEvent(t *testing.T) {
	c := dial(t, DefaultBuffer)
	poke(t, 1)
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	for {
		ev, err := c.Receive(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if ev.KObj == "/devices/virtual/mem/null" && Seqnum(ev) > 0 {
			return
		}
	}
}

func TestRealStorm(t *testing.T) {
	const storm = 10_000
	t.Run("large buffer keeps all", func(t *testing.T) {
		c := dial(t, DefaultBuffer)
		poke(t, storm)
		seen := drain(t, c)
		if seen < storm || c.Stats().Overflows > 0 {
			t.Errorf("%d of %d events, %+v", seen, storm, c.Stats())
		}
	})
	t.Run("small buffer says so", func(t *testing.T) {
		c := dial(t, 16<<10)
		poke(t, storm)
		seen := drain(t, c)
		if seen >= storm || c.Stats().Overflows == 0 {
			t.Errorf("%d of %d events and no overflow told: %+v", seen, storm, c.Stats())
		}
	})
}

// drain reads until nothing comes for a while, passing over overflows.
func drain(t *testing.T, c *Conn) (seen int) {
	t.Helper()
	for {
		ctx, cancel := context.WithTimeout(context.Background(), 300*time.Millisecond)
		ev, err := c.Receive(ctx)
		cancel()
		switch {
		case errors.Is(err, context.DeadlineExceeded):
			return seen
		case errors.Is(err, ErrOverflow):
		case err != nil:
			t.Fatal(err)
		case ev.KObj == "/devices/virtual/mem/null":
			seen++
		}
	}
}
