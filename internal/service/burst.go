package service

import (
	"context"
	"sync"
	"time"
)

// A Concern is what of a machine may have changed.
type Concern uint

// The concerns. All stands for what nobody knows more of.
const (
	Devices  Concern = 1 << iota // which there are, and their drivers
	Displays                     // and their cards
	Inputs
	Records // of the last boot, of what people want
	All     = Devices | Displays | Inputs | Records
)

// A dock brings dozens of devices within a second, each with several events. What
// has come is looked at once there was nothing new for a moment, or after so long
// that people would wonder.
const (
	quietFor = 250 * time.Millisecond
	waitMost = 2 * time.Second
)

// A burst is what changes until it is looked at.
type burst struct {
	mu          sync.Mutex
	what        Concern
	first, last time.Time
	some        chan struct{} // has one in it while there is something
}

func newBurst() *burst { return &burst{some: make(chan struct{}, 1)} }

// add notes a change.
func (b *burst) add(what Concern) {
	if what == 0 {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.last = time.Now()
	if b.what == 0 {
		b.first = b.last
		b.some <- struct{}{}
	}
	b.what |= what
}

// wait gives all that has changed, once it is time to look; not ok when the
// context is done.
func (b *burst) wait(ctx context.Context) (what Concern, ok bool) {
	select {
	case <-b.some:
	case <-ctx.Done():
		return 0, false
	}
	for {
		left := b.left()
		if left <= 0 {
			return b.take(), true
		}
		select {
		case <-time.After(left):
		case <-ctx.Done():
			return 0, false
		}
	}
}

// left is how long it is until it is time to look.
func (b *burst) left() time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	return time.Until(earlier(b.last.Add(quietFor), b.first.Add(waitMost)))
}

func (b *burst) take() Concern {
	b.mu.Lock()
	defer b.mu.Unlock()
	what := b.what
	b.what = 0
	return what
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}
