package netcfg_test

import (
	"context"
	"errors"
	"net/netip"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"attune/netcfg"
	"attune/netcfg/kernel"
	"attune/netcfg/netcfgtest"
)

// A bed is a world with a Manager in it, and two wired links.
type bed struct {
	*netcfgtest.World
	*netcfg.Manager
	t    *testing.T
	eng  *netcfgtest.Engine
	a, b int
	stop func()
}

var (
	user  = netcfg.Owner{Name: ":1.7", UID: 1000}
	other = netcfg.Owner{Name: ":1.8", UID: 1001}
	admin = netcfg.Owner{Name: ":1.9", UID: 0}
)

// in runs a test in a world of its own, whose time is made up.
func in(t *testing.T, setup func(*netcfgtest.World, *netcfg.Options), test func(*bed)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w := netcfgtest.NewWorld()
		b := &bed{World: w, t: t, eng: w.Engine, a: w.Net.Add("a"), b: w.Net.Add("b")}
		w.Net.Serve(b.a, "192.0.2.50/24", "192.0.2.1")
		w.Net.Serve(b.b, "198.51.100.50/24", "198.51.100.1")
		o := w.Options()
		if setup != nil {
			setup(w, &o)
		}
		b.Manager, b.stop = netcfgtest.Start(o)
		defer func() { b.stop() }()
		test(b)
	})
}

// done waits for a job that shall end well.
func (b *bed) done(j *netcfg.Job, err error) *netcfg.Job {
	b.t.Helper()
	b.fails("", j, err)
	return j
}

// fails waits for a job, and holds how it ends.
func (b *bed) fails(want netcfg.Code, j *netcfg.Job, err error) {
	b.t.Helper()
	if err == nil {
		<-j.Done()
		err = j.Err()
	}
	b.code(want, err)
}

func (b *bed) code(want netcfg.Code, err error) {
	b.t.Helper()
	var got netcfg.Code
	if e, ok := errors.AsType[*netcfg.Error](err); ok {
		got = e.Code
	}
	if got != want || want == "" && err != nil {
		b.t.Fatalf("%v (%s), want %q", err, got, want)
	}
}

// settled is a link once nothing moves any more.
func (b *bed) settled(index int) netcfg.Link {
	b.t.Helper()
	synctest.Wait()
	l, err := b.Link(index)
	if err != nil {
		b.t.Fatal(err)
	}
	return l
}

func (b *bed) has(index int, want ...string) {
	b.t.Helper()
	got := []string{}
	for _, a := range b.settled(index).Addresses {
		got = append(got, a.String())
	}
	if !slices.Equal(got, want) {
		b.t.Errorf("addresses %q, want %q", got, want)
	}
}

func static(address string) netcfg.Profile {
	return netcfg.Profile{Kind: netcfg.Wired, IPv4: netcfg.IP{Method: netcfg.Static, Addresses: []netip.Prefix{netip.MustParsePrefix(address)}}}
}

func auto() netcfg.Profile { return netcfg.Profile{Kind: netcfg.Wired} }

