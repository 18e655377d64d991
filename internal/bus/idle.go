package bus

import (
	"sync"
	"time"
)

// idle knows since when nobody has wanted anything.
type idle struct {
	mu    sync.Mutex
	busy  int
	since time.Time
	again chan struct{} // closed when it becomes busy, or idle
}

// Hold keeps the service from being idle until what it gives back is called.
func (s *Server) Hold() (release func()) {
	s.idle.change(1)
	var once sync.Once
	return func() { once.Do(func() { s.idle.change(-1) }) }
}

func (i *idle) change(by int) {
	i.mu.Lock()
	defer i.mu.Unlock()
	was := i.busy
	i.busy += by
	i.since = time.Now()
	if (was == 0) != (i.busy == 0) && i.again != nil {
		close(i.again)
		i.again = nil
	}
}

// state tells since when it is idle, the zero time if it is not, and what is
// closed when that changes.
func (i *idle) state() (since time.Time, changes <-chan struct{}) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.again == nil {
		i.again = make(chan struct{})
	}
	if i.busy > 0 {
		return time.Time{}, i.again
	}
	return i.since, i.again
}

// Idle is closed once nobody has wanted anything for that long, and nobody has
// been there who did: a panel that has asked for the objects listens for their
// signals as long as it is open. Of callers beyond maxIdlePeers that is not known.
//
// It wakes up when somebody comes, when the last has gone, and when the time may
// be over; else not.
func (s *Server) Idle(long time.Duration, stop <-chan struct{}) <-chan struct{} {
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			since, changes := s.idle.state()
			var over <-chan time.Time
			if !since.IsZero() {
				left := long - time.Since(since)
				if left <= 0 {
					return
				}
				over = time.After(left)
			}
			select {
			case <-over:
			case <-changes:
			case <-stop:
				return
			}
		}
	}()
	return done
}
