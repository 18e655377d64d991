package boot

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"

	"attune/detect/uevent"
)

// ears are a Listener behind channels, which one select can wait on.
type ears struct {
	events chan uevent.Event
	lost   chan struct{} // holds one: any number of losses ask for one scan
	broken chan error    // why nothing more is heard
	conn   Listener
	heard  atomic.Uint64
	deaf   bool // broken, and told so
	stop   context.CancelFunc
	done   sync.WaitGroup
}

// listen begins to hear. Without a listener, or when it cannot be had, the
// channels stay silent.
func (b *Boot) listen() *ears {
	e := &ears{events: make(chan uevent.Event, 1024), lost: make(chan struct{}, 1), broken: make(chan error, 1), stop: func() {}}
	if b.env.Listen == nil {
		return e
	}
	conn, err := b.env.Listen()
	if err != nil {
		b.problem("devices that appear later will be missed: %v", err)
		return e
	}
	ctx, cancel := context.WithCancel(context.Background())
	e.conn, e.stop = conn, cancel
	e.done.Go(func() { e.hear(ctx) })
	return e
}

func (e *ears) hear(ctx context.Context) {
	for {
		ev, err := e.conn.Receive(ctx)
		switch {
		case errors.Is(err, uevent.ErrOverflow):
			select {
			case e.lost <- struct{}{}:
			default:
			}
		case ctx.Err() != nil:
			return // stopped
		case err != nil:
			e.broken <- err // the scans stand in
			return
		default:
			e.heard.Add(1)
			select {
			case e.events <- ev:
			case <-ctx.Done():
				return
			}
		}
	}
}

// waiting tells whether something was heard and not yet taken.
func (e *ears) waiting() bool { return len(e.events) > 0 || len(e.lost) > 0 || len(e.broken) > 0 }

func (e *ears) stats() uevent.Stats {
	if e.conn == nil {
		return uevent.Stats{}
	}
	return e.conn.Stats()
}

func (e *ears) close() {
	e.stop()
	e.done.Wait()
	if e.conn != nil {
		e.conn.Close()
	}
}
