package load

import (
	"cmp"
	"context"
	"slices"
	"time"
)

// A StillLoading is a load under way.
type StillLoading struct {
	Module string
	For    time.Duration // since it began
}

// InFlight counts the modules waiting, loading, or done with their result not
// yet delivered. 0 means nothing will happen until the next Add.
func (s *Scheduler) InFlight() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := len(s.pending) + len(s.running) + len(s.results)
	if n == 0 && s.delivering {
		n = 1
	}
	return n
}

// Wait comes back when nothing is in flight, or when the context ends, then
// with the loads which still run, longest first. They go on running, and their
// results still arrive.
func (s *Scheduler) Wait(ctx context.Context) []StillLoading {
	for {
		s.mu.Lock()
		idle := s.idle
		s.mu.Unlock()
		select {
		case <-idle:
			if s.InFlight() == 0 {
				return nil
			}
		case <-ctx.Done():
			return s.Running()
		}
	}
}

// Running is what loads at this moment, longest first.
func (s *Scheduler) Running() []StillLoading {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []StillLoading
	for t := range s.running {
		list = append(list, StillLoading{t.step.Module, time.Since(t.res.Started)})
	}
	slices.SortFunc(list, func(a, b StillLoading) int {
		return cmp.Or(cmp.Compare(b.For, a.For), cmp.Compare(a.Module, b.Module))
	})
	return list
}
