package bus

import "sync"

// Limits say how many calls are under way at most. Whoever calls beyond is told
// so at once, and nothing is kept of the call.
type Limits struct {
	Sender int // of one connection to the bus
	User   int // of all connections of one user
	Total  int
}

// defaultLimits: a panel asks for a dozen things at once when it opens, and a
// user has a few of them.
var defaultLimits = Limits{Sender: 32, User: 64, Total: 256}

// A limiter counts the calls under way.
type limiter struct {
	Limits
	mu      sync.Mutex
	senders map[string]int
	users   map[uint32]int
	total   int
}

func newLimiter(l Limits) *limiter {
	return &limiter{Limits: l, senders: map[string]int{}, users: map[uint32]int{}}
}

// enter counts a call of a connection; the answer is what one does when it is
// over, nil if there are too many.
func (l *limiter) enter(sender string) (leave func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.total >= l.Total || l.senders[sender] >= l.Sender {
		return nil
	}
	l.total++
	l.senders[sender]++
	return func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.total--
		if l.senders[sender]--; l.senders[sender] == 0 {
			delete(l.senders, sender)
		}
	}
}

// enterUser counts a call of a user, as enter does. Root may have all of them.
func (l *limiter) enterUser(uid uint32) (leave func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if uid != 0 && l.users[uid] >= l.User {
		return nil
	}
	l.users[uid]++
	return func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		if l.users[uid]--; l.users[uid] == 0 {
			delete(l.users, uid)
		}
	}
}
