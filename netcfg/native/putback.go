package native

import (
	"errors"
	"net/netip"
	"slices"
	"time"

	"golang.org/x/sys/unix"

	"attune/netcfg"
)

// putBack makes a link be as it was, and what is asked for it what was asked then, or
// nothing. Of what is there now only ours goes; what cannot be put back does not keep
// the rest from it.
func (e *Engine) putBack(now look, mine record, then facts, asked *record) error {
	var errs []error
	try := func(err error) { errs = append(errs, err) }
	try(e.removeRoutes(now, missingFrom(ours(now.set.Routes), then.Routes)))
	for _, a := range mine.Added {
		if !slices.ContainsFunc(then.Addresses, func(b address) bool { return b.Prefix == a }) {
			try(e.removeAddress(now, a))
		}
	}
	try(e.prepareBack(now, then))
	now, err := e.look(now.Index)
	if err != nil {
		return err
	}
	for _, a := range then.Addresses {
		a, over := a.aged(then.At, now.set.At)
		if over || a.Prefix.Addr().Is6() && !then.Up {
			continue
		}
		try(e.addAddress(now, a))
	}
	if then.Up {
		try(e.addRoutes(now, then.Routes))
	}
	if now.Up && !then.Up {
		if err := e.rt.LinkSetDown(at(now.Index)); err != nil {
			try(failed(err, "setting %s down", now.Name))
		}
	}
	e.outcome(now.Index, nil)
	try(e.put(now.Index, asked))
	return errors.Join(errs...)
}

// prepareBack is prepare, for how a link was.
func (e *Engine) prepareBack(now look, then facts) error {
	w := want{mtu: then.MTU, sysctl: then.Sysctl}
	if !then.Up {
		now.Up = true // it is set down in the end
	}
	return e.prepare(now, w)
}

// missingFrom are those of some routes that are not among others.
func missingFrom(some, others []route) []route {
	return slices.DeleteFunc(slices.Clone(some), func(r route) bool { return slices.ContainsFunc(others, r.same) })
}

// aged is an address after some seconds. Nobody else has come to have it meanwhile:
// that is not asked again, so that routes can be made from it at once.
func (a address) aged(since, now float64) (aged address, over bool) {
	switch {
	case a.Prefix.Addr().Is6():
		a.Flags |= unix.IFA_F_NODAD
	case !a.Broadcast.IsValid():
		a.Broadcast = netip.IPv4Unspecified() // how the library has it that there is none
	}
	if a.Valid == 0 {
		return a, false
	}
	gone := int(now - since)
	over = a.Valid <= gone
	a.Valid, a.Preferred = a.Valid-gone, max(a.Preferred-gone, 0)
	return a, over
}

// A history is what became of a link that something is asked for.
type history struct {
	failed  error           // why it is not so; nothing is tried then until a cable is plugged in
	carrier bool            // at the last look
	again   bool            // to be made so whatever it looks like: the link is new, or its network may be
	made    []time.Duration // when it was made so without being asked
}

// outcome remembers what came of what was asked for a link.
func (e *Engine) outcome(index int, err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	h := e.was[index]
	if h == nil {
		h = &history{}
		e.was[index] = h
	}
	h.failed, h.again, h.made = err, false, nil
	h.carrier = codeOf(err) != netcfg.NoCarrier
}

// codeOf is the code of an error, "" for none.
func codeOf(err error) netcfg.Code {
	var coded *netcfg.Error
	if errors.As(err, &coded) {
		return coded.Code
	}
	return ""
}
