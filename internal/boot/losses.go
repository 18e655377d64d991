package boot

import "time"

// losses gathers reports of lost uevents, so that a storm, which loses again
// and again, costs one scan when it is over.
type losses struct{ first, last time.Time }

const (
	lossLull = 50 * time.Millisecond  // after the last loss
	lossWait = 500 * time.Millisecond // after the first, if it does not end
)

func (l *losses) note(at time.Time) {
	if l.first.IsZero() {
		l.first = at
	}
	l.last = at
}

// scanAt is when to scan for what was missed; lost is false when nothing was.
func (l *losses) scanAt() (at time.Time, lost bool) {
	lull, wait := l.last.Add(lossLull), l.first.Add(lossWait)
	if wait.Before(lull) {
		lull = wait
	}
	return lull, !l.first.IsZero()
}
