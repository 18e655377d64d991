package netcfg

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"sync"
	"time"

	"attune/netcfg/kernel"
)

// A TransactionState is what has become of a transaction.
type TransactionState string

// The states of transactions.
const (
	TransactionOpen        TransactionState = "open"
	TransactionRollingBack TransactionState = "rolling-back"
	TransactionConfirmed   TransactionState = "confirmed"
	TransactionRolledBack  TransactionState = "rolled-back"
)

// How long a transaction may be.
const (
	minTime = time.Second
	maxTime = time.Hour
)

// deadmanTime is how much later than we an engine undoes what was not confirmed: we
// know better how, and only need to be there.
const deadmanTime = 30 * time.Second

// A Transaction is changes that are undone unless they are confirmed.
type Transaction struct {
	ID    uint64
	Links []int // indexes
	Owner Owner // of one that a process before this one left: nobody, and so root

	m       *Manager
	over    chan struct{} // closed when it is confirmed or rolled back
	ended   chan struct{} // closed when it is not open any more
	writing sync.Mutex    // held while the journal is written

	state    TransactionState // these under m.mu
	deadline time.Duration    // by the Clock
	undos    []*undo
	profiles []profileBefore
	deadmen  []armed
	errs     []error
}

// State is what has become of it.
func (t *Transaction) State() TransactionState {
	t.m.mu.Lock()
	defer t.m.mu.Unlock()
	return t.state
}

// Left is how long there is to confirm it; 0 when it is not open.
func (t *Transaction) Left() time.Duration {
	t.m.mu.Lock()
	defer t.m.mu.Unlock()
	if t.state != TransactionOpen {
		return 0
	}
	return max(t.deadline-t.m.o.Clock.Now(), 0)
}

// Err is what could not be undone of one that is rolled back.
func (t *Transaction) Err() error {
	t.m.mu.Lock()
	defer t.m.mu.Unlock()
	errs := slices.Clone(t.errs)
	for _, u := range t.undos {
		switch {
		case u.done || !u.ended:
		case u.waiting:
			errs = append(errs, Errorf(EngineGone, "%s is put back as it was when %s is there again", u.link.Name, u.engine))
		default:
			errs = append(errs, Errorf(NotFound, "%s is put back as it was when it is there again", u.link.Name))
		}
	}
	return errors.Join(errs...)
}

// Done is closed when it is confirmed or rolled back.
func (t *Transaction) Done() <-chan struct{} { return t.over }

// Begin starts a transaction: what is done to the links from now on, by Connect,
// Configure, Disconnect, Forget and Delete, is undone after a time, or when the
// owner leaves the bus, or when this program ends, unless Confirm comes first. Only
// the owner may change the links meanwhile: the same Name, the same UID, or root.
func (m *Manager) Begin(links []int, d time.Duration, o Owner) (*Transaction, error) {
	if err := m.awaitReady(context.Background()); err != nil {
		return nil, err
	}
	f, err := m.facts()
	if err != nil {
		return nil, err
	}
	var all []kernel.Link
	for _, index := range links {
		l, ok := f.link(index)
		if !ok || l.Loopback {
			return nil, noLink(index)
		}
		if err := f.refuse(l); err != nil {
			return nil, err
		}
		all = append(all, l)
	}
	switch {
	case len(links) == 0 || len(links) > maxRunning:
		return nil, Errorf(Invalid, "links: %d: want 1 to %d", len(links), maxRunning)
	case len(slices.Compact(slices.Sorted(slices.Values(links)))) != len(links):
		return nil, Errorf(Invalid, "links: one is there twice")
	case d < minTime || d > maxTime:
		return nil, Errorf(Invalid, "seconds: want 1 to %d", maxTime/time.Second)
	case o.left():
		return nil, Errorf(Cancelled, "who asked for it is gone")
	}
	t := &Transaction{Links: slices.Clone(links), Owner: o, m: m, over: make(chan struct{}), ended: make(chan struct{})}
	if err := m.reserve(t, all); err != nil {
		return nil, err
	}
	if err := t.prepare(all, d); err != nil {
		t.abandon()
		return nil, err
	}
	m.mu.Lock()
	t.state, t.deadline = TransactionOpen, m.o.Clock.Now()+d
	m.trans[t.ID] = t
	if m.finished { // it ended meanwhile, and did not see this one
		go m.rollback(t)
	}
	m.mu.Unlock()
	m.tell(TransactionsChanged)
	nudge(m.looks)
	go t.follow(d)
	return t, nil
}

