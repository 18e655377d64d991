package main

import "testing"

func TestHighWater(t *testing.T) {
	for _, c := range []struct {
		name, status string
		want         int64
	}{
		{"as the kernel writes it", "Name:\tattune\nVmPeak:\t 1234 kB\nVmHWM:\t   20480 kB\nVmRSS:\t   100 kB\n", 20480},
		{"a kernel thread", "Name:\tkworker/0:1\n", 0},
		{"gone", "", 0},
	} {
		if got := highWater(c.status); got != c.want {
			t.Errorf("%s: got %d, want %d", c.name, got, c.want)
		}
	}
}
