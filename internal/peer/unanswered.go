package peer

import (
	"sync"
	"time"
)

// maxUnanswered is how many calls are read at most that nobody has answered yet.
// It is far more than a server works at at once: those beyond that are refused,
// which waits for nothing but the bus to take the refusal.
const maxUnanswered = 512

// unansweredPatience is how long reading stops at most for that: an answer that
// could not be sent must not be the end of all.
const unansweredPatience = time.Second

// unanswered counts the calls that were read and not answered. Without it a flood
// of calls is in memory all at once, as godbus 5.2.4 has a goroutine for each,
// and they wait for each other's answers to be sent.
type unanswered struct {
	mu   sync.Mutex
	n    int
	less chan struct{} // closed when there are fewer, if somebody waits for that
}

// Types and a flag of messages. D-Bus Specification, "Message Format".
const (
	typeCall, typeReturn, typeError = 1, 2, 3
	flagNoReply                     = 1
)

// read counts a message that begins with head, once there is room for it.
func (u *unanswered) read(head []byte) {
	if head[1] != typeCall || head[2]&flagNoReply != 0 {
		return
	}
	var late <-chan time.Time
	for {
		less := u.enter()
		if less == nil {
			return
		}
		if late == nil {
			late = time.After(unansweredPatience)
		}
		select {
		case <-less:
		case <-late:
			u.sent([]byte{0, typeReturn}) // one of them will never be answered
		}
	}
}

// enter counts one more, or gives what is closed when there may be room.
func (u *unanswered) enter() (less <-chan struct{}) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.n < maxUnanswered {
		u.n++
		return nil
	}
	if u.less == nil {
		u.less = make(chan struct{})
	}
	return u.less
}

// sent counts an answer, if that is what a message is.
func (u *unanswered) sent(message []byte) {
	if len(message) < 2 || message[1] != typeReturn && message[1] != typeError {
		return
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	u.n = max(0, u.n-1)
	if u.less != nil {
		close(u.less)
		u.less = nil
	}
}
