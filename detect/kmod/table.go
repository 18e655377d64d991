package kmod

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"sync"
)

// A table is one of depmod's indexes: the binary file, or what its text twin
// says when the binary one is absent or damaged. It is opened at first use.
type table struct {
	fsys fs.FS
	dir  string
	bin  string                            // "modules.alias.bin"
	text string                            // "modules.alias"
	read func(b *trieBuilder, text []byte) // puts the text twin into a trie

	// optional tables are late additions to depmod; whatever is wrong with
	// one of them, it counts as absent, as libkmod has it.
	optional bool

	mu      sync.RWMutex
	state   tableState
	file    mapping
	trie    *trie
	problem error
}

type tableState int

const (
	tableNew tableState = iota
	tableBinary
	tableText
	tableAbsent
	tableClosed
)

var errClosed = errors.New("module index is closed")

// get gives the first value of key.
func (t *table) get(key string) (text string, found bool, err error) {
	err = t.use(func(tr *trie) (err error) {
		text, found, err = tr.get(key)
		return err
	})
	return text, found, err
}

// match gives the values of every pattern that name fits.
func (t *table) match(name string) (out []value, err error) {
	err = t.use(func(tr *trie) (err error) {
		out, err = tr.match(name)
		return err
	})
	return out, err
}

// use runs do on the table, a second time on the text twin when the binary
// file turns out to be damaged. An absent table answers nothing.
func (t *table) use(do func(*trie) error) error {
	err := t.once(do)
	if errors.Is(err, ErrCorrupt) && t.mend(err) {
		err = t.once(do)
	}
	if t.optional && !errors.Is(err, errClosed) {
		return nil
	}
	return err
}

func (t *table) once(do func(*trie) error) error {
	t.mu.RLock()
	if t.state == tableNew {
		t.mu.RUnlock()
		t.load()
		t.mu.RLock()
	}
	defer t.mu.RUnlock()
	switch t.state {
	case tableClosed:
		return errClosed
	case tableAbsent:
		return nil
	}
	if t.trie == nil {
		return t.problem
	}
	if err := do(t.trie); err != nil {
		return fmt.Errorf("searching %s: %w", path.Join(t.dir, t.bin), err)
	}
	return nil
}

// load opens the binary file, or builds from the text when there is none that
// can be read.
func (t *table) load() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.state != tableNew {
		return
	}
	name := path.Join(t.dir, t.bin)
	file, err := openMapping(t.fsys, name)
	if err == nil {
		t.state, t.file = tableBinary, file
		t.trie, err = openTrie(file.data)
	}
	if err == nil {
		return
	}
	if !errors.Is(err, fs.ErrNotExist) {
		t.state = tableBinary
		t.problem = fmt.Errorf("opening %s: %w", name, err)
	}
	t.loadText()
}

// openTrie reads the header of what may be mapped memory.
func openTrie(data []byte) (tr *trie, err error) {
	defer guard(&err)
	defer faults()()
	return newTrie(data)
}

// loadText replaces whatever the table has by its text twin.
func (t *table) loadText() {
	name := path.Join(t.dir, t.text)
	text, err := fs.ReadFile(t.fsys, name)
	switch {
	case err != nil && t.state == tableBinary:
		return // what is wrong with the binary file is said already
	case errors.Is(err, fs.ErrNotExist):
		t.state = tableAbsent
		return
	case err != nil:
		t.state, t.problem = tableText, fmt.Errorf("opening %s: %w", name, err)
		return
	}
	var b trieBuilder
	t.read(&b, text)
	t.trie, _ = newTrie(b.bytes())
	t.state = tableText
	t.file.close()
}

// mend goes over to the text twin because of why, and reports whether there
// is one.
func (t *table) mend(why error) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.state == tableBinary {
		t.problem = why
		t.loadText()
	}
	return t.state == tableText
}

// fault tells what was wrong with the binary file.
func (t *table) fault() error {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.problem
}

func (t *table) close() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.state, t.trie = tableClosed, nil
	return t.file.close()
}
