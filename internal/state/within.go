package state

import (
	"errors"
	"time"
)

// ErrLate is of a call that had not come back when time was up.
var ErrLate = errors.New("it did not answer in time")

// Patience is how long one call may take. A sync of a slow stick takes a second
// or two; a server that is gone never answers.
const Patience = 5 * time.Second

// Within runs a call that may never come back. One that is late goes on by
// itself; nothing can be done about it but not to wait. Its error is ErrLate.
func Within[T any](d time.Duration, call func() (T, error)) (T, error) {
	type answer struct {
		value T
		err   error
	}
	done := make(chan answer, 1)
	go func() {
		v, err := call()
		done <- answer{v, err}
	}()
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case a := <-done:
		return a.value, a.err
	case <-timer.C:
		var none T
		return none, ErrLate
	}
}
