package netcfg

import (
	"context"
	"slices"
	"sync"
	"time"

	"attune/netcfg/kernel"
)

// An undo is what makes one link of a transaction be as it was.
type undo struct {
	t        *Transaction
	link     identity
	engine   string // name of the one that made the snapshot, and can read it
	snapshot []byte
	over     chan struct{} // closed when it is done, failed or parked for the first time

	done    bool // these under Manager.mu: nothing is to be done any more
	ended   bool // over is closed
	waiting bool // parked as the engine is gone, not the link
}

// Patience of an undo.
const (
	yieldTime   = 10 * time.Second // a job that was told to end leaves the link
	restoreTime = time.Minute      // one call of Restore
	maxTries    = 3                // of Restore, before Forget
	maxGone     = 30               // the same, while the engine is there and says that it is gone
)

// undoAll undoes a transaction: profiles first, so that nothing brings back what was
// in them, then all links at once.
func (t *Transaction) undoAll() {
	t.m.profilesBack(t)
	t.m.mu.Lock()
	undos := slices.Clone(t.undos)
	t.m.mu.Unlock()
	var all sync.WaitGroup
	for _, u := range undos {
		all.Go(func() {
			t.m.seize(u)
			go t.m.attempt(u)
			<-u.over
		})
	}
	all.Wait()
	t.disarm(3)
	t.settle()
	t.writing.Lock()
	defer t.writing.Unlock()
	t.end(TransactionRolledBack)
}

// settle has the journal hold what could not be undone so far, and no more.
func (t *Transaction) settle() {
	t.m.mu.Lock()
	left := slices.ContainsFunc(t.undos, func(u *undo) bool { return !u.done })
	t.m.mu.Unlock()
	if !left {
		t.strike()
		return
	}
	if err := t.record(); err != nil {
		t.m.o.Log.Error("writing the journal", "id", t.ID, "error", err)
	}
}

func (m *Manager) profilesBack(t *Transaction) {
	m.saving.Lock()
	defer m.saving.Unlock()
	m.mu.Lock()
	before := slices.Clone(t.profiles)
	m.mu.Unlock()
	for _, b := range before {
		if err := m.putBack(b.ID, b.Was); err != nil {
			m.o.Log.Error("putting a profile back as it was", "profile", b.ID, "error", err)
			m.mu.Lock()
			t.errs = append(t.errs, err)
			m.mu.Unlock()
		}
	}
	m.mu.Lock()
	t.profiles = nil // the journal need not have them put back a second time, over what others made of them
	m.mu.Unlock()
}

// seize ends the job that works on a link, and waits for a while until it has left.
// One that does not has to do so while the link is undone; see attempt.
func (m *Manager) seize(u *undo) {
	m.mu.Lock()
	lane := m.laneOf(u.link.Index)
	if lane.job != nil {
		lane.job.cancel(Errorf(RolledBack, "what it is part of is being undone"))
	}
	call := lane.call
	m.mu.Unlock()
	if call == nil {
		return
	}
	ctx, stop := context.WithTimeout(m.base, yieldTime)
	defer stop()
	await(ctx, call)
}

// attempt undoes the changes of one link. Where the link is gone, or its engine for
// longer than there is patience, the rest waits until they are there again.
func (m *Manager) attempt(u *undo) {
	m.mu.Lock()
	if u.done || m.base.Err() != nil {
		m.mu.Unlock()
		return
	}
	index := u.link.Index
	m.laneOf(index).undo = u
	m.mu.Unlock()
	park, err := m.restore(u)
	m.mu.Lock()
	lane := m.laneOf(index)
	straggler := lane.call
	if park != notParked {
		straggler = nil
	}
	if straggler == nil {
		lane.undo = nil
		m.tidyLane(index)
	}
	switch {
	case park != notParked:
		u.waiting = park == forEngine
		m.parked = append(m.parked, u)
	default:
		u.done = true
		if err != nil {
			u.t.errs = append(u.t.errs, err)
		}
	}
	first := !u.ended
	u.ended = true
	m.mu.Unlock()
	m.o.Log.Info("undoing", "transaction", u.t.ID, "link", u.link.Name, "engine", u.engine, "waits", park != notParked, "error", err)
	if straggler != nil {
		m.again(u, straggler)
	}
	if first {
		close(u.over)
	} else if park == notParked {
		u.t.settle()
	}
	nudge(m.looks)
}

