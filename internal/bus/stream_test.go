package bus

import (
	"bytes"
	"io"
	"net"
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/godbus/dbus/v5"

	"attune/internal/bus/bustest"
)

func TestSocketOf(t *testing.T) {
	for in, want := range map[string]string{
		"unix:path=/run/dbus/system_bus_socket": "/run/dbus/system_bus_socket",
		"unix:path=/tmp/a%20b,guid=12":          "/tmp/a b",
		"unix:guid=12,abstract=/tmp/x":          "@/tmp/x",
		"tcp:host=localhost,port=1":             "",
		"unix:":                                 "",
		"unix:path=%zz":                         "",
		"":                                      "",
		"unixexec:path=ssh,argv1=host,argv2=dbus-something": "",
	} {
		if got, err := socketOf(in); got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q, %v", in, got, err)
		}
	}
}

// A message that is too long costs its sender an error, and nobody anything else.
func TestLongMessage(t *testing.T) {
	w := newWorld(t, Options{})
	o := bustest.Connect(t, w.address).Object(w.name, lampPath)
	for range 3 {
		if got := errorName(call(t.Context(), o, lampIface+".Colours", 0, []string{strings.Repeat("x", maxMessage)}, map[string]dbus.Variant{}).Err); got != ErrLimitsExceeded {
			t.Fatalf("a message that is too long: %s", got)
		}
		var n uint32
		if err := call(t.Context(), o, lampIface+".Colours", 0, []string{strings.Repeat("x", maxMessage-4096)}, map[string]dbus.Variant{}).Store(&n); err != nil || n != 1 {
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

// FuzzStream: whatever comes, no more is given than has come, and nothing that is
// too long.
func FuzzStream(f *testing.F) {
	f.Add([]byte("OK 1234\r\nAGREE_UNIX_FD\r\n"))
	f.Add([]byte("l\x01\x00\x01\x00\x00\x09\x00\x01\x00\x00\x00\x18\x00\x00\x00\x07\x01s\x00\x04\x00\x00\x00:1.7\x00\x00\x00\x00\x00\x00\x00\x00"))
	f.Add([]byte("B\x01\x00\x01\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x00"))
	f.Fuzz(func(t *testing.T, in []byte) {
		a, b := net.Pipe()
		go func() {
			_, _ = b.Write(in)
			b.Close()
		}()
		got, _ := io.ReadAll(io.LimitReader(newStream(a, func(sender string, _ uint32) {
			if len(sender) > maxFields {
				t.Errorf("a sender of %d bytes", len(sender))
			}
		}), int64(len(in)+1)))
		a.Close()
		if !bytes.HasPrefix(in, got) && len(got) > len(in) {
			t.Errorf("%d bytes of %d", len(got), len(in))
		}
	})
}