// reserve takes the links, if nothing goes on with any of them.
func (m *Manager) reserve(t *Transaction, links []kernel.Link) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	open := 0
	for _, other := range m.trans {
		if other.state == TransactionOpen || other.state == TransactionRollingBack {
			open++
		}
	}
	if open >= maxRunning {
		return Errorf(Busy, "%d transactions are open already", open)
	}
	for _, l := range links {
		other, err := m.free(l, t.Owner)
		if err != nil {
			return err
		}
		if other != nil {
			return Errorf(Busy, "%s is in another transaction already", l.Name)
		}
	}
	t.ID = m.number()
	for _, l := range links {
		m.laneOf(l.Index).trans = t
	}
	return nil
}

// prepare takes down how the links are, where it outlives this process.
func (t *Transaction) prepare(links []kernel.Link, d time.Duration) error {
	ctx, stop := context.WithTimeoutCause(t.m.base, askTime, Errorf(TimedOut, "nobody said in time how the links are"))
	defer stop()
	undos := make([]*undo, len(links))
	errs := make([]error, len(links))
	engines := make([]*running, len(links))
	var all sync.WaitGroup
	for i, l := range links {
		all.Go(func() {
			undos[i], engines[i], errs[i] = t.snapshot(ctx, l)
		})
	}
	all.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	t.m.mu.Lock()
	t.undos = undos
	t.m.mu.Unlock()
	if err := t.record(); err != nil {
		return err
	}
	if t.arm(ctx, links, engines, d) {
		return t.record()
	}
	return nil
}

func (t *Transaction) snapshot(ctx context.Context, l kernel.Link) (*undo, *running, error) {
	_, r, s, err := t.m.pick(ctx, l.Index)
	switch {
	case err != nil:
		return nil, nil, err
	case r == nil || !s.Settable:
		return nil, nil, Errorf(Unmanaged, "%s cannot be changed: %s", l.Name, s.Why)
	}
	snap, err := within(ctx, func() (json.RawMessage, error) { return r.Snapshot(ctx, l) })
	if err != nil {
		return nil, nil, coded(ctx, "asking "+r.Name()+" how "+l.Name+" is", err)
	}
	return &undo{t: t, link: identityOf(l), engine: r.Name(), snapshot: snap, over: make(chan struct{})}, r, nil
}

// armed is an engine that undoes by itself what it is not kept from in time.
type armed struct {
	Engine string `json:"engine"`
	Token  string `json:"token"`
}

// arm has engines that can undo changes by themselves do so should we not be there.
// One that will not is no reason to change nothing.
func (t *Transaction) arm(ctx context.Context, links []kernel.Link, engines []*running, d time.Duration) (some bool) {
	for i, r := range engines {
		dead, ok := r.Engine.(Deadman)
		if !ok || slices.Index(engines, r) != i {
			continue
		}
		var its []kernel.Link
		for k, l := range links {
			if engines[k] == r {
				its = append(its, l)
			}
		}
		seconds := uint32((d + deadmanTime + time.Second - 1) / time.Second)
		token, err := within(ctx, func() (string, error) { return dead.Arm(ctx, its, seconds) })
		if err != nil {
			t.m.o.Log.Warn("having an engine undo things by itself", "engine", r.Name(), "error", err)
			continue
		}
		t.m.mu.Lock()
		t.deadmen = append(t.deadmen, armed{r.Name(), token})
		t.m.mu.Unlock()
		some = true
	}
	return some
}

// disarm: what an engine would still undo by itself is by now as it shall be. It
// tells whether an engine is left that did not hear of that.
func (t *Transaction) disarm(tries int) (again bool) {
	t.m.mu.Lock()
	deadmen := t.deadmen
	t.m.mu.Unlock()
	var left []armed
	for _, a := range deadmen {
		if !t.disarmOne(a, tries) {
			left = append(left, a)
		}
	}
	t.m.mu.Lock()
	t.deadmen = left
	t.m.mu.Unlock()
	return len(left) > 0
}

// disarmOne: what an engine that is gone had in mind is gone with it.
func (t *Transaction) disarmOne(a armed, tries int) bool {
	for try := range tries {
		r := t.m.named(a.Engine)
		if r == nil {
			return true
		}
		dead, ok := r.Engine.(Deadman)
		if !ok {
			return true
		}
		ctx, stop := context.WithTimeout(t.m.base, graceTime)
		_, err := within(ctx, func() (struct{}, error) { return struct{}{}, dead.Disarm(ctx, a.Token) })
		stop()
		if err == nil {
			return true
		}
		t.m.o.Log.Warn("keeping an engine from undoing things", "engine", a.Engine, "error", err)
		if try+1 < tries {
			t.m.pause(time.Second << try)
		}
	}
	return false
}

