package failsafe

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// A Sample is what was seen at one moment.
type Sample struct {
	At     time.Duration   // since X began to be started
	Alive  map[string]bool // display servers that run, by a key another one does not have; true: answers, false: nobody asks it anything
	Reason string          // what X's log says it ended of, "" for nothing
	// Decisive: that reason is one X will find again. Busy: a display server's log is being written, so that there is one.
	Decisive bool
	Busy     bool
}

// A Verdict is what the samples come to.
type Verdict string

// The verdicts.
const (
	Pending Verdict = ""
	Up      Verdict = "up"      // a server answered for long enough
	Down    Verdict = "down"    // it cannot work, died too often or hangs
	Nothing Verdict = "nothing" // nobody has started one yet
)

// A Watch follows one start of X to its verdict. Its zero value is ready.
type Watch struct {
	since  map[string]time.Duration // when a server was first seen
	deaths int
	begun  bool          // a log was seen being written
	from   time.Duration // since then
}

// How long and how often.
const (
	Stay     = 10 * time.Second // a server that ran for so long is up
	Patience = 90 * time.Second // a machine under emulation takes 20 s
)

// Died says that a server came up and died.
func (w *Watch) Died() bool { return w.deaths > 0 }

// See takes a sample; why is for Down and Up.
func (w *Watch) See(s Sample) (v Verdict, why string) {
	for key := range w.since {
		if _, there := s.Alive[key]; !there {
			delete(w.since, key)
			w.deaths++
		}
	}
	for _, key := range slices.Sorted(maps.Keys(s.Alive)) {
		answers := s.Alive[key]
		if _, known := w.since[key]; !known {
			if w.since == nil {
				w.since = map[string]time.Duration{}
			}
			w.since[key] = s.At
		}
		stay := Stay
		if !answers {
			stay = 3 * Stay
		}
		if s.At-w.since[key] >= stay {
			return Up, key
		}
	}
	return w.gone(s)
}

func (w *Watch) gone(s Sample) (Verdict, string) {
	running := len(s.Alive) > 0
	if !w.begun && (s.Busy || s.Reason != "") {
		w.begun, w.from = true, s.At
	}
	switch {
	case s.Decisive && !running:
		return Down, s.Reason
	case w.deaths >= maxDeaths:
		return Down, strings.TrimSuffix(fmt.Sprintf("a display server came up and died %d times: %s", w.deaths, s.Reason), ": ")
	case running || w.begun && s.At-w.from < Patience:
		return Pending, ""
	case s.Reason != "":
		return Down, s.Reason
	case s.Busy:
		return Down, fmt.Sprintf("a display server was started and does not answer after %v", Patience)
	case s.At < Patience:
		return Pending, ""
	}
	return Nothing, fmt.Sprintf("no display server was started within %v", Patience)
}
