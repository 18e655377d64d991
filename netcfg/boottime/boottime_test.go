package boottime

import (
	"testing"
	"time"
)

func TestClock(t *testing.T) {
	var c Clock
	start := c.Now()
	if start <= 0 {
		t.Errorf("now: %v", start)
	}
	stopped, stop := c.After(20 * time.Millisecond)
	stop()
	stop()
	soon, _ := c.After(0)
	later, end := c.After(60 * time.Millisecond)
	defer end()
	for _, wait := range []<-chan struct{}{soon, later} {
		select {
		case <-wait:
		case <-time.After(10 * time.Second):
			t.Fatal("it never came")
		}
	}
	if took := c.Now() - start; took < 60*time.Millisecond {
		t.Errorf("60 ms were over after %v", took)
	}
	select {
	case <-stopped:
		t.Error("one that was given up came")
	default:
	}
}
