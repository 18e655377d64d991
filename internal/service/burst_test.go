package service

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pilebones/go-udev/netlink"

	"attune/detect/uevent"
)

// fakeKernel tells events as the kernel would.
type fakeKernel chan any // a uevent.Event or an error

func (k fakeKernel) Receive(ctx context.Context) (uevent.Event, error) {
	select {
	case one := <-k:
		if err, ok := one.(error); ok {
			return uevent.Event{}, err
		}
		return one.(uevent.Event), nil
	case <-ctx.Done():
		return uevent.Event{}, ctx.Err()
	}
}

func event(subsystem, path string) uevent.Event {
	return uevent.Event{Action: netlink.KObjAction("add"), KObj: path, Env: map[string]string{"SUBSYSTEM": subsystem}}
}

// looks runs a burst that hears a kernel, in the test's time, and notes when it
// was time to look, and at what.
func looks(t *testing.T, script func(k fakeKernel)) (seen []string) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		k := make(fakeKernel)
		tell, err := Uevents(func() (Listener, error) { return k, nil })()
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		b := newBurst()
		begin := time.Now()
		go func() { _ = tell(ctx, b.add) }()
		go func() {
			for {
				what, ok := b.wait(ctx)
				if !ok {
					return
				}
				seen = append(seen, fmt.Sprintf("%v %d", time.Since(begin).Round(time.Millisecond), what))
			}
		}()
		script(k)
		time.Sleep(time.Minute)
		cancel()
		synctest.Wait()
	})
	return seen
}

func TestBursts(t *testing.T) {
	for _, test := range []struct {
		name   string
		script func(k fakeKernel)
		want   []string
	}{
		{"nothing", func(fakeKernel) {}, nil},
		{"one display", func(k fakeKernel) { k <- event("drm", "/devices/pci/card0") }, []string{fmt.Sprint("250ms ", Devices|Displays)}},
		{"what concerns nobody", func(k fakeKernel) {
			k <- event("block", "/devices/x")
			k <- event("net", "/devices/virtual/net/veth0")
			k <- event("power_supply", "/devices/x")
		}, nil},
		{"a dock", func(k fakeKernel) {
			for range 10 {
				k <- event("usb", "/devices/x")
				time.Sleep(100 * time.Millisecond)
			}
			k <- event("input", "/devices/x")
			k <- event("net", "/devices/pci/net/eth1")
		}, []string{fmt.Sprint("1.25s ", Devices|Inputs)}},
		{"a storm of 10,000 events", func(k fakeKernel) {
			for i := range 10000 {
				if i%10 == 0 {
					time.Sleep(time.Millisecond)
				}
				k <- event("usb", "/devices/x")
			}
		}, []string{fmt.Sprint("1.25s ", Devices)}},
		{"a cable that comes and goes for 4 s", func(k fakeKernel) {
			for range 50 {
				k <- event("drm", "/devices/x")
				time.Sleep(90 * time.Millisecond) // never at the moment of a look
			}
		}, []string{"2s 3", "4.07s 3", "4.66s 3"}},
		{"lost events", func(k fakeKernel) { k <- uevent.ErrOverflow }, []string{fmt.Sprint("250ms ", Devices|Displays|Inputs)}},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := looks(t, test.script); !slices.Equal(got, test.want) {
				t.Errorf("looked at %q, want %q", got, test.want)
			}
		})
	}
}

// A kernel that tells nothing, and one that stops.
func TestUeventsEnd(t *testing.T) {
	none := errors.New("no such family")
	if _, err := Uevents(func() (Listener, error) { return nil, none })(); !errors.Is(err, none) {
		t.Errorf("no socket: %v", err)
	}
	k := make(fakeKernel, 1)
	k <- os.ErrClosed
	tell, err := Uevents(func() (Listener, error) { return k, nil })()
	if err == nil {
		err = tell(t.Context(), func(Concern) { t.Error("told of nothing") })
	}
	if !errors.Is(err, os.ErrClosed) {
		t.Errorf("a socket that breaks: %v", err)
	}
}

func TestFiles(t *testing.T) {
	dir := t.TempDir()
	put := func(name string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(name), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	put("old.toml")
	tell, err := Files(func(name string) bool { return strings.HasSuffix(name, ".toml") }, dir, filepath.Join(dir, "none"), filepath.Join(dir, "old.toml"))()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	told, ended := make(chan Concern, 10), make(chan error, 1)
	go func() { ended <- tell(ctx, func(c Concern) { told <- c }) }()
	heard := func(what string, change func()) {
		t.Helper()
		change()
		select {
		case c := <-told:
			if c != Records {
				t.Errorf("%s: heard %d", what, c)
			}
		case <-time.After(10 * time.Second):
			t.Fatalf("%s is not heard", what)
		}
	}
	put("events.jsonl") // not wanted: the next that is heard is the next row's
	heard("a file that is written", func() { put("a.toml") })
	heard("one that takes another's place", func() {
		put("a.tmp")
		if err := os.Rename(filepath.Join(dir, "a.tmp"), filepath.Join(dir, "b.toml")); err != nil {
			t.Fatal(err)
		}
	})
	heard("one that is removed", func() { os.Remove(filepath.Join(dir, "old.toml")) })
	if len(told) > 0 {
		t.Errorf("heard %d more", len(told))
	}
	cancel()
	select {
	case <-ended:
	case <-time.After(10 * time.Second):
		t.Fatal("it goes on after its end")
	}
}

func TestInotify(t *testing.T) {
	const head = "\x01\x00\x00\x00\x08\x00\x00\x00\x00\x00\x00\x00"
	for told, want := range map[string]bool{
		head + "\x08\x00\x00\x00a.toml\x00\x00":                                           true,
		head + "\x08\x00\x00\x00b.json\x00\x00" + head + "\x08\x00\x00\x00a.toml\x00\x00": true,
		head + "\x08\x00\x00\x00b.json\x00\x00":                                           false,
		head + "\xff\xff\xff\xffa.toml\x00\x00":                                           false,
		head + "\x00\x01\x00\x00a.toml\x00\x00":                                           false,
		"\xff\xff\xff\xff\x00\x40\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00":                true, // IN_Q_OVERFLOW
		"": false,
	} {
		if got := anyOf([]byte(told), func(name string) bool { return name == "a.toml" }); got != want {
			t.Errorf("%q: %v", told, got)
		}
	}
}

func FuzzInotify(f *testing.F) {
	f.Add([]byte("\x01\x00\x00\x00\x08\x00\x00\x00\x00\x00\x00\x00\x08\x00\x00\x00a.toml\x00\x00"))
	f.Fuzz(func(t *testing.T, told []byte) {
		anyOf(told, func(name string) bool {
			if len(name) > len(told) || strings.Contains(name, "\x00") {
				t.Errorf("a name %q in %q", name, told)
			}
			return false
		})
	})
}
