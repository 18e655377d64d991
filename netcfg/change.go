package netcfg

import (
	"context"
	"errors"
	"sync"

	"attune/netcfg/kernel"
)

// Connect makes a link be as a profile says; without an ID as the one says that
// fits best.
func (m *Manager) Connect(link int, id string, o Owner) (*Job, error) {
	return m.start(link, VerbConnect, o, func(l kernel.Link) (step, error) {
		p, err := m.profileFor(l, id)
		if err != nil {
			return step{}, err
		}
		return step{p.ID, func(ctx context.Context, c *change) error { return c.up(ctx, p) }}, nil
	})
}

// profileFor is a profile by its ID that fits a link, or the best one.
func (m *Manager) profileFor(l kernel.Link, id string) (Profile, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if id == "" {
		if p, ok := m.best(l); ok {
			return p, nil
		}
		return Profile{}, Errorf(NotFound, "no profile says how %s shall be", l.Name)
	}
	p, _, ok := m.profile(id)
	switch {
	case !ok:
		return p, noProfile(id)
	case !wired(l):
		return p, Errorf(Unsupported, "%s is no wired link", l.Name)
	case p.Link != Match{} && fit(p, l) == 0: // one for any link may be asked for on one that it would not come to by itself
		return p, Errorf(Invalid, "the profile %s is for another link than %s", id, l.Name)
	}
	return p, nil
}

// Configure makes the link's own profile be this one, and connects it. The ID and
// the match of the profile do not count; secrets left empty stay what they were.
// What the engine will not have at all, or what was cancelled, is not kept.
func (m *Manager) Configure(link int, p Profile, o Owner) (*Job, error) {
	return m.start(link, VerbConfigure, o, func(l kernel.Link) (step, error) {
		if !wired(l) {
			return step{}, Errorf(Unsupported, "%s is no wired link", l.Name)
		}
		own := bind(p, l)
		own.ID = ownID(l)
		if own.Name == "" {
			own.Name = l.Name
		}
		if own.Kind == "" {
			own.Kind = Wired
		}
		if old, err := m.Secrets(own.ID); err == nil {
			own = own.MergeSecrets(old)
		}
		if err := own.Check(); err != nil {
			return step{}, err
		}
		return step{own.ID, func(ctx context.Context, c *change) error { return c.configure(ctx, own) }}, nil
	})
}

// configure keeps a profile before it is in force, so that nothing is in force that
// nobody knows of.
func (c *change) configure(ctx context.Context, p Profile) error {
	was := c.m.copies(p.ID)
	if err := c.keep(p); err != nil {
		return err
	}
	err := c.up(ctx, p)
	switch codeOf(coded(ctx, "", err)) {
	case Unsupported, Unmanaged, Protected, Invalid, Cancelled, NotFound, Busy:
		c.m.saving.Lock()
		defer c.m.saving.Unlock()
		if back := c.m.putBack(p.ID, was); back != nil {
			c.m.o.Log.Error("putting a profile back as it was", "profile", p.ID, "error", back)
		}
	}
	return err
}

// keep writes a profile, and before that what it was where that may be undone.
func (c *change) keep(p Profile) error {
	c.m.saving.Lock()
	defer c.m.saving.Unlock()
	if c.trans != nil {
		if err := c.trans.remember(p.ID); err != nil {
			return err
		}
	}
	return c.m.put(RunTier, p)
}

// up has whoever manages the link make it be as a profile says.
func (c *change) up(ctx context.Context, p Profile) error {
	p = bind(p, c.link)
	r, err := c.owner(ctx)
	if err != nil {
		return err
	}
	return c.act(ctx, r, &p, func(ctx context.Context, g Guard) error { return r.Up(ctx, c.link, p, g, c.progress) })
}

// owner is the engine whose the link is, if that may change it.
func (c *change) owner(ctx context.Context) (*running, error) {
	_, r, s, err := c.m.pick(ctx, c.link.Index)
	switch {
	case err != nil:
		return nil, err
	case r == nil || !s.Settable:
		return nil, Errorf(Unmanaged, "%s cannot be changed: %s", c.link.Name, s.Why)
	}
	return r, c.trans.suits(c.link, r)
}

// Disconnect takes a link's addresses away, until Connect.
func (m *Manager) Disconnect(link int, o Owner) (*Job, error) {
	return m.start(link, VerbDisconnect, o, func(kernel.Link) (step, error) {
		return step{"", func(ctx context.Context, c *change) error {
			r, err := c.owner(ctx)
			if err != nil {
				return err
			}
			return c.act(ctx, r, nil, func(ctx context.Context, _ Guard) error { return r.Down(ctx, c.link) })
		}}, nil
	})
}

// Forget makes a link be as the image has it, and takes its own profile away as far
// as that lasts until the machine is switched off.
func (m *Manager) Forget(link int, o Owner) (*Job, error) {
	return m.start(link, VerbForget, o, func(l kernel.Link) (step, error) {
		s, err := forget(l)
		return step{"", func(ctx context.Context, c *change) error {
			if err := s.do(ctx, c); err != nil {
				return err
			}
			return c.lose(ownID(l))
		}}, err
	})
}

// forget has each engine that left something of ours on a link take it away; where
// two manage it that is the way out.
func forget(kernel.Link) (step, error) {
	return step{"", func(ctx context.Context, c *change) error {
		all, owner, s, err := c.m.pick(ctx, c.link.Index)
		if err != nil {
			return err
		}
		var with []*running
		for _, s := range all {
			if s.Profile != "" {
				with = append(with, s.running)
			}
		}
		if len(with) == 0 && owner != nil && s.Settable {
			with = append(with, owner)
		}
		for _, r := range with {
			if err := c.trans.suits(c.link, r); err != nil {
				return err
			}
			if err := c.act(ctx, r, nil, func(ctx context.Context, _ Guard) error { return r.Forget(ctx, c.link) }); err != nil {
				return err
			}
		}
		return nil
	}}, nil
}

// lose takes a profile away until the machine is switched off.
func (c *change) lose(id string) error {
	c.m.saving.Lock()
	defer c.m.saving.Unlock()
	if c.trans != nil {
		if err := c.trans.remember(id); err != nil {
			return err
		}
	}
	return c.m.drop(RunTier, id)
}

// Restore connects the links that profiles say shall be, as after the machine was
// switched on. It comes back when each is, or cannot be. Those that must be left
// alone, and those that somebody is changing, are left out.
func (m *Manager) Restore(ctx context.Context) error {
	if err := m.awaitReady(ctx); err != nil {
		return err
	}
	if err := m.refresh(); err != nil {
		return err
	}
	var all sync.WaitGroup
	var mu sync.Mutex
	var errs []error
	for _, l := range m.Links() {
		m.mu.Lock()
		p, ok := m.best(l.Link)
		m.mu.Unlock()
		if !ok || l.Profile == p.ID || len(l.Protected) > 0 || !l.Settable {
			continue
		}
		all.Go(func() {
			j, err := m.Connect(l.Index, p.ID, Owner{})
			if err == nil {
				err = waitFor(ctx, j)
			}
			if code := codeOf(err); err != nil && code != Busy && code != Protected {
				mu.Lock()
				defer mu.Unlock()
				errs = append(errs, err)
			}
		})
	}
	all.Wait()
	return errors.Join(errs...)
}
