package netcfg

import (
	"encoding/json"
	"fmt"
	"slices"
)

// entry is a transaction as the journal has it.
type entry struct {
	Links    []entryLink     `json:"links"` // those that are not yet undone
	Profiles []profileBefore `json:"profiles,omitempty"`
	Deadmen  []armed         `json:"deadmen,omitempty"`
}

type entryLink struct {
	identity
	Engine   string          `json:"engine"`
	Snapshot json.RawMessage `json:"snapshot"`
}

// profileBefore is a profile as it was before the first change of it.
type profileBefore struct {
	ID  string           `json:"id"`
	Was map[Tier]Profile `json:"was,omitempty"` // without the image's
}

// record writes the transaction to the journal, as it is now.
func (t *Transaction) record() error {
	t.writing.Lock()
	defer t.writing.Unlock()
	return t.recordLocked()
}

func (t *Transaction) recordLocked() error {
	t.m.mu.Lock()
	e := entry{Profiles: t.profiles, Deadmen: t.deadmen}
	for _, u := range t.undos {
		if !u.done {
			e.Links = append(e.Links, entryLink{u.link, u.engine, u.snapshot})
		}
	}
	text, err := json.Marshal(e)
	t.m.mu.Unlock()
	if err == nil {
		err = t.m.o.Journal.Put(t.ID, text)
	}
	if err != nil {
		return Errorf(EngineFailed, "taking down how to undo it: %w", err)
	}
	return nil
}

// strike takes the transaction out of the journal.
func (t *Transaction) strike() {
	if err := t.m.o.Journal.Remove(t.ID); err != nil {
		t.m.o.Log.Error("taking a transaction out of the journal", "id", t.ID, "error", err)
	}
}

// remember takes down what a profile is before the first change of it. m.saving is
// held. In a transaction that is over by now nothing begins, and in one that is
// confirmed all is final.
func (t *Transaction) remember(id string) error {
	t.writing.Lock()
	defer t.writing.Unlock()
	was := t.m.copies(id)
	t.m.mu.Lock()
	state := t.state
	known := slices.ContainsFunc(t.profiles, func(b profileBefore) bool { return b.ID == id })
	if state == TransactionOpen && !known {
		t.profiles = append(t.profiles, profileBefore{id, was})
	}
	t.m.mu.Unlock()
	switch {
	case state == TransactionConfirmed:
		return nil
	case state != TransactionOpen:
		return Errorf(RolledBack, "it is too late: what was done is being undone")
	case known:
		return nil
	}
	return t.recordLocked()
}

// replay finds what a process before this one did not see confirmed. Its links are
// nobody else's until it is undone.
func (m *Manager) replay() (left []*Transaction) {
	entries, err := m.o.Journal.Entries()
	if err != nil {
		m.o.Log.Error("reading the journal", "error", err)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for id, text := range entries {
		t, err := m.read(id, text)
		if err != nil {
			m.o.Log.Error("reading the journal", "id", id, "error", err)
			if err := m.o.Journal.Remove(id); err != nil {
				m.o.Log.Error("taking a transaction out of the journal", "id", id, "error", err)
			}
			continue
		}
		m.serial = max(m.serial, id)
		m.trans[id] = t
		for _, index := range t.Links {
			m.laneOf(index).trans = t
		}
		left = append(left, t)
	}
	return left
}

// read is a transaction of the journal, open as it was.
func (m *Manager) read(id uint64, text []byte) (*Transaction, error) {
	var e entry
	if err := json.Unmarshal(text, &e); err != nil {
		return nil, fmt.Errorf("the entry is damaged: %w", err)
	}
	t := &Transaction{
		ID: id, m: m, over: make(chan struct{}), ended: make(chan struct{}), state: TransactionOpen, deadline: m.o.Clock.Now(),
		profiles: e.Profiles, deadmen: e.Deadmen,
	}
	for _, l := range e.Links {
		t.Links = append(t.Links, l.Index)
		t.undos = append(t.undos, &undo{t: t, link: l.identity, engine: l.Engine, snapshot: l.Snapshot, over: make(chan struct{})})
	}
	return t, nil
}
