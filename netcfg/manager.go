package netcfg

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"attune/netcfg/boottime"
	"attune/netcfg/kernel"
)

// A Manager is all that may be asked about the network, and asked of it. Whether
// somebody may ask is seen to before. Its methods may be called at any time from
// any goroutine; those that read give what was found last and do not wait.
//
// Every error it gives is an *Error or has one in it.
type Manager struct {
	o    Options
	base context.Context // of all that is done; done when Run has ended
	end  context.CancelFunc

	ready   chan struct{} // closed once everything was looked at
	closing chan struct{} // closed when Run is to end
	looks   chan struct{} // somebody wants a look
	all     sync.WaitGroup
	finding sync.Mutex    // held while engines come and go
	looking sync.Mutex    // held while it is put together how everything is
	beat    pulse         // each change of kernel or engines
	saving  sync.Mutex    // held while profiles are written
	asking  chan struct{} // full while it is found out how far the network reaches
	online  chan struct{} // somebody wants that found out

	mu       sync.Mutex // of all that follows; never held while anybody is waited for
	links    []Link
	routes   []kernel.Route
	primary  int
	engines  []*running // in the order of Finder, the spare one last
	others   time.Duration
	met      bool // an engine beside the spare was there, last at others
	sure     map[identity][]string
	kept     map[string]map[Tier]Profile
	lanes    map[int]*lane
	jobs     map[uint64]*Job
	trans    map[uint64]*Transaction
	parked   []*undo
	serial   uint64
	reach    Connectivity
	portal   string
	seen     Uplink // when how far the network reaches was last asked for
	finished bool   // nothing new begins
}

// Patience with others.
const (
	jobTime    = 90 * time.Second // one change of one link
	askTime    = 10 * time.Second // an engine is asked what it has
	graceTime  = 5 * time.Second  // an engine that was told to stop comes back
	engineTime = time.Minute      // an engine that is gone comes back, while something has to be undone
	spareTime  = 30 * time.Second // the same, before its links are another's
	keepTime   = time.Minute      // jobs and transactions stay after their end
	endTime    = 20 * time.Second // what is open is undone when Run ends
)

// maxRunning is how many jobs run at once, and how many transactions are open.
const maxRunning = 64

// NewManager makes one. It knows nothing before Run.
func NewManager(o Options) *Manager {
	if o.Clock == nil {
		o.Clock = boottime.Clock{}
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.JobTime == 0 {
		o.JobTime = jobTime
	}
	m := &Manager{
		o: o, ready: make(chan struct{}), closing: make(chan struct{}), looks: make(chan struct{}, 1), online: make(chan struct{}, 1), asking: make(chan struct{}, 1),
		sure: map[identity][]string{}, kept: map[string]map[Tier]Profile{}, lanes: map[int]*lane{},
		jobs: map[uint64]*Job{}, trans: map[uint64]*Transaction{}, reach: ConnectivityUnknown,
	}
	m.base, m.end = context.WithCancel(context.Background())
	return m
}

// Run undoes what a process before this one left unconfirmed, finds the engines,
// and follows kernel and engines until the context is done. Then it undoes what is
// not confirmed by now, and comes back. It runs once.
func (m *Manager) Run(ctx context.Context) error {
	defer m.all.Wait()
	defer m.over()
	watch := func(name string, watch func(context.Context, func()) error, changed func()) {
		m.all.Go(func() { m.watch(name, watch, changed) })
	}
	watch("the kernel", m.o.Kernel.Watch, m.stir)
	watch("the managers of networks", m.o.Find.Watch, m.stir)
	m.load()
	for _, t := range m.replay() {
		m.rollback(t)
	}
	if err := m.refresh(); err != nil {
		m.o.Log.Error("looking at the network", "error", err)
	}
	close(m.ready)
	nudge(m.online)
	m.all.Go(m.followOnline)
	for {
		select {
		case <-ctx.Done():
			m.finish()
			return nil
		case <-m.looks:
			m.find()
			if err := m.look(); err != nil {
				m.o.Log.Error("looking at the network", "error", err)
			}
			m.retryParked()
		}
	}
}

// over ends everything that goes on by itself.
func (m *Manager) over() {
	m.finding.Lock() // nobody begins to follow an engine now
	defer m.finding.Unlock()
	m.end()
}

// watch has a watcher watch, and once more when it ends: what it watches may come
// back. Only a broken one costs time.
func (m *Manager) watch(name string, watch func(context.Context, func()) error, changed func()) {
	for pause := time.Second; m.base.Err() == nil; pause = min(2*pause, time.Minute) {
		began := time.Now()
		err := watch(m.base, changed)
		if m.base.Err() != nil {
			return
		}
		m.o.Log.Warn("watching stopped", "what", name, "error", err)
		if time.Since(began) > time.Minute {
			pause = time.Second
		}
		m.pause(pause)
		changed() // whatever was while nobody watched
	}
}

// pause waits, or until all ends.
func (m *Manager) pause(d time.Duration) {
	select {
	case <-m.base.Done():
	case <-time.After(d):
	}
}

// stir says that something changed: who waits for that goes on, and there is a
// look soon.
func (m *Manager) stir() {
	m.beat.beat()
	nudge(m.looks)
}

func nudge(c chan<- struct{}) {
	select {
	case c <- struct{}{}:
	default: // somebody said so already
	}
}

func (m *Manager) tell(w What) {
	if m.o.Changed != nil && w != 0 {
		m.o.Changed(w)
	}
}

// finish ends what is under way: jobs are cancelled, transactions rolled back. What
// takes too long stays in the journal.
func (m *Manager) finish() {
	m.mu.Lock()
	m.finished = true
	var open []*Transaction
	for _, t := range m.trans {
		if t.state == TransactionOpen {
			open = append(open, t)
		}
	}
	jobs := slices.Collect(maps.Values(m.jobs))
	m.mu.Unlock()
	for _, t := range open {
		m.rollback(t)
	}
	for _, j := range jobs {
		j.Cancel()
	}
	over, stop := context.WithTimeout(context.Background(), endTime)
	defer stop()
	for _, t := range open {
		await(over, t.over)
	}
	for _, j := range jobs {
		await(over, j.over)
	}
	close(m.closing)
}

// await waits for something unless the context is done first.
func await(ctx context.Context, done <-chan struct{}) bool {
	select {
	case <-done:
		return true
	case <-ctx.Done():
		return false
	}
}

// awaitReady: who asks for a change right after the program's start need not know
// that it has not looked yet.
func (m *Manager) awaitReady(ctx context.Context) error {
	select {
	case <-m.ready:
	case <-ctx.Done():
		return Errorf(TimedOut, "waiting until everything was looked at: %w", context.Cause(ctx))
	case <-time.After(askTime):
		return Errorf(TimedOut, "the network is still being looked at")
	case <-m.base.Done():
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.finished || m.base.Err() != nil {
		return Errorf(Cancelled, "the service ends")
	}
	return nil
}

// Ready is closed once Run has looked at everything for the first time.
func (m *Manager) Ready() <-chan struct{} { return m.ready }

// Busy tells whether something is under way that ends with the process: a job, or
// an open transaction.
func (m *Manager) Busy() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, l := range m.lanes {
		if l.working() {
			return true
		}
	}
	for _, t := range m.trans {
		if t.state == TransactionOpen || t.state == TransactionRollingBack {
			return true
		}
	}
	return false
}

// Links are all links, by index.
func (m *Manager) Links() []Link {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.links)
}