func TestConfigure(t *testing.T) {
	in(t, nil, func(b *bed) {
		if l := b.settled(b.a); l.State != netcfg.StateDown || !l.Settable || l.Engine != "fake" || l.Profile != "" {
			t.Errorf("at first: %+v", l)
		}
		p := static("192.0.2.7/24")
		p.Link, p.ID, p.DNS = netcfg.Match{Name: "other"}, "mine", []netip.Addr{netip.MustParseAddr("192.0.2.53")}
		j := b.done(b.Configure(b.a, p, user))
		own := b.settled(b.a).Own
		if own != "link-a-525400000002" || j.Profile != own || j.Stage() != netcfg.StageDone || j.State() != netcfg.JobDone {
			t.Errorf("job: %+v, own %s", j, own)
		}
		b.has(b.a, "192.0.2.7/24")
		b.has(b.b)
		up := b.eng.Calls(netcfgtest.Up)
		if len(up) != 1 || up[0].Profile.Link != (netcfg.Match{Name: "a", MAC: "52:54:00:00:00:02"}) || up[0].Guard.MinMetric != 0 {
			t.Errorf("asked of the engine: %+v", up)
		}
		if protect := b.eng.Calls(); protect[0].Op != netcfgtest.Protect || len(protect[0].Links) != 0 {
			t.Errorf("nothing was said of links to leave alone first: %+v", protect)
		}
		if l := b.settled(b.a); l.State != netcfg.StateConnected || l.Profile != own || !slices.Equal(l.DNS, []string{"192.0.2.53"}) || l.Job != 0 {
			t.Errorf("then: %+v", l)
		}
		if !b.Store.Has(netcfg.RunTier, own) {
			t.Error("the profile is not kept")
		}

		b.done(b.Configure(b.a, auto(), other))
		b.has(b.a, "192.0.2.50/24")
		if b.Primary() != b.a {
			t.Errorf("primary: %d", b.Primary())
		}
		b.done(b.Disconnect(b.a, user))
		b.has(b.a)
		b.done(b.Connect(b.a, "", user)) // its own is the one that fits best
		b.has(b.a, "192.0.2.50/24")
		b.done(b.Forget(b.a, user))
		b.has(b.a)
		if b.Store.Has(netcfg.RunTier, own) {
			t.Error("its own profile is still there")
		}
		b.fails(netcfg.NotFound, nil, second(b.Connect(b.a, "", user)))
		b.fails(netcfg.NotFound, nil, second(b.Connect(b.a, "none", user)))
		b.fails(netcfg.NotFound, nil, second(b.Connect(99, "", user)))
		b.fails(netcfg.NotFound, nil, second(b.Connect(1, "", user))) // the loopback
		b.fails(netcfg.Invalid, nil, second(b.Configure(b.a, static("224.0.0.1/24"), user)))

		if n := len(b.Jobs()); n != 5 {
			t.Errorf("%d jobs are kept", n)
		}
		time.Sleep(61 * time.Second)
		if n := len(b.Jobs()); n != 0 {
			t.Errorf("%d jobs are kept for ever", n)
		}
		b.code(netcfg.NotFound, second(b.Job(j.ID)))
	})
}

func second[T any](_ T, err error) error { return err }

// The codes of an engine come through, and what failed stays what somebody wanted.
func TestFailures(t *testing.T) {
	in(t, nil, func(b *bed) {
		b.Net.Serve(b.a, "", "")
		b.fails(netcfg.NoAddress, b.must(b.Configure(b.a, auto(), user)), nil)
		if l := b.settled(b.a); l.State != netcfg.StateFailed || l.Profile != l.Own {
			t.Errorf("after NoAddress: %+v", l)
		}
		b.Net.Plug(b.a, false)
		b.fails(netcfg.NoCarrier, b.must(b.Configure(b.a, static("192.0.2.7/24"), user)), nil)
		b.has(b.a, "192.0.2.7/24") // it is there once the cable is
		b.Net.Plug(b.a, true)
		for _, code := range []netcfg.Code{netcfg.WrongPassword, netcfg.ServerUntrusted, netcfg.AddressConflict} {
			b.eng.Fail(netcfgtest.Up, netcfg.Errorf(code, "so"))
			b.fails(code, b.must(b.Configure(b.a, static("192.0.2.8/24"), user)), nil)
		}
		b.eng.Fail(netcfgtest.Up, errors.New("no code"))
		b.fails(netcfg.EngineFailed, b.must(b.Configure(b.a, static("192.0.2.8/24"), user)), nil)
		if p, _ := b.Secrets(b.settled(b.a).Own); p.IPv4.Addresses[0].Addr() != netip.MustParseAddr("192.0.2.8") {
			t.Errorf("what was wanted is lost: %v", p.IPv4)
		}
		// What the engine will not have is not kept.
		b.eng.Fail(netcfgtest.Up, netcfg.Errorf(netcfg.Unsupported, "so"))
		b.fails(netcfg.Unsupported, b.must(b.Configure(b.a, static("192.0.2.9/24"), user)), nil)
		if p, _ := b.Secrets(b.settled(b.a).Own); p.IPv4.Addresses[0].Addr() != netip.MustParseAddr("192.0.2.8") {
			t.Errorf("what the engine refused is kept: %v", p.IPv4)
		}
		b.eng.Do(netcfgtest.Up, func() { panic("an engine goes wrong") })
		b.fails(netcfg.EngineFailed, b.must(b.Configure(b.a, static("192.0.2.9/24"), user)), nil)
		b.done(b.Configure(b.a, static("192.0.2.9/24"), user))
		b.Net.Break(errors.New("no sockets"))
		b.fails(netcfg.EngineFailed, nil, second(b.Configure(b.a, static("192.0.2.9/24"), user)))
		b.Net.Break(nil)
		b.Store.Fail = map[netcfg.Tier]error{netcfg.RunTier: errors.New("full")}
		b.fails(netcfg.EngineFailed, b.must(b.Configure(b.a, static("192.0.2.10/24"), user)), nil)
		b.has(b.a, "192.0.2.9/24")
	})
}