// again undoes once more what a call may have done that was under way all the while:
// nobody knows which of the two was last. The link is free only then.
func (m *Manager) again(u *undo, call <-chan struct{}) {
	m.mu.Lock()
	u.done = false
	m.mu.Unlock()
	go func() {
		if await(m.base, call) {
			m.attempt(u)
		}
	}()
}

// How an undo waits.
type parking int

const (
	notParked parking = iota
	forLink
	forEngine
)

// restore undoes the changes of one link as soon as it and its engine are there.
func (m *Manager) restore(u *undo) (park parking, err error) {
	patience, stop := context.WithTimeout(m.base, engineTime)
	defer stop()
	for tries, gone := 0, 0; ; {
		beat := m.beat.wait()
		f, ferr := m.facts()
		if ferr != nil {
			err = ferr
		} else if l, ok := u.find(f.links); !ok || l.Index != u.link.Index { // that is seen to when it comes back
			return forLink, err
		} else if err := f.refuse(l); err != nil {
			return notParked, err
		} else if r := m.named(u.engine); r != nil {
			if err = m.restoreOnce(u, r, l, f); err == nil {
				return notParked, nil
			}
			if m.base.Err() != nil {
				return forEngine, err
			}
			if gone++; codeOf(err) != EngineGone {
				tries++
			}
			if tries >= maxTries || gone >= maxGone {
				return notParked, m.giveUp(r, l, err)
			}
			m.o.Log.Warn("undoing", "link", l.Name, "engine", r.Name(), "error", err)
		}
		select {
		case <-beat:
		case <-time.After(time.Second << tries):
		case <-m.closing:
			return forEngine, err
		case <-patience.Done():
			return forEngine, err
		}
	}
}

// find is the link that an undo is for, if it is there.
func (u *undo) find(links []kernel.Link) (kernel.Link, bool) {
	var other kernel.Link
	ok := false
	for _, l := range links {
		if u.link.same(l) {
			if l.Index == u.link.Index {
				return l, true
			}
			other, ok = l, true
		}
	}
	return other, ok
}

func (m *Manager) restoreOnce(u *undo, r *running, l kernel.Link, f facts) error {
	ctx, stop := context.WithTimeoutCause(m.base, restoreTime, Errorf(TimedOut, "%s did not put %s back in time", r.Name(), l.Name))
	defer stop()
	if err := m.protect(ctx, r, f); err != nil {
		return err
	}
	return coded(ctx, "putting "+l.Name+" back", m.safely(func() error { return r.Restore(ctx, l, u.snapshot) }))
}

// giveUp leaves the link as the image has it, which is better than as somebody tried
// and did not keep.
func (m *Manager) giveUp(r *running, l kernel.Link, why error) error {
	ctx, stop := context.WithTimeout(m.base, restoreTime)
	defer stop()
	if err := m.safely(func() error { return r.Forget(ctx, l) }); err != nil {
		m.o.Log.Error("leaving a link as the image has it", "link", l.Name, "engine", r.Name(), "error", err)
	}
	return why
}

// named is an engine that runs, by its name.
func (m *Manager) named(name string) *running {
	m.find()
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, r := range m.engines {
		if r.Name() == name {
			return r
		}
	}
	return nil
}

// awaited: something waits to be undone on a link that has come back, which goes
// first. What waits for an engine has done so for longer than anybody wants to; who
// changes the link now knows how it is to be. m.mu is held.
func (m *Manager) awaited(l kernel.Link) bool {
	soon := false
	m.parked = slices.DeleteFunc(m.parked, func(u *undo) bool {
		if !u.link.same(l) {
			return false
		}
		if u.waiting {
			u.done = true
			go u.t.settle()
			return true
		}
		soon = true
		return false
	})
	if soon {
		nudge(m.looks)
	}
	return soon
}

// retryParked goes on with what can be undone now.
func (m *Manager) retryParked() {
	m.mu.Lock()
	var go_ []*undo
	m.parked = slices.DeleteFunc(m.parked, func(u *undo) bool {
		links := make([]kernel.Link, len(m.links))
		for i, l := range m.links {
			links[i] = l.Link
		}
		l, ok := u.find(links)
		engine := slices.ContainsFunc(m.engines, func(r *running) bool { return r.Name() == u.engine })
		if !ok || !engine || m.lanes[l.Index].working() {
			return false
		}
		u.link.Index = l.Index
		m.laneOf(l.Index).undo = u
		go_ = append(go_, u)
		return true
	})
	m.mu.Unlock()
	for _, u := range go_ {
		go m.attempt(u)
	}
}
