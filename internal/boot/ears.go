package boot

import (
	"context"
	"errors"
	"sync"

	"attune/detect/uevent"
)

// ears turn a Listener into channels one select can wait on.
type ears struct {
	events chan uevent.Event
	lost   chan struct{} // holds one: any number of losses ask for one scan
	conn   Listener
	stop   context.CancelFunc
	done   sync.WaitGroup
}

// listen begins to hear. Without a listener, or when it cannot be had, the
// channels stay silent.
func (b *Boot) listen() *ears {
	e := &ears{events: make(chan uevent.Event, 1024), lost: make(chan struct{}, 1), stop: func() {}}
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
		case err != nil:
			return // stopped, or the socket is broken: the last scan stands in
		default:
			select {
			case e.events <- ev:
			case <-ctx.Done():
				return
			}
		}
	}
}

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