func (b *bed) must(j *netcfg.Job, err error) *netcfg.Job {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
	return j
}

func TestOneAtATime(t *testing.T) {
	in(t, nil, func(b *bed) {
		release := b.eng.Hang(netcfgtest.Up)
		j := b.must(b.Configure(b.a, auto(), user))
		synctest.Wait()
		if s := j.Stage(); s != netcfg.StageCarrier || j.State() != netcfg.JobRunning || !b.Busy() || b.settled(b.a).Job != j.ID {
			t.Errorf("stage %q", s)
		}
		for _, o := range []netcfg.Owner{user, other, admin} {
			b.fails(netcfg.Busy, nil, second(b.Configure(b.a, auto(), o)))
			b.fails(netcfg.Busy, nil, second(b.Disconnect(b.a, o)))
			b.fails(netcfg.Busy, nil, second(b.Forget(b.a, o)))
			b.fails(netcfg.Busy, nil, second(b.Begin([]int{b.a}, time.Minute, o)))
		}
		b.done(b.Configure(b.b, auto(), other)) // another link is no matter
		release()
		b.done(j, nil)
		b.done(b.Disconnect(b.a, user))
		if b.Busy() {
			t.Error("busy with nothing")
		}
	})
}

// One that is cancelled leaves the link as it was.
func TestCancel(t *testing.T) {
	in(t, nil, func(b *bed) {
		b.done(b.Configure(b.a, static("192.0.2.7/24"), user))
		b.eng.Hang(netcfgtest.Up)
		j := b.must(b.Configure(b.a, auto(), user))
		synctest.Wait()
		j.Cancel()
		b.fails(netcfg.Cancelled, j, nil)
		b.has(b.a, "192.0.2.7/24")
		if p, _ := b.Secrets(b.settled(b.a).Own); p.IPv4.Method != netcfg.Static {
			t.Errorf("what was cancelled is kept: %v", p.IPv4)
		}
		j.Cancel()
		b.code(netcfg.Cancelled, j.Err())

		release := b.eng.Stick(netcfgtest.Up)
		j = b.must(b.Configure(b.a, auto(), user))
		synctest.Wait()
		began := time.Now()
		j.Cancel()
		b.fails(netcfg.Cancelled, j, nil)
		if took := time.Since(began); took > 6*time.Second {
			t.Errorf("over after %v", took)
		}
		b.fails(netcfg.Busy, nil, second(b.Configure(b.a, auto(), user))) // the engine is still at it
		release()
		b.has(b.a, "192.0.2.7/24")
		b.done(b.Configure(b.a, auto(), user))
		done := b.done(b.Disconnect(b.a, user))
		done.Cancel()
		if done.Err() != nil || done.State() != netcfg.JobDone {
			t.Error("what is done was cancelled")
		}
	})
}

func TestJobTime(t *testing.T) {
	in(t, nil, func(b *bed) {
		b.eng.Hang(netcfgtest.Up)
		began := time.Now()
		b.fails(netcfg.TimedOut, b.must(b.Configure(b.a, auto(), user)), nil)
		if took := time.Since(began); took != 90*time.Second {
			t.Errorf("over after %v", took)
		}
		b.eng.Hang(netcfgtest.Links)
		b.fails(netcfg.TimedOut, b.must(b.Configure(b.a, auto(), user)), nil)
		b.eng.Hang(netcfgtest.Snapshot)
		b.fails(netcfg.TimedOut, b.must(b.Configure(b.a, auto(), user)), nil)
		b.Finder.Stop(b.eng) // whoever it tells of links to leave alone is new
		b.Finder.Start(b.eng)
		synctest.Wait()
		b.eng.Hang(netcfgtest.Protect)
		b.fails(netcfg.TimedOut, b.must(b.Configure(b.a, auto(), user)), nil)
		b.done(b.Configure(b.a, auto(), user))
	})
}

