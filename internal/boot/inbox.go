package boot

import (
	"sync"

	"attune/detect/kmod/load"
)

// An inbox takes load results from the scheduler without ever making it wait:
// the goroutine that adds steps is the one that reads here.
type inbox struct {
	mu   sync.Mutex
	list []load.Result
	bell chan struct{} // holds one: something is in the list
}

func (i *inbox) put(r load.Result) {
	i.mu.Lock()
	i.list = append(i.list, r)
	i.mu.Unlock()
	select {
	case i.bell <- struct{}{}:
	default:
	}
}

func (i *inbox) takeAll() []load.Result {
	i.mu.Lock()
	defer i.mu.Unlock()
	all := i.list
	i.list = nil
	return all
}
