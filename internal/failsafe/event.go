package failsafe

import (
	"fmt"
	"slices"
	"time"

	"attune/xconfig"
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
	None    Kind = "none"    // nobody started a display server for long: a greeter on a terminal, or one that waits
	Retry   Kind = "retry"   // somebody wants to begin at the top
)

// How much is borne of what may have another reason than the step.
const (
	maxDeaths       = 3               // in one boot, without a picture in between
	maxCrashes      = 5               // in one boot, pictures in between or not
	stayed          = 5 * time.Minute // a picture that long was no crash on the way
	maxUnheard      = 2               // boots running
	maxUnheardKnown = 3               // where this step has shown a picture before
	maxAgain        = 3               // boots in which steps left for silence are tried again
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
		s.Deaths, s.Crashes, s.DeathsOf = 0, 0, ""
	}
	if s.Picture != nil && s.Picture.Boot != e.Boot {
		s.Picture = nil
	}
	s = s.again(e.Boot)
	switch e.Kind {
	case Started:
		if s.Open != nil && !s.Open.None {
			s = s.died("X was started again before it was heard of", e, f)
		}
		s.Open, s.Picture = &Try{Step: s.Decide(f).Step.Key(), Boot: e.Boot, UpMS: e.Up.Milliseconds()}, nil
	case Shown:
		s = s.shown(e, f)
	case Failed:
		if e.Decisive {
			return s.leave(e.Why, false, f)
		}
		return s.died(e.Why, e, f)
	case Stopped:
		s.Open, s.Picture = nil, nil
	case None:
		if s.Open != nil {
			open := *s.Open
			open.None = true
			s.Open = &open
		}
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
	if !slices.ContainsFunc(s.Failed, func(f Failure) bool { return f.Unheard }) {
		s.Again = 0
	}
	step := d.Step.Key()
	s.Open, s.Deaths, s.Unheard = nil, 0, 0
	s.Picture = &Try{Step: step, Boot: e.Boot, UpMS: e.Up.Milliseconds()}
	ours, theirs := kept(e.Files)
	s.Good = &Good{Hardware: s.Hardware, Image: s.Image, Settings: s.Settings, Step: step, Boot: e.Boot, Files: ours, Theirs: theirs}
	return s
}

// unheard: the boot in which X was started ended without a word of it, not even
// of its end: the machine hung, or its power was cut.
func (s State) unheard(f Facts) State {
	open := *s.Open
	s.Open, s.Picture, s.Deaths, s.Crashes, s.DeathsOf = nil, nil, 0, 0, ""
	if open.None || !s.spares(f) {
		return s
	}
	s.Unheard++
	most := maxUnheard
	switch {
	case s.known(open.Step):
		most = maxUnheardKnown
	case s.Again > 0: // it was tried before
		most = 1
	}
	if s.Unheard < most {
		return s
	}
	return s.leave(fmt.Sprintf("the machine hung or lost its power before X was heard of, boots running: %d", s.Unheard), true, f)
}

// spares says whether the next step keeps the administrator's files as the one
// in use does. They may be what locks a machine's terminals, so pulling the plug
// shall not be a way around them.
func (s State) spares(f Facts) bool {
	d := s.Decide(f)
	if d.Of == 0 || d.Exhausted || !slices.ContainsFunc(f.Steps, func(step Step) bool { return step.Name == xconfig.StepOwn }) {
		return true
	}
	next := s
	next.Failed = append(slices.Clone(s.Failed), Failure{Step: d.Step.Key()})
	then := next.Decide(f)
	return !d.Step.keeps() || then.Exhausted || then.Step.keeps()
}

// keeps says that a step has all of the administrator's files.
func (s Step) keeps() bool { return s.Name == Planned || s.Name == xconfig.StepCovered }

// again gives the steps that were left for silence another chance in a boot
// after one with a picture, some times: whoever pulls the plug has not spoken
// against a step for ever.
func (s State) again(boot string) State {
	silent := func(f Failure) bool { return f.Unheard }
	if s.Good == nil || s.Good.Boot == "" || s.Good.Boot == boot || s.Again >= maxAgain || s.Open != nil || s.Unheard > 0 ||
		!slices.ContainsFunc(s.Failed, silent) || s.failed(s.Good.Step) {
		return s
	}
	s.Failed = slices.DeleteFunc(slices.Clone(s.Failed), silent)
	good := *s.Good
	good.Boot = "" // the next chance comes after the next picture
	s.Good = &good
	s.Again++
	s.Reset = "a step that was left without a word of it is tried once more"
	return s
}

// died: X or its manager went, and did not say that it cannot work. One that
// was not being started and showed nothing is of a step already left.
func (s State) died(why string, e Event, f Facts) State {
	if s.Open == nil && s.Picture == nil {
		return s
	}
	if p := s.Picture; p != nil && e.Up-time.Duration(p.UpMS)*time.Millisecond >= stayed {
		s.Deaths, s.Crashes = 0, 0
	}
	s.Open, s.Picture = nil, nil
	s.Deaths, s.Crashes, s.DeathsOf = s.Deaths+1, s.Crashes+1, e.Boot
	if s.Deaths < maxDeaths && s.Crashes < maxCrashes {
		return s
	}
	return s.leave(fmt.Sprintf("X died %d times: %s", s.Crashes, why), false, f)
}

// leave is for the next step.
func (s State) leave(why string, unheard bool, f Facts) State {
	d := s.Decide(f)
	s.Open, s.Picture, s.Deaths, s.Crashes, s.DeathsOf, s.Unheard, s.Reset = nil, nil, 0, 0, "", 0, ""
	if d.Of > 0 && !d.Exhausted {
		s.Failed = append(slices.Clone(s.Failed), Failure{Step: d.Step.Key(), Why: printable(why), Unheard: unheard})
	}
	return s
}
