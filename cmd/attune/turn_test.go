package main

import (
	"context"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func openScratch(t *testing.T) *os.Root {
	t.Helper()
	root, err := os.OpenRoot(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { root.Close() })
	return root
}

// A storm costs few runs, one at a time, and the last run begins after the last
// call.
func TestStormCostsFewRuns(t *testing.T) {
	out := openScratch(t)
	var runs, at atomic.Int64
	var last atomic.Int64 // of the last call
	var lastRun atomic.Int64
	var wg sync.WaitGroup
	for range 1000 {
		wg.Go(func() {
			last.Store(time.Now().UnixNano())
			if _, err := inTurn(out, func() error {
				if at.Add(1) != 1 {
					t.Error("two at a time")
				}
				lastRun.Store(time.Now().UnixNano())
				runs.Add(1)
				time.Sleep(20 * time.Millisecond)
				at.Add(-1)
				return nil
			}); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := runs.Load(); n < 1 || n > 100 {
		t.Errorf("%d runs for 1000 calls", n)
	}
	if lastRun.Load() < last.Load() {
		t.Error("the last call was followed by no run")
	}
	if forget(out) {
		t.Error("a mark is left")
	}
}

// Who holds the turn for a while does what others noticed meanwhile.
func TestMarkDuringATurn(t *testing.T) {
	out := openScratch(t)
	release := takeTurn(context.Background(), out)
	times, err := inTurn(out, func() error { t.Error("out of turn"); return nil })
	if times != 0 || err != nil {
		t.Fatalf("%d, %v", times, err)
	}
	if !forget(out) {
		t.Error("no mark was left")
	}
	release()
	if times, err := inTurn(out, func() error { return nil }); times != 1 || err != nil {
		t.Errorf("%d, %v", times, err)
	}
}

// A process that has the turn and hangs keeps a boot for turnTime at most.
func TestTurnIsNotWaitedForEver(t *testing.T) {
	out := openScratch(t)
	defer takeTurn(context.Background(), out)()
	begin := time.Now()
	takeTurn(context.Background(), out)()
	if took := time.Since(begin); took < turnTime || took > 2*turnTime {
		t.Errorf("waited %v", took)
	}
	takeTurn(context.Background(), nil)() // without scratch there is nobody to wait for
}