// What goes away in the middle ends the job at once, even where the engine waits on.
func TestGone(t *testing.T) {
	in(t, nil, func(b *bed) {
		release := b.eng.Stick(netcfgtest.Up)
		j := b.must(b.Configure(b.a, auto(), user))
		synctest.Wait()
		b.Finder.Stop(b.eng)
		b.fails(netcfg.EngineGone, j, nil)
		release()
		synctest.Wait()
		b.fails(netcfg.Unmanaged, b.must(b.Configure(b.a, auto(), user)), nil)
		b.Finder.Start(b.eng)
		b.done(b.Configure(b.a, auto(), user))

		release = b.eng.Stick(netcfgtest.Up)
		j = b.must(b.Configure(b.a, auto(), user))
		synctest.Wait()
		back := b.Net.Remove(b.a)
		b.fails(netcfg.NotFound, j, nil)
		release()
		synctest.Wait()
		b.code(netcfg.NotFound, second(b.Link(b.a)))
		b.a = back()
		b.done(b.Configure(b.a, auto(), user))
	})
}

// Who left before anything began wanted nothing.
func TestOwnerLeft(t *testing.T) {
	in(t, nil, func(b *bed) {
		here, leave := context.WithCancel(context.Background())
		leave()
		gone := netcfg.Owner{Name: ":1.3", UID: 1000, Here: here}
		b.fails(netcfg.Cancelled, nil, second(b.Configure(b.a, auto(), gone)))
		b.code(netcfg.Cancelled, second(b.Begin([]int{b.a}, time.Minute, gone)))
		if calls := b.eng.Calls(); len(calls) > 0 {
			t.Errorf("%+v", calls)
		}
	})
}

func TestEngines(t *testing.T) {
	managed := netcfg.Managed{State: netcfg.StateConnected, Settable: true, Foreign: "of the image"}
	free := netcfg.Managed{State: netcfg.StateUnmanaged, Settable: true}
	not := netcfg.Managed{State: netcfg.StateUnmanaged, Why: "so the image says"}
	for _, row := range []struct {
		name          string
		first, second netcfg.Managed
		want          string // the engine; "" for none
		settable      bool
		why           string
	}{
		{"the first manages it", managed, free, "first", true, ""},
		{"the second manages it", free, managed, "second", true, ""},
		{"the second manages it, and the first will not", not, managed, "second", true, ""},
		{"either would", free, free, "first", true, ""},
		{"only the second would", not, free, "second", true, ""},
		{"none would", not, not, "", false, "so the image says"},
		{"both manage it", managed, managed, "", false, "both first and second manage it"},
	} {
		t.Run(row.name, func(t *testing.T) {
			in(t, func(w *netcfgtest.World, o *netcfg.Options) {
				first, second := netcfgtest.NewEngine("first", w.Net), netcfgtest.NewEngine("second", w.Net)
				first.Image("a", row.first)
				second.Image("a", row.second)
				o.Find = netcfgtest.NewFinder(first, second)
				o.Spare = netcfgtest.NewEngine("spare", w.Net)
			}, func(b *bed) {
				l := b.settled(b.a)
				if l.Engine != row.want || l.Settable != row.settable || !strings.Contains(l.Why, row.why) {
					t.Errorf("%+v", l)
				}
				if !slices.Equal(b.Engines(), []string{"first", "second"}) {
					t.Errorf("engines: %q", b.Engines())
				}
				if row.settable {
					b.done(b.Configure(b.a, auto(), user))
				} else {
					b.fails(netcfg.Unmanaged, b.must(b.Configure(b.a, auto(), user)), nil)
				}
			})
		})
	}
}

// Where two have come to manage a link the way out is to take away what is ours.
func TestTwoOwners(t *testing.T) {
	in(t, nil, func(b *bed) {
		b.done(b.Configure(b.a, auto(), user))
		second := netcfgtest.NewEngine("second", b.Net)
		second.Image("a", netcfg.Managed{State: netcfg.StateConnected, Settable: true})
		b.Finder.Start(second)
		if l := b.settled(b.a); l.Settable || l.Engine != "" || l.Profile != l.Own {
			t.Errorf("%+v", l)
		}
		b.fails(netcfg.Unmanaged, b.must(b.Connect(b.a, "", user)), nil)
		b.eng.Image("a", netcfg.Managed{State: netcfg.StateUnmanaged})
		b.done(b.Forget(b.a, user))
		if calls := second.Calls(); len(calls) > 0 {
			t.Errorf("the other's link was changed: %+v", calls)
		}
		if l := b.settled(b.a); l.Engine != "second" {
			t.Errorf("%+v", l)
		}
	})
}

