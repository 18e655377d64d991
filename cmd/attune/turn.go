package main

import (
	"context"
	"errors"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// Configuring displays and input devices is one process' turn at a time: a boot
// or a replan. Whoever comes meanwhile leaves a mark and goes, and who has the
// turn does it again. A thousand at once cost two runs.

const (
	turnFile = "replan.lock"
	markFile = "replan.again"

	// deafFile is there when no boot listens for devices any more: udev's rule
	// leaves word of one that comes or goes only then.
	deafFile = "booted"
)

// turnTime is how long a boot waits for its turn: a replan takes less than a
// second, and whatever is wrong with one must not keep the picture away.
const turnTime = 2 * time.Second

// tryTurn takes the turn if nobody has it. release gives it back.
func tryTurn(out *os.Root) (release func(), ok bool, err error) {
	f, err := out.OpenFile(turnFile, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, false, err
	}
	if err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		f.Close()
		if errors.Is(err, unix.EWOULDBLOCK) {
			err = nil
		}
		return nil, false, err
	}
	return func() { f.Close() }, true, nil
}

// takeTurn waits for the turn, and goes on without it where it is not to be
// had.
func takeTurn(ctx context.Context, out *os.Root) (release func()) {
	if out == nil {
		return func() {}
	}
	ctx, cancel := context.WithTimeout(ctx, turnTime)
	defer cancel()
	for {
		release, ok, err := tryTurn(out)
		switch {
		case ok:
			return release
		case err != nil:
			return func() {}
		}
		select {
		case <-time.After(20 * time.Millisecond):
		case <-ctx.Done():
			return func() {}
		}
	}
}

// mark leaves word that something has changed.
func mark(out *os.Root) error {
	f, err := out.OpenFile(markFile, os.O_WRONLY|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	return f.Close()
}

// forget takes the mark away, and says whether there was one.
func forget(out *os.Root) bool { return out != nil && out.Remove(markFile) == nil }

// listens: this boot hears of devices itself from here on.
func listens(out *os.Root) {
	if out != nil {
		out.Remove(deafFile)
	}
}

// listensNot: it does not any more. Where that cannot be written, devices are
// planned for at the next replan.
func listensNot(out *os.Root) {
	if out == nil {
		return
	}
	if f, err := out.Create(deafFile); err == nil {
		f.Close()
	}
}

func marked(out *os.Root) bool {
	_, err := out.Lstat(markFile)
	return err == nil
}

// inTurn does something when it is its turn, and again as long as others leave
// word. Where somebody else has the turn it leaves word itself. It says how
// often it was done.
func inTurn(out *os.Root, do func() error) (times int, err error) {
	if err := mark(out); err != nil {
		return 0, err
	}
	for {
		release, ok, err := tryTurn(out)
		if !ok || err != nil {
			return times, err
		}
		for forget(out) {
			times++
			if err := do(); err != nil {
				release()
				return times, err
			}
		}
		release()
		// Who came between the last look and this left word, and went.
		if !marked(out) {
			return times, nil
		}
	}
}