// Link is one of Links, by its index.
func (m *Manager) Link(index int) (Link, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	i, ok := slices.BinarySearchFunc(m.links, index, func(l Link, index int) int { return cmp.Compare(l.Index, index) })
	if !ok {
		return Link{}, noLink(index)
	}
	return m.links[i], nil
}

func noLink(index int) error { return Errorf(NotFound, "there is no link with the number %d", index) }

// Routes are those of the main table.
func (m *Manager) Routes() []kernel.Route {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.routes)
}

// Engines are the names of those that run.
func (m *Manager) Engines() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	var names []string
	for _, r := range m.engines {
		names = append(names, r.Name())
	}
	return names
}

// Engine is the name of the one that manages links here, the first of Engines; ""
// where there is none.
func (m *Manager) Engine() string {
	if names := m.Engines(); len(names) > 0 {
		return names[0]
	}
	return ""
}

// Primary is the index of the link that leads out of the machine: the one of the
// default route with the least metric, IPv4 before IPv6; 0 where there is none.
func (m *Manager) Primary() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.primary
}

// Proxy is that of the profile in force on the primary link; nil for none.
func (m *Manager) Proxy() *Proxy {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, l := range m.links {
		if l.Index == m.primary && l.Profile != "" {
			if p, _, ok := m.profile(l.Profile); ok {
				return p.Proxy
			}
		}
	}
	return nil
}

// Jobs are those under way, and those that ended less than a minute ago, by ID.
func (m *Manager) Jobs() []*Job {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.SortedFunc(maps.Values(m.jobs), func(a, b *Job) int { return cmp.Compare(a.ID, b.ID) })
}

// Job is one of Jobs, by its ID.
func (m *Manager) Job(id uint64) (*Job, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if j := m.jobs[id]; j != nil {
		return j, nil
	}
	return nil, Errorf(NotFound, "there is no job %d", id)
}

// Transactions are the open ones, and those that ended less than a minute ago, by
// ID.
func (m *Manager) Transactions() []*Transaction {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.SortedFunc(maps.Values(m.trans), func(a, b *Transaction) int { return cmp.Compare(a.ID, b.ID) })
}

// Transaction is one of Transactions, by its ID.
func (m *Manager) Transaction(id uint64) (*Transaction, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if t := m.trans[id]; t != nil {
		return t, nil
	}
	return nil, Errorf(NotFound, "there is no transaction %d", id)
}

// number is a new one, for a job or a transaction. m.mu is held.
func (m *Manager) number() uint64 {
	m.serial++
	return m.serial
}

// A pulse wakes all who wait for the next beat of it.
type pulse struct {
	mu   sync.Mutex
	next chan struct{}
}

// wait is closed by the next beat.
func (p *pulse) wait() <-chan struct{} {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.next == nil {
		p.next = make(chan struct{})
	}
	return p.next
}

func (p *pulse) beat() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.next != nil {
		close(p.next)
		p.next = nil
	}
}

// coded is an error with a code: its own, or that of why the context is done, or
// EngineFailed.
func coded(ctx context.Context, doing string, err error) error {
	if err == nil {
		return nil
	}
	if ctx.Err() != nil {
		if why, ok := errors.AsType[*Error](context.Cause(ctx)); ok {
			return why
		}
		return Errorf(TimedOut, "%s: %w", doing, err)
	}
	if _, ok := errors.AsType[*Error](err); ok {
		return err
	}
	return Errorf(EngineFailed, "%s: %w", doing, err)
}

// codeOf is the code of an error, "" of none.
func codeOf(err error) Code {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Code
	}
	return ""
}