// The spare one has links only where no other is, and not while another is started
// anew.
func TestSpare(t *testing.T) {
	var spare *netcfgtest.Engine
	in(t, func(w *netcfgtest.World, o *netcfg.Options) {
		spare = netcfgtest.NewEngine("spare", w.Net)
		o.Spare = spare
		w.Finder.Stop(w.Engine)
	}, func(b *bed) {
		b.done(b.Configure(b.a, auto(), user))
		if l := b.settled(b.a); l.Engine != "spare" || len(spare.Calls(netcfgtest.Up)) != 1 {
			t.Errorf("%+v", l)
		}
		b.Finder.Start(b.eng)
		b.done(b.Configure(b.b, auto(), user))
		if l := b.settled(b.b); l.Engine != "fake" || len(spare.Calls(netcfgtest.Up)) != 1 {
			t.Errorf("%+v", l)
		}
		b.Finder.Stop(b.eng)
		time.Sleep(29 * time.Second)
		b.fails(netcfg.Unmanaged, b.must(b.Configure(b.b, auto(), user)), nil)
		b.Finder.Start(b.eng)
		b.done(b.Configure(b.b, auto(), user))
		b.Finder.Stop(b.eng)
		time.Sleep(31 * time.Second)
		if l := b.settled(b.b); l.Engine != "spare" {
			t.Errorf("nobody stepped in: %+v", l)
		}
	})
}

// An engine whose watch or answers fail is asked again, and is told anew what to
// leave alone.
func TestEngineRestart(t *testing.T) {
	in(t, nil, func(b *bed) {
		b.done(b.Configure(b.a, auto(), user))
		before := len(b.eng.Calls(netcfgtest.Protect))
		b.Finder.Stop(b.eng)
		if l := b.settled(b.a); l.Engine != "" || l.Settable {
			t.Errorf("without an engine: %+v", l)
		}
		b.Finder.Start(b.eng)
		if l := b.settled(b.a); l.Engine != "fake" || l.Profile != l.Own {
			t.Errorf("with it again: %+v", l)
		}
		b.done(b.Configure(b.b, auto(), user))
		if after := len(b.eng.Calls(netcfgtest.Protect)); after != before+1 {
			t.Errorf("told %d times, then %d", before, after)
		}
		b.eng.Fail(netcfgtest.Links, errors.New("once"))
		b.eng.Image("b", netcfg.Managed{State: netcfg.StateDown, Settable: true})
		time.Sleep(10 * time.Second)
		if l := b.settled(b.a); l.Engine != "fake" {
			t.Errorf("after a failure: %+v", l)
		}
	})
}

// Observers hear of what changed, and of nothing when nothing did.
func TestChanged(t *testing.T) {
	var heard atomic.Uint64
	in(t, func(_ *netcfgtest.World, o *netcfg.Options) {
		o.Changed = func(w netcfg.What) { heard.Or(uint64(w)) }
	}, func(b *bed) {
		after := func(what string, want netcfg.What) {
			b.t.Helper()
			synctest.Wait()
			if got := netcfg.What(heard.Swap(0)); got&want != want {
				t.Errorf("%s: heard %b, want %b", what, got, want)
			}
		}
		synctest.Wait()
		heard.Store(0)
		b.done(b.Configure(b.a, auto(), user))
		after("configure", netcfg.LinksChanged|netcfg.JobsChanged|netcfg.ProfilesChanged)
		tr, err := b.Begin([]int{b.a}, time.Minute, user)
		b.code("", err)
		after("begin", netcfg.TransactionsChanged|netcfg.LinksChanged)
		b.code("", tr.Confirm())
		after("confirm", netcfg.TransactionsChanged|netcfg.LinksChanged)
		b.Net.Plug(b.b, false)
		after("a cable", netcfg.LinksChanged)
		time.Sleep(2 * time.Minute) // jobs and transactions are forgotten
		synctest.Wait()
		heard.Store(0)
		time.Sleep(time.Hour)
		b.Net.Plug(b.b, false)
		b.eng.Image("b", netcfg.Managed{State: netcfg.StateDown, Settable: true})
		time.Sleep(time.Hour)
		if got := heard.Load(); got != 0 {
			t.Errorf("nothing changed, and that was told: %b", got)
		}
	})
}

