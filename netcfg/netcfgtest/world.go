package netcfgtest

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"attune/netcfg"
)

// A World is all that a Manager touches: the network, engines, a store, a journal.
type World struct {
	Net     *Net
	Engine  *Engine // the first of Finder
	Finder  *Finder
	Store   *Store
	Journal *Journal
}

// NewWorld is one with an engine, and without links but the loopback.
func NewWorld() *World {
	n := NewNet()
	e := NewEngine("fake", n)
	return &World{Net: n, Engine: e, Finder: NewFinder(e), Store: &Store{}, Journal: &Journal{}}
}

// Options are those of a Manager in this world.
func (w *World) Options() netcfg.Options {
	return netcfg.Options{Kernel: w.Net, Root: w.Net.Root, Find: w.Finder, Store: w.Store, Journal: w.Journal, Clock: Clock{}}
}

// Kill ends whatever Manager is in this world as SIGKILL would: nothing it does from
// now on comes about. What is given back is the world as it was at that moment.
// Engines that are more than an Engine are none in it.
func (w *World) Kill() *World {
	w.Net.mu.Lock()
	w.Net.dead = true
	n := &Net{serial: w.Net.serial, links: map[int]*link{}, root: w.Net.root, watchers: map[int]chan struct{}{}}
	for i, l := range w.Net.links {
		c := *l
		n.links[i] = &c
	}
	w.Net.mu.Unlock()
	next := &World{Net: n, Store: w.Store.copy(), Journal: w.Journal.copy(), Finder: &Finder{watchers: map[int]chan struct{}{}}}
	w.Finder.mu.Lock()
	defer w.Finder.mu.Unlock()
	for _, e := range w.Finder.engines {
		if e, ok := e.(*Engine); ok {
			c := e.copy(n)
			if e == w.Engine {
				next.Engine = c
			}
			next.Finder.engines = append(next.Finder.engines, c)
		}
	}
	return next
}

// Start runs a Manager, and is back when it has looked at everything. stop ends it.
func Start(o netcfg.Options) (m *netcfg.Manager, stop func()) {
	m = netcfg.NewManager(o)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		m.Run(ctx) // gives no error but that of its context
	}()
	<-m.Ready()
	return m, sync.OnceFunc(func() {
		cancel()
		<-done
	})
}

// A Finder has the engines that run as a test says.
type Finder struct {
	mu       sync.Mutex
	engines  []netcfg.Engine
	watchers map[int]chan struct{}
	serial   int
}

// NewFinder is one of engines that run.
func NewFinder(engines ...netcfg.Engine) *Finder {
	return &Finder{engines: engines, watchers: map[int]chan struct{}{}}
}

// Engines are those that run.
func (f *Finder) Engines() []netcfg.Engine {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.engines)
}

// Stop has the program of an engine end.
func (f *Finder) Stop(e netcfg.Engine) {
	if p, ok := e.(interface{ stop() }); ok {
		p.stop()
	}
	f.mu.Lock()
	f.engines = slices.DeleteFunc(slices.Clone(f.engines), func(o netcfg.Engine) bool { return o == e })
	f.mu.Unlock()
	f.changed()
}

// Start has it run, after those that run already.
func (f *Finder) Start(e netcfg.Engine) {
	if p, ok := e.(interface{ start() }); ok {
		p.start()
	}
	f.mu.Lock()
	f.engines = append(slices.Clone(f.engines), e)
	f.mu.Unlock()
	f.changed()
}

// Watch calls changed after each change.
func (f *Finder) Watch(ctx context.Context, changed func()) error {
	c := make(chan struct{}, 1)
	f.mu.Lock()
	f.serial++
	id := f.serial
	f.watchers[id] = c
	f.mu.Unlock()
	defer func() {
		f.mu.Lock()
		delete(f.watchers, id)
		f.mu.Unlock()
	}()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-c:
			changed()
		}
	}
}

func (f *Finder) changed() {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, c := range f.watchers {
		select {
		case c <- struct{}{}:
		default:
		}
	}
}

// A Store keeps profiles in memory.
type Store struct {
	mu   sync.Mutex
	all  map[netcfg.Tier]map[string]netcfg.Profile
	Fail map[netcfg.Tier]error // of each Put there
	Lost error                 // of Load, besides what it gives
}

// Load gives all.
func (s *Store) Load() (all []netcfg.Kept, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for tier, profiles := range s.all {
		for _, p := range profiles {
			all = append(all, netcfg.Kept{Tier: tier, Profile: p})
		}
	}
	return all, s.Lost
}

// Put keeps one.
func (s *Store) Put(t netcfg.Tier, p netcfg.Profile) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.Fail[t]; err != nil {
		return err
	}
	if s.all == nil {
		s.all = map[netcfg.Tier]map[string]netcfg.Profile{}
	}
	if s.all[t] == nil {
		s.all[t] = map[string]netcfg.Profile{}
	}
	s.all[t][p.ID] = p
	return nil
}

// Remove takes one away.
func (s *Store) Remove(t netcfg.Tier, id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.all[t], id)
	return nil
}

// Has tells whether one is kept in a tier.
func (s *Store) Has(t netcfg.Tier, id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, ok := s.all[t][id]
	return ok
}

func (s *Store) copy() *Store {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := &Store{all: map[netcfg.Tier]map[string]netcfg.Profile{}, Fail: maps.Clone(s.Fail)}
	for t, profiles := range s.all {
		c.all[t] = maps.Clone(profiles)
	}
	return c
}

// A Journal is in memory.
type Journal struct {
	mu  sync.Mutex
	all map[uint64][]byte
	err error
}

// Break has Put and Remove fail, with nil no more.
func (j *Journal) Break(err error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.err = err
}

// Put writes an entry.
func (j *Journal) Put(id uint64, entry []byte) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.err != nil {
		return j.err
	}
	if j.all == nil {
		j.all = map[uint64][]byte{}
	}
	j.all[id] = slices.Clone(entry)
	return nil
}

// Remove takes one away.
func (j *Journal) Remove(id uint64) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.err != nil {
		return j.err
	}
	delete(j.all, id)
	return nil
}

// Entries are all.
func (j *Journal) Entries() (map[uint64][]byte, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return maps.Clone(j.all), nil
}

func (j *Journal) copy() *Journal {
	j.mu.Lock()
	defer j.mu.Unlock()
	return &Journal{all: maps.Clone(j.all)}
}

// A Clock is the time of testing/synctest, or the usual one.
type Clock struct{}

// Now is the time of day, which never stands still here.
func (Clock) Now() time.Duration { return time.Duration(time.Now().UnixNano()) }

// After closes a channel at the end of a time.
func (Clock) After(d time.Duration) (<-chan struct{}, func()) {
	c := make(chan struct{})
	t := time.AfterFunc(d, func() { close(c) })
	return c, func() { t.Stop() }
}
