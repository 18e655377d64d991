package failsafe

import (
	"fmt"
	"slices"
	"time"
)

// An Event is what was heard of X.
type Event struct {
	Kind     Kind
	Boot     string        // the kernel's boot_id
	Up       time.Duration // since the machine was started
	Why      string        // of Failed
	Decisive bool          // of Failed: X itself says that it cannot work this way
	Files    map[string][]byte
}

// A Kind of event.
type Kind string

// The kinds.
const (
	Booted  Kind = "booted"  // the machine was started
	Started Kind = "started" // a display server is about to be
	Shown   Kind = "ok"      // it answers, and stayed
	Failed  Kind = "failed"  // it does not, or died
	Stopped Kind = "stopped" // it was told to end
	Retry   Kind = "retry"   // somebody wants to begin at the top
)

// How much is borne of what may have another reason than the step.
const (
	maxDeaths       = 3                // in one boot
	maxUnheard      = 2                // boots running
	maxUnheardKnown = 3                // where this step has shown a picture before
	quick           = 15 * time.Second // within this somebody may end X without having waited for it
)

// After is the state when an event was heard. Pure.
func (s State) After(e Event, f Facts) State {
	s = s.on(f)
	if s.Hardware == "" && s.Image == "" && s.Settings == "" {
		s.Hardware, s.Image, s.Settings = f.Hardware, f.Image, f.Settings
	}
	if s.Open != nil && s.Open.Boot != e.Boot {
		s = s.unheard(f)
	}
	if s.DeathsOf != e.Boot {
		s.Deaths, s.DeathsOf = 0, ""
	}
	switch e.Kind {
	case Started:
		if s.Open != nil {
			s = s.died("X was started again before it was heard of", e.Boot, f)
		}
		s.Open = &Try{Step: s.Decide(f).Step.Key(), Boot: e.Boot, UpMS: e.Up.Milliseconds()}
	case Shown:
		s = s.shown(e, f)
	case Failed:
		if e.Decisive {
			return s.leave(e.Why, f)
		}
		return s.died(e.Why, e.Boot, f)
	case Stopped:
		return s.stopped(e, f)
	case Retry:
		s = State{Hardware: s.Hardware, Image: s.Image, Settings: s.Settings, Good: s.Good, Reset: "asked for"}
	}
	return s
}

// shown: there is a picture. On a machine all of whose steps had failed it is the top that came up
// after all.
func (s State) shown(e Event, f Facts) State {
	d := s.Decide(f)
	if d.Exhausted {
		s.Failed, s.Reset = nil, "a picture came after all"
	}
	s.Open, s.Deaths, s.DeathsOf, s.Unheard = nil, 0, "", 0
	s.Good = &Good{Hardware: s.Hardware, Image: s.Image, Settings: s.Settings, Step: d.Step.Key(), Files: kept(e.Files)}
	return s
}

// unheard: the boot in which X was started ended without a word of it.
func (s State) unheard(f Facts) State {
	step := s.Open.Step
	s.Open, s.Deaths, s.DeathsOf = nil, 0, ""
	s.Unheard++
	most := maxUnheard
	if s.known(step) {
		most = maxUnheardKnown
	}
	if s.Unheard < most {
		return s
	}
	return s.leave(fmt.Sprintf("the machine hung or was switched off %d times running before X was heard of", s.Unheard), f)
}

// died: X or its manager went, and did not say that it cannot work.
func (s State) died(why, boot string, f Facts) State {
	s.Open = nil
	s.Deaths, s.DeathsOf = s.Deaths+1, boot
	if s.Deaths < maxDeaths {
		return s
	}
	return s.leave(fmt.Sprintf("X died %d times: %s", s.Deaths, why), f)
}

// stopped: somebody ended it in an orderly way. Having waited for long without
// a picture counts as a boot without a word.
func (s State) stopped(e Event, f Facts) State {
	if s.Open == nil {
		return s
	}
	if e.Up-time.Duration(s.Open.UpMS)*time.Millisecond >= quick {
		return s.unheard(f)
	}
	s.Open = nil
	return s
}

// leave is for the next step.
func (s State) leave(why string, f Facts) State {
	d := s.Decide(f)
	s.Open, s.Deaths, s.DeathsOf, s.Unheard, s.Reset = nil, 0, "", 0, ""
	if d.Of > 0 && !d.Exhausted {
		s.Failed = append(slices.Clone(s.Failed), Failure{Step: d.Step.Key(), Why: why})
	}
	return s
}

// maxKept is more than X's files ever are, and little for a state directory.
const maxKept = 128 << 10

// kept leaves out a set too large to be kept.
func kept(files map[string][]byte) map[string][]byte {
	size := 0
	for _, data := range files {
		size += len(data)
	}
	if size > maxKept {
		return nil
	}
	return files
}