func TestRestore(t *testing.T) {
	in(t, func(w *netcfgtest.World, _ *netcfg.Options) {
		put := func(tier netcfg.Tier, p netcfg.Profile) {
			if err := w.Store.Put(tier, p); err != nil {
				t.Fatal(err)
			}
		}
		put(netcfg.ImageTier, netcfg.Profile{ID: "any", Kind: netcfg.Wired})
		put(netcfg.ImageTier, netcfg.Profile{ID: "more", Kind: netcfg.Wired, Priority: 5})
		put(netcfg.StateTier, netcfg.Profile{ID: "zz-user", Kind: netcfg.Wired, Priority: 5})
		put(netcfg.StateTier, netcfg.Profile{ID: "manual", Kind: netcfg.Wired, Priority: 900, Manual: true})
		mac := static("192.0.2.9/24")
		mac.ID, mac.Link.MAC, mac.Priority = "mac", "52:54:00:00:00:02", -5
		put(netcfg.StateTier, mac)
		put(netcfg.StateTier, netcfg.Profile{ID: "name", Kind: netcfg.Wired, Link: netcfg.Match{Name: "a"}, Priority: 9})
		put(netcfg.StateTier, netcfg.Profile{ID: "broken", Kind: "wifi", Priority: 999})
		w.Store.Lost = errors.New("one file is damaged")
		c := w.Net.Add("c")
		w.Net.Set(c, "203.0.113.5/24", "", 0)
		w.Net.SetRoot(kernel.Root{Remote: true, Clues: []kernel.Clue{{Name: "c", Why: "ip="}}})
		w.Engine.Forbid(c)
		d := w.Net.Add("d")
		w.Net.Change(d, func(l *kernel.Link) { l.Wireless = true })
	}, func(b *bed) {
		b.code("", b.Restore(context.Background()))
		for name, want := range map[int]string{b.a: "mac", b.b: "zz-user", b.b + 1: "", b.b + 2: ""} {
			if l := b.settled(name); l.Profile != want {
				t.Errorf("%s has %q, want %q", l.Name, l.Profile, want)
			}
		}
		n := len(b.eng.Calls(netcfgtest.Up))
		b.code("", b.Restore(context.Background()))
		if again := len(b.eng.Calls(netcfgtest.Up)); again != n || len(b.eng.Broken()) > 0 {
			t.Errorf("%d calls, then %d; %v", n, again, b.eng.Broken())
		}
		b.done(b.Connect(b.a, "manual", user))
		b.fails(netcfg.Invalid, nil, second(b.Connect(b.b, "mac", user)))
		b.fails(netcfg.Unsupported, nil, second(b.Connect(b.b+2, "any", user)))
		b.eng.Fail(netcfgtest.Up, netcfg.Errorf(netcfg.NoAddress, "so"))
		b.done(b.Disconnect(b.b, user))
		b.code(netcfg.NoAddress, b.Restore(context.Background()))
	})
}

func TestOnline(t *testing.T) {
	var asked []string
	var say netcfg.Connectivity
	portal := ""
	in(t, func(_ *netcfgtest.World, o *netcfg.Options) {
		say = netcfg.ConnectivityFull
		o.Online = func(ctx context.Context, u netcfg.Uplink) (netcfg.Connectivity, string, error) {
			asked = append(asked, u.Link.Name)
			time.Sleep(time.Second)
			return say, portal, ctx.Err()
		}
	}, func(b *bed) {
		is := func(want netcfg.Connectivity, wantPortal string) {
			b.t.Helper()
			time.Sleep(3 * time.Second)
			synctest.Wait()
			if c, p := b.Connectivity(); c != want || p != wantPortal {
				b.t.Errorf("%s %q, want %s %q", c, p, want, wantPortal)
			}
		}
		is(netcfg.ConnectivityNone, "")
		b.done(b.Configure(b.a, auto(), user))
		is(netcfg.ConnectivityFull, "")
		n := len(asked)
		time.Sleep(time.Hour)
		if len(asked) != n {
			t.Error("it was asked for by itself")
		}
		say, portal = netcfg.ConnectivityPortal, "http://192.0.2.1/"
		c, err := b.Check(context.Background())
		if c != netcfg.ConnectivityPortal || err != nil {
			t.Errorf("%s, %v", c, err)
		}
		is(netcfg.ConnectivityPortal, "http://192.0.2.1/")
		b.done(b.Disconnect(b.a, user))
		is(netcfg.ConnectivityNone, "")
	})
}

