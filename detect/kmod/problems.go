package kmod

import (
	"slices"
	"sync"
)

// failures are what went wrong while aliases were looked up, each once.
type failures struct {
	mu   sync.Mutex
	list []error
}

func (f *failures) add(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !says(f.list, err) {
		f.list = append(f.list, err)
	}
}

func says(list []error, err error) bool {
	return slices.ContainsFunc(list, func(e error) bool { return e.Error() == err.Error() })
}

// Problems tells what was wrong with the index so far, each once: files that
// are damaged or cannot be read, and lookups that had no answer for it. What
// was never asked is not known.
func (r *Resolver) Problems() []error {
	all := r.ix.Problems()
	r.failed.mu.Lock()
	defer r.failed.mu.Unlock()
	for _, err := range r.failed.list {
		if !says(all, err) {
			all = append(all, err)
		}
	}
	return all
}
