// Package boottime is a clock that goes on while the machine sleeps, so that an
// hour of sleep is an hour of a deadline. clock_gettime(2), CLOCK_BOOTTIME.
package boottime

import (
	"fmt"
	"os"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// Clock is one. It needs nothing to be made.
type Clock struct{}

// Now is the time since the machine was switched on.
func (Clock) Now() time.Duration {
	var t unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_BOOTTIME, &t); err != nil {
		return time.Since(began) // no Linux since 2.6.39 gets here
	}
	return time.Duration(t.Nano())
}

var began = time.Now()

// After closes a channel at the end of a time. Where that is while the machine
// sleeps it is closed when it wakes; the machine is not woken. Nothing runs
// meanwhile. stop gives up waiting.
func (Clock) After(d time.Duration) (<-chan struct{}, func()) {
	c := make(chan struct{})
	file, err := arm(d)
	if err != nil { // no more files: better a clock that stands while the machine sleeps
		t := time.AfterFunc(d, func() { close(c) })
		return c, func() { t.Stop() }
	}
	var once sync.Once
	end := func() { once.Do(func() { file.Close() }) }
	go func() {
		var ticks [8]byte
		_, err := file.Read(ticks[:]) // waits in the poller, on no thread of its own
		end()
		if err == nil {
			close(c)
		}
	}()
	return c, end
}

// arm makes a file that can be read from once the time is over. timerfd_create(2).
func arm(d time.Duration) (*os.File, error) {
	fd, err := unix.TimerfdCreate(unix.CLOCK_BOOTTIME, unix.TFD_CLOEXEC|unix.TFD_NONBLOCK)
	if err != nil {
		return nil, fmt.Errorf("making a timer: %w", err)
	}
	file := os.NewFile(uintptr(fd), "timerfd")
	at := unix.ItimerSpec{Value: unix.NsecToTimespec(max(d.Nanoseconds(), 1))} // 0 would be never
	if err := unix.TimerfdSettime(fd, 0, &at, nil); err != nil {
		file.Close()
		return nil, fmt.Errorf("setting a timer: %w", err)
	}
	return file, nil
}
