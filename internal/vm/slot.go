package vm

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"
)

// Slots is how many guests may run at once, over all processes of a user.
// Emulation takes a whole core for each guest processor.
const Slots = 2

// takeSlots waits for n of the slots and gives a function to put them back.
// A slot is a lock on a file: a process which dies gives it back by dying.
func takeSlots(ctx context.Context, n int) (release func(), err error) {
	cache, err := cacheDir()
	if err != nil {
		return nil, err
	}
	// Whoever collects its slots holds the door, or two that want both would
	// wait for each other.
	door, err := lockFile(ctx, filepath.Join(cache, "door.lock"))
	if err != nil {
		return nil, fmt.Errorf("waiting for a guest's turn: %w", err)
	}
	defer door.Close()
	var held []*os.File
	release = func() {
		for _, f := range held {
			f.Close()
		}
	}
	for len(held) < n {
		for i := range Slots {
			f, err := tryLock(filepath.Join(cache, fmt.Sprintf("slot%d.lock", i)))
			if err == nil && f != nil && len(held) < n {
				held = append(held, f)
			} else if f != nil {
				f.Close()
			}
		}
		if len(held) == n {
			return release, nil
		}
		if err := pause(ctx); err != nil {
			release()
			return nil, fmt.Errorf("waiting for a guest's turn: %w", err)
		}
	}
	return release, nil
}

func pause(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(50 * time.Millisecond):
		return nil
	}
}

func lockFile(ctx context.Context, path string) (*os.File, error) {
	for {
		if f, err := tryLock(path); f != nil || err != nil {
			return f, err
		}
		if err := pause(ctx); err != nil {
			return nil, err
		}
	}
}

// tryLock gives nil, nil when another holds the lock.
func tryLock(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, err
	}
	switch err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB); err {
	case nil:
		return f, nil
	case unix.EWOULDBLOCK:
		f.Close()
		return nil, nil
	default:
		f.Close()
		return nil, err
	}
}
