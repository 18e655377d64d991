package kernel

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/sys/unix"

	"attune/internal/nettest"
)

// events are a socket that changes come to at times.
type events struct {
	c     chan error
	slept atomic.Int32 // how often it was waited for
}

func (e *events) wait() error { e.slept.Add(1); return <-e.c }

func (e *events) empty() error {
	for {
		select {
		case err := <-e.c:
			if err != nil {
				return err
			}
		default:
			return nil
		}
	}
}

// A burst is told once, 100 ms after its first change; a storm at most ten times a
// second and once after its end; silence wakes nobody.
func TestBursts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := &events{c: make(chan error, 100_000)}
		ctx, cancel := context.WithCancel(t.Context())
		start := time.Now()
		var told []time.Duration
		done := make(chan error)
		go func() {
			done <- bursts(ctx, e.wait, e.empty, func() { told = append(told, time.Since(start)) })
		}()
		time.Sleep(time.Hour)
		if synctest.Wait(); len(told) > 0 || e.slept.Load() != 1 {
			t.Errorf("in silence told at %v, woken %d times", told, e.slept.Load()-1)
		}
		for range 12 {
			e.c <- nil
		}
		time.Sleep(time.Minute)
		if synctest.Wait(); len(told) != 1 || told[0] != time.Hour+burst {
			t.Errorf("one burst: %v", told)
		}
		told, start = nil, time.Now()
		for range 10_000 {
			e.c <- nil
			time.Sleep(100 * time.Microsecond)
		}
		last := time.Since(start)
		time.Sleep(time.Minute)
		if synctest.Wait(); len(told) < 9 || len(told) > 11 || told[len(told)-1] < last {
			t.Errorf("a storm until %v: told at %v", last, told)
		}
		broken := errors.New("broken")
		e.c <- broken
		if err := <-done; err != broken {
			t.Errorf("a broken socket: %v", err)
		}
		go func() { done <- bursts(ctx, e.wait, e.empty, func() { t.Error("told after the end") }) }()
		e.c <- nil
		synctest.Wait()
		cancel()
		if err := <-done; err != nil {
			t.Errorf("at the end: %v", err)
		}
	})
}

// The kernel's changes are heard, also those that did not fit the socket's buffer.
func TestWatcher(t *testing.T) {
	nettest.Need(t)
	w, err := OpenWatcher()
	if err != nil {
		t.Fatal(err)
	}
	conn, err := w.file.SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	conn.Control(func(fd uintptr) { err = unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_RCVBUF, 4096) })
	if err != nil {
		t.Fatal(err)
	}
	manyLinks(t, 20)
	var lost error
	conn.Control(func(fd uintptr) {
		_, _, lost = unix.Recvfrom(int(fd), make([]byte, 8192), unix.MSG_PEEK|unix.MSG_DONTWAIT)
	})
	if lost != unix.ENOBUFS { // this look took the error away; the changes before it are still there
		t.Errorf("no more was told than the buffer holds: %v", lost)
	}
	manyMore := func() {
		for i := range 20 {
			nettest.IP(t, fmt.Sprintf("addr add 10.200.0.%d/32 dev ma0", i+1))
		}
	}
	manyMore()
	ctx, cancel := context.WithCancel(t.Context())
	told := make(chan bool, 1000)
	done := make(chan error)
	go func() { done <- w.Run(ctx, func() { told <- true }) }()
	wait := func(what string) {
		t.Helper()
		select {
		case <-told:
		case err := <-done:
			t.Fatalf("%s: %v", what, err)
		case <-time.After(10 * time.Second):
			t.Fatalf("%s was not told", what)
		}
	}
	wait("more than the buffer holds")
	for what, args := range map[string]string{"an address": "addr add 10.201.0.1/32 dev ma0", "a route": "route add 10.202.0.0/16 dev ma0", "a link": "link set ma0 mtu 1400"} {
		nettest.IP(t, args)
		wait(what)
	}
	nettest.IP(t, "addr flush dev ma0 scope global")
	wait("addresses that went")
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
}
