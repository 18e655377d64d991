package vm

import (
	"context"
	"errors"
	"testing"
	"time"
)

func TestSlots(t *testing.T) {
	t.Setenv("ATTUNE_CACHE", t.TempDir())
	one, err := takeSlots(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	short, cancel := context.WithTimeout(t.Context(), 150*time.Millisecond)
	defer cancel()
	if _, err := takeSlots(short, Slots); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("all slots while one is taken: %v", err)
	}
	two, err := takeSlots(t.Context(), Slots-1)
	if err != nil {
		t.Fatalf("the rest, after a wait in vain: %v", err)
	}
	one()
	two()
	all, err := takeSlots(t.Context(), Slots)
	if err != nil {
		t.Fatalf("all, after they were put back: %v", err)
	}
	all()
}