// abandon takes back one that did not get as far as to be open.
func (t *Transaction) abandon() {
	t.m.mu.Lock()
	t.free()
	t.m.mu.Unlock()
	t.strike()
	go t.disarm(3)
	nudge(t.m.looks)
}

// free gives the links back. m.mu is held.
func (t *Transaction) free() {
	for index, lane := range t.m.lanes {
		if lane.trans == t {
			lane.trans = nil
			t.m.tidyLane(index)
		}
	}
}

// follow waits for what ends it.
func (t *Transaction) follow(d time.Duration) {
	late, stop := t.m.o.Clock.After(d)
	defer stop()
	var left <-chan struct{}
	if t.Owner.Here != nil {
		left = t.Owner.Here.Done()
	}
	select {
	case <-late:
	case <-left:
	case <-t.ended:
		return
	}
	t.m.rollback(t)
}

// openOn is the open transaction that a link is in, nil for none.
func (m *Manager) openOn(index int) *Transaction {
	m.mu.Lock()
	defer m.mu.Unlock()
	if lane := m.lanes[index]; lane != nil && lane.trans != nil && lane.trans.state == TransactionOpen {
		return lane.trans
	}
	return nil
}

// suits: what another engine does than the one that was asked how the link was could
// not be undone.
func (t *Transaction) suits(l kernel.Link, r *running) error {
	if t == nil {
		return nil
	}
	t.m.mu.Lock()
	defer t.m.mu.Unlock()
	if t.state == TransactionConfirmed {
		return nil
	}
	for _, u := range t.undos {
		if u.link.same(l) && u.engine == r.Name() {
			return nil
		}
	}
	return Errorf(EngineGone, "%s is %s's by now, which cannot undo what it does there", l.Name, r.Name())
}

// Confirm makes what was done final. It may be said again; when it is too late the
// error's code is RolledBack.
func (t *Transaction) Confirm() error {
	t.writing.Lock() // the deadline waits for this, or this for the deadline
	defer t.writing.Unlock()
	t.m.mu.Lock()
	state := t.state
	t.m.mu.Unlock()
	switch state {
	case TransactionOpen:
	case TransactionConfirmed:
		return nil
	default:
		return Errorf(RolledBack, "it is too late: what was done has been undone")
	}
	again := t.disarm(1)                               // first: should we end here all is undone, and by us
	if err := t.m.o.Journal.Remove(t.ID); err != nil { // as long as it is there it would be undone
		return Errorf(EngineFailed, "confirming: %w", err)
	}
	t.end(TransactionConfirmed)
	if again {
		go t.disarm(3)
	}
	return nil
}

// end makes it be over. Who holds writing does that once.
func (t *Transaction) end(s TransactionState) {
	t.m.mu.Lock()
	was := t.state
	t.state = s
	if was == TransactionOpen {
		close(t.ended)
	}
	t.free()
	t.m.mu.Unlock()
	close(t.over)
	t.m.o.Log.Info("transaction", "id", t.ID, "state", s, "error", t.Err())
	time.AfterFunc(keepTime, func() {
		t.m.mu.Lock()
		delete(t.m.trans, t.ID)
		t.m.mu.Unlock()
		t.m.tell(TransactionsChanged)
	})
	t.m.tell(TransactionsChanged)
	nudge(t.m.looks)
}

// Rollback undoes what was done, and comes back when it is. It may be said again;
// what was confirmed stays, and the error's code is Invalid.
func (t *Transaction) Rollback(ctx context.Context) error {
	t.m.rollback(t)
	if t.State() == TransactionConfirmed {
		return Errorf(Invalid, "it was confirmed, and so is final")
	}
	if !await(ctx, t.over) {
		return Errorf(TimedOut, "waiting until all is undone: %w", context.Cause(ctx))
	}
	return t.Err()
}

// rollback begins to undo what was done, if nobody did so already.
func (m *Manager) rollback(t *Transaction) {
	t.writing.Lock()
	m.mu.Lock()
	mine := t.state == TransactionOpen
	if mine {
		t.state = TransactionRollingBack
		close(t.ended)
	}
	m.mu.Unlock()
	t.writing.Unlock()
	if !mine {
		return
	}
	m.tell(TransactionsChanged)
	nudge(m.looks)
	go t.undoAll()
}
