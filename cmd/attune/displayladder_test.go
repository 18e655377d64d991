package main

import (
	"context"
	"testing"
	"testing/fstest"
	"time"

	"attune/internal/inspect"
	"attune/internal/rootfs"
)

// A replan has the turn and needs the record at its end; who has the record and
// needs the turn does not keep it from that.
func TestTurnBeforeTheRecord(t *testing.T) {
	ctx := context.Background()
	out := openScratch(t)
	release := takeTurn(ctx, out) // a replan's
	unlock, err := lockLadder(ctx, out)
	if err != nil {
		t.Fatal(err)
	}
	noted := make(chan error, 1)
	go func() {
		unlock, err := lockLadder(ctx, out)
		if err == nil {
			unlock()
		}
		release()
		noted <- err
	}()
	l := &ladder{m: &machine{Machine: &inspect.Machine{Root: &rootfs.Root{FS: fstest.MapFS{}}}}, run: out, unlock: unlock}
	begin := time.Now()
	done, err := l.turn(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer done()
	defer l.unlock()
	if took := time.Since(begin); took >= turnTime {
		t.Errorf("each waited for the other, %v", took)
	}
	if err := <-noted; err != nil {
		t.Error(err)
	}
	if release, ok, err := tryTurn(out); ok || err != nil {
		if ok {
			release()
		}
		t.Errorf("nobody has the turn: %v", err)
	}
}
