package load

import (
	"bytes"
	"fmt"
	"os"
)

// ThreadBusy tells whether one of our threads is on a processor or waits for
// one, and not for hardware, a lock or a disk. When it cannot be told it is
// taken for waiting: better too many loads at a time than a standstill.
func ThreadBusy(tid int) bool {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/self/task/%d/stat", tid))
	if err != nil {
		return false
	}
	// "tid (name) state": the name may hold anything.
	i := bytes.LastIndexByte(stat, ')')
	return i >= 0 && i+2 < len(stat) && stat[i+2] == 'R'
}
