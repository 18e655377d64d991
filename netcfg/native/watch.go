package native

import (
	"context"
	"maps"
	"slices"
	"time"

	"attune/netcfg"
	"attune/netcfg/kernel"
)

// Watch makes links be as asked for again when the kernel dropped something of it,
// as it does with IPv6 when a link was down, and with all when an adapter was pulled
// out; and calls changed after each burst of changes. Until the context is done.
func (e *Engine) Watch(ctx context.Context, changed func()) error {
	w, err := kernel.OpenWatcher()
	if err != nil {
		return err
	}
	heard, ended := make(chan struct{}, 1), make(chan error, 1)
	go func() {
		ended <- w.Run(ctx, func() {
			select {
			case heard <- struct{}{}:
			default:
			}
		})
	}()
	for {
		e.mend(ctx)
		select {
		case err := <-ended:
			return err
		case <-heard:
		case <-e.poke:
		}
		changed()
	}
}

// mend looks at all links that something is asked for.
func (e *Engine) mend(ctx context.Context) {
	links, err := e.reader.Links()
	if err != nil {
		return // the next change brings the next look
	}
	e.adopt(links)
	for _, l := range links {
		if !e.due(l) {
			continue
		}
		if release := e.try(l.Index); release != nil {
			e.mendOne(ctx, l.Index)
			release()
		}
	}
	e.writeDNS(links) // a failure shows at the next Up
}

// due tells whether a link has to be looked at: it is ours to set up, nobody is at it,
// and what went wrong before may go right now.
func (e *Engine) due(l kernel.Link) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	r := e.records[l.Index]
	if _, busy := e.busy[l.Index]; r == nil || r.Down || busy || e.protected[l.Index] {
		return false
	}
	h := e.was[l.Index]
	if h == nil { // a daemon that was started again
		h = &history{carrier: l.Carrier}
		e.was[l.Index] = h
	}
	if l.Carrier && !h.carrier {
		h.again, h.failed, h.made = h.again || h.failed != nil, nil, nil
	}
	h.carrier = l.Carrier
	return h.failed == nil && (l.Up || h.again)
}

// try is hold, for a link that is free and may be mended; nil where it is not so any
// more.
func (e *Engine) try(index int) (release func()) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if _, busy := e.busy[index]; busy || e.protected[index] {
		return nil
	}
	e.busy[index] = false
	return func() {
		e.mu.Lock()
		delete(e.busy, index)
		e.mu.Unlock()
	}
}

// Somebody else may want a link to be otherwise. Who is asked to do so this often in
// this time gives in.
const (
	mostMends = 10
	mendsIn   = time.Minute
)

func (e *Engine) mendOne(ctx context.Context, index int) {
	now, err := e.look(index)
	if err != nil {
		return
	}
	r, ok := e.get(index)
	if !ok {
		return
	}
	err = now.verify(wantOf(r))
	again, few := e.mayMend(index, err)
	switch {
	case again:
	case err == nil, codeOf(err) == netcfg.TimedOut: // as asked for, or on the way there
		return
	case codeOf(err) == netcfg.AddressConflict:
		e.give(index, err)
		return
	case !few:
		e.give(index, netcfg.Errorf(netcfg.Unmanaged, "somebody else keeps setting up %s", now.Name))
		return
	}
	if err := e.make(ctx, r, now, 0, func(netcfg.Stage) {}); err != nil && codeOf(err) != netcfg.NoCarrier {
		e.give(index, err)
	}
}

// give remembers why a link is not as asked for.
func (e *Engine) give(index int, err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if h := e.was[index]; h != nil {
		h.failed, h.again = err, false
	}
}

// mayMend tells whether a link has to be made anew whatever it looks like, and counts
// how often it was not as it should have been.
func (e *Engine) mayMend(index int, wrong error) (again, few bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	h, now := e.was[index], e.o.Now()
	again, h.again = h.again, false
	if wrong != nil && codeOf(wrong) != netcfg.TimedOut {
		h.made = slices.DeleteFunc(h.made, func(t time.Duration) bool { return now-t > mendsIn })
		h.made = append(h.made, now)
	}
	return again, len(h.made) <= mostMends
}

// carriers are the links of records that have a cable, in order.
func (e *Engine) carriers(links []kernel.Link) (with []*record) {
	for _, index := range slices.Sorted(maps.Keys(e.records)) {
		if slices.ContainsFunc(links, func(l kernel.Link) bool { return l.Index == index && l.Carrier }) {
			with = append(with, e.records[index])
		}
	}
	return with
}
