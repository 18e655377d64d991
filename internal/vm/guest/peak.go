package main

import (
	"fmt"
	"strings"
	"time"
)

// peakTick is how often a running program is asked for its peak: what it grows
// by in its last moment is missed.
const peakTick = 20 * time.Millisecond

// followPeak asks the kernel for the most memory a program has had, until done
// is closed, and gives it in kB. What wait4 tells at the end is no less than
// this program's own, for a program inherits the peak of who starts it.
func followPeak(pid int, done <-chan struct{}) <-chan int64 {
	peak := make(chan int64, 1)
	go func() {
		var most int64
		tick := time.NewTicker(peakTick)
		defer tick.Stop()
		for {
			most = max(most, highWater(readString(fmt.Sprintf("/proc/%d/status", pid))))
			select {
			case <-tick.C:
			case <-done:
				peak <- most
				return
			}
		}
	}()
	return peak
}

// highWater is VmHWM of a /proc/PID/status.
func highWater(status string) (kB int64) {
	for line := range strings.Lines(status) {
		if _, err := fmt.Sscanf(line, "VmHWM: %d kB", &kB); err == nil {
			return kB
		}
	}
	return 0
}
