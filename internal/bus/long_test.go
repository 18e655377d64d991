package bus

import (
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/godbus/dbus/v5"

	"attune/internal/bus/bustest"
	"attune/internal/peer"
)

// A message that is too long costs its sender an error, and nobody anything else.
func TestLongMessage(t *testing.T) {
	w := newWorld(t, Options{})
	o := bustest.Connect(t, w.address).Object(w.name, lampPath)
	for range 3 {
		if got := errorName(call(t.Context(), o, lampIface+".Colours", 0, []string{strings.Repeat("x", peer.MaxMessage)}, map[string]dbus.Variant{}).Err); got != ErrLimitsExceeded {
			t.Fatalf("a message that is too long: %s", got)
		}
		var n uint32
		if err := call(t.Context(), o, lampIface+".Colours", 0, []string{strings.Repeat("x", peer.MaxMessage-4096)}, map[string]dbus.Variant{}).Store(&n); err != nil || n != 1 {
			t.Fatalf("one that is not: %d, %v", n, err)
		}
	}
}

// Descriptors never reach the service.
func TestDescriptors(t *testing.T) {
	w := newWorld(t, Options{})
	count := func() int {
		dir, err := os.ReadDir("/proc/self/fd")
		if err != nil {
			t.Fatal(err)
		}
		return len(dir)
	}
	o := bustest.Connect(t, w.address).Object(w.name, lampPath)
	before := count()
	for range 200 {
		if err := call(t.Context(), o, lampIface+".Colours", 0, dbus.UnixFD(syscall.Stdin)).Err; err == nil {
			t.Fatal("a descriptor for strings")
		}
	}
	if after := count(); after > before+10 {
		t.Errorf("%d descriptors, %d before", after, before)
	}
}