func TestProfiles(t *testing.T) {
	ctx := context.Background()
	in(t, func(w *netcfgtest.World, _ *netcfg.Options) {
		p := auto()
		p.ID, p.Name = "seed", "of the image"
		if err := w.Store.Put(netcfg.ImageTier, p); err != nil {
			t.Fatal(err)
		}
	}, func(b *bed) {
		p := auto()
		p.Name = "office"
		p.Dot1X = &netcfg.Dot1X{Method: "peap", Identity: "me", Password: "secret", AnyServer: true}
		id, err := b.Add(ctx, p)
		b.code("", err)
		s, err := b.Profile(id)
		if err != nil || s.Dot1X.Password != "" || s.Persistent || s.ReadOnly || !s.Changed || s.Name != "office" {
			t.Errorf("%+v, %v", s, err)
		}
		if full, _ := b.Secrets(id); full.Dot1X.Password != "secret" {
			t.Error("the secret is lost")
		}
		p.ID = id
		b.code(netcfg.Invalid, second(b.Add(ctx, p)))
		b.code(netcfg.Invalid, second(b.Add(ctx, netcfg.Profile{Kind: "x"})))
		b.code(netcfg.NotFound, b.Update(ctx, "none", p))
		b.code(netcfg.Invalid, b.Update(ctx, id, netcfg.Profile{ID: "another", Kind: netcfg.Wired}))

		changed := s.Profile
		changed.MTU = 1400
		b.code("", b.Update(ctx, id, changed))
		if full, _ := b.Secrets(id); full.Dot1X.Password != "secret" || full.MTU != 1400 {
			t.Errorf("after Update: %+v", full.MTU)
		}
		b.code("", b.Persist(ctx, id))
		if s, _ := b.Profile(id); !s.Persistent || s.Changed || b.Store.Has(netcfg.RunTier, id) {
			t.Errorf("after Persist: %+v", s)
		}
		changed.MTU = 1300
		b.code("", b.Update(ctx, id, changed))
		s, _ = b.Profile(id)
		if !s.Persistent || !s.Changed || s.MTU != 1300 {
			t.Errorf("changed after Persist: %+v", s)
		}
		b.Store.Fail = map[netcfg.Tier]error{netcfg.StateTier: errors.New("there is no such directory")}
		b.code(netcfg.NoStore, b.Persist(ctx, id))

		b.done(b.Connect(b.a, id, user))
		b.done(b.Connect(b.b, "seed", user))
		b.code("", b.Delete(ctx, id, user))
		if l := b.settled(b.a); l.Profile != "" || b.Store.Has(netcfg.StateTier, id) || b.Store.Has(netcfg.RunTier, id) {
			t.Errorf("after Delete: %+v", l)
		}
		b.code(netcfg.NotFound, b.Delete(ctx, id, user))
		b.code(netcfg.Unsupported, b.Delete(ctx, "seed", user))
		seed, _ := b.Secrets("seed")
		seed.MTU = 1300
		b.code("", b.Update(ctx, "seed", seed))
		if s, _ := b.Profile("seed"); !s.ReadOnly || !s.Changed || s.MTU != 1300 {
			t.Errorf("a seed that was changed: %+v", s)
		}
		b.code("", b.Delete(ctx, "seed", user))
		if s, _ := b.Profile("seed"); !s.ReadOnly || s.Changed || s.MTU != 0 {
			t.Errorf("a seed as it was: %+v", s)
		}
		if n := len(b.Profiles()); n != 1 {
			t.Errorf("%d profiles", n)
		}
		for range 256 {
			if _, err = b.Add(ctx, auto()); err != nil {
				break
			}
		}
		b.code("", err)
		b.code(netcfg.Busy, second(b.Add(ctx, auto())))
	})
}

// A profile that is in force on a link that somebody is changing stays.
func TestDeleteBusy(t *testing.T) {
	in(t, nil, func(b *bed) {
		b.done(b.Configure(b.a, auto(), user))
		own := b.settled(b.a).Own
		_, err := b.Begin([]int{b.a}, time.Minute, other)
		b.code("", err)
		b.code(netcfg.Busy, b.Delete(context.Background(), own, user))
		if !b.Store.Has(netcfg.RunTier, own) {
			t.Error("it is gone")
		}
	})
}
