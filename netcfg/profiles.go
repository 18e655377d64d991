package netcfg

import (
	"cmp"
	"context"
	"crypto/rand"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// maxProfiles is how many there are at most until the machine is switched off.
const maxProfiles = 256

// tiers are all, that which counts first.
var tiers = []Tier{RunTier, StateTier, ImageTier}

// load reads the profiles. One that says what cannot be is none.
func (m *Manager) load() {
	all, err := m.o.Store.Load()
	if err != nil {
		m.o.Log.Error("reading profiles", "error", err)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, k := range all {
		if err := k.Profile.Check(); err != nil || k.Profile.ID == "" {
			m.o.Log.Error("a profile that cannot be", "tier", k.Tier, "id", k.Profile.ID, "error", err)
			continue
		}
		m.keep(k.Tier, k.Profile)
	}
}

// keep knows of a profile. m.mu is held.
func (m *Manager) keep(t Tier, p Profile) {
	if m.kept[p.ID] == nil {
		m.kept[p.ID] = map[Tier]Profile{}
	}
	m.kept[p.ID][t] = p
}

// profile is one as it counts. m.mu is held.
func (m *Manager) profile(id string) (Profile, Tier, bool) {
	for _, t := range tiers {
		if p, ok := m.kept[id][t]; ok {
			return p, t, true
		}
	}
	return Profile{}, "", false
}

func noProfile(id string) error { return Errorf(NotFound, "there is no profile %.80q", id) }

// stored is a profile for everybody to see. m.mu is held.
func (m *Manager) stored(id string) (Stored, bool) {
	p, tier, ok := m.profile(id)
	_, persistent := m.kept[id][StateTier]
	_, image := m.kept[id][ImageTier]
	return Stored{Profile: p.WithoutSecrets(), Persistent: persistent, ReadOnly: image, Changed: tier == RunTier}, ok
}

// Profiles are all profiles, without secrets, by ID.
func (m *Manager) Profiles() []Stored {
	m.mu.Lock()
	defer m.mu.Unlock()
	var all []Stored
	for id := range m.kept {
		if s, ok := m.stored(id); ok {
			all = append(all, s)
		}
	}
	slices.SortFunc(all, func(a, b Stored) int { return cmp.Compare(a.ID, b.ID) })
	return all
}

// Profile is one of Profiles, by its ID.
func (m *Manager) Profile(id string) (Stored, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if s, ok := m.stored(id); ok {
		return s, nil
	}
	return Stored{}, noProfile(id)
}

// Secrets is a profile with its secrets.
func (m *Manager) Secrets(id string) (Profile, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if p, _, ok := m.profile(id); ok {
		return p, nil
	}
	return Profile{}, noProfile(id)
}

// Add keeps a profile until the machine is switched off, under the ID it gives,
// which is a new one where the profile has none.
func (m *Manager) Add(ctx context.Context, p Profile) (id string, err error) {
	if err := m.awaitReady(ctx); err != nil {
		return "", err
	}
	if p.ID == "" {
		p.ID = "p-" + strings.ToLower(rand.Text()[:16])
	}
	if err := p.Check(); err != nil {
		return "", err
	}
	m.saving.Lock()
	defer m.saving.Unlock()
	if _, err := m.Secrets(p.ID); err == nil {
		return "", Errorf(Invalid, "id: there is a profile %s already", p.ID)
	}
	return p.ID, m.put(RunTier, p)
}

// Update changes a profile until the machine is switched off: one that is
// Persistent is next time as it was, unless Persist comes after. Secrets that are
// left empty stay what they were. A link it is in force on stays as it is until
// Connect.
func (m *Manager) Update(ctx context.Context, id string, p Profile) error {
	if err := m.awaitReady(ctx); err != nil {
		return err
	}
	m.saving.Lock()
	defer m.saving.Unlock()
	old, err := m.Secrets(id)
	if err != nil {
		return err
	}
	if p.ID != "" && p.ID != id {
		return Errorf(Invalid, "id: it stays %s", id)
	}
	p.ID = id
	p = p.MergeSecrets(old)
	if err := p.Check(); err != nil {
		return err
	}
	return m.put(RunTier, p)
}

// Persist keeps a profile, as it is now, for when the machine is switched on again.
func (m *Manager) Persist(ctx context.Context, id string) error {
	if err := m.awaitReady(ctx); err != nil {
		return err
	}
	m.saving.Lock()
	defer m.saving.Unlock()
	p, err := m.Secrets(id)
	if err != nil {
		return err
	}
	if err := m.put(StateTier, p); err != nil {
		return err
	}
	return m.drop(RunTier, id)
}

// Delete takes a profile away wherever it is kept, but for what the image brings,
// after the links it is in force on have been given back what the image has.
func (m *Manager) Delete(ctx context.Context, id string, o Owner) error {
	if err := m.awaitReady(ctx); err != nil {
		return err
	}
	s, err := m.Profile(id)
	if err != nil {
		return err
	}
	if s.ReadOnly && !s.Persistent && !s.Changed {
		return Errorf(Unsupported, "the profile %s comes with the image", id)
	}
	if err := m.refresh(); err != nil {
		return err
	}
	var in []*Transaction
	for _, l := range m.Links() {
		if l.Profile != id {
			continue
		}
		j, err := m.start(l.Index, VerbForget, o, forget)
		if err != nil {
			return err
		}
		if err := waitFor(ctx, j); err != nil {
			return err
		}
		if t := m.openOn(l.Index); t != nil {
			in = append(in, t)
		}
	}
	m.saving.Lock()
	defer m.saving.Unlock()
	for _, t := range in {
		if err := t.remember(id); err != nil {
			return err
		}
	}
	if err := m.drop(StateTier, id); err != nil {
		return err
	}
	return m.drop(RunTier, id)
}

// waitFor is how a job ends, or the context does.
func waitFor(ctx context.Context, j *Job) error {
	if !await(ctx, j.over) {
		return Errorf(TimedOut, "waiting for %s: %w", j.Name, context.Cause(ctx))
	}
	return j.Err()
}

// put writes a profile and knows of it. m.saving is held.
func (m *Manager) put(t Tier, p Profile) error {
	m.mu.Lock()
	n := 0
	for id, kept := range m.kept {
		if _, ok := kept[t]; ok && id != p.ID {
			n++
		}
	}
	m.mu.Unlock()
	if n >= maxProfiles {
		return Errorf(Busy, "there are %d profiles already, as many as are kept", n)
	}
	if err := m.o.Store.Put(t, p); err != nil {
		return storeError(t, "keeping the profile "+p.ID, err)
	}
	m.mu.Lock()
	m.keep(t, p)
	m.mu.Unlock()
	m.tell(ProfilesChanged)
	nudge(m.looks)
	return nil
}

// drop takes a profile away from one tier. m.saving is held.
func (m *Manager) drop(t Tier, id string) error {
	m.mu.Lock()
	_, ok := m.kept[id][t]
	m.mu.Unlock()
	if !ok {
		return nil
	}
	if err := m.o.Store.Remove(t, id); err != nil {
		return storeError(t, "taking the profile "+id+" away", err)
	}
	m.mu.Lock()
	if delete(m.kept[id], t); len(m.kept[id]) == 0 {
		delete(m.kept, id)
	}
	m.mu.Unlock()
	m.tell(ProfilesChanged)
	nudge(m.looks)
	return nil
}

// storeError: a place that outlives the machine's being switched off may not be
// there at all, which is not an error of who asked.
func storeError(t Tier, doing string, err error) error {
	switch {
	case codeOf(err) != "":
		return err
	case t == StateTier:
		return Errorf(NoStore, "%s: %w", doing, err)
	}
	return Errorf(EngineFailed, "%s: %w", doing, err)
}

// copies are a profile as it is kept now, where it can be written.
func (m *Manager) copies(id string) map[Tier]Profile {
	m.mu.Lock()
	defer m.mu.Unlock()
	all := maps.Clone(m.kept[id])
	delete(all, ImageTier)
	return all
}

// putBack makes what is kept of a profile be as it was. m.saving is held.
func (m *Manager) putBack(id string, was map[Tier]Profile) error {
	for _, t := range []Tier{RunTier, StateTier} {
		p, ok := was[t]
		now, still := m.copies(id)[t]
		var err error
		switch {
		case ok && !(still && reflect.DeepEqual(now, p)):
			err = m.put(t, p)
		case !ok && still:
			err = m.drop(t, id)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
