package load

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/sys/unix"

	"attune/detect/kmod"
)

// A bench stands in for the kernel: each module takes its time and then has
// its answer.
type bench struct {
	mu      sync.Mutex
	takes   map[string]time.Duration // default 10 ms
	fails   map[string]error
	started []string
	loads   map[string]int
	now     int
	most    int // loads at one time
}

func (b *bench) load(_ context.Context, s kmod.Step) (Loading, error) {
	b.mu.Lock()
	b.started = append(b.started, s.Module)
	if b.loads == nil {
		b.loads = map[string]int{}
	}
	b.loads[s.Module]++
	b.now++
	b.most = max(b.most, b.now)
	d, ok := b.takes[s.Module]
	b.mu.Unlock()
	if !ok {
		d = 10 * time.Millisecond
	}
	time.Sleep(d)
	b.mu.Lock()
	b.now--
	b.mu.Unlock()
	return Loading{How: Direct, Attempts: 1}, b.fails[s.Module]
}

func (b *bench) order() string { return strings.Join(b.started, " ") }

// results keeps what a scheduler delivers.
type results struct {
	mu sync.Mutex
	by map[string]Result
}

func (rs *results) put(r Result) {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	if rs.by == nil {
		rs.by = map[string]Result{}
	}
	rs.by[r.Step.Module] = r
}

func (rs *results) of(module string) Result {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	return rs.by[module]
}

// newScheduler makes one for which every load only waits.
func newScheduler(ctx context.Context, load Func, opt SchedulerOptions) *Scheduler {
	opt.Busy = func(int) bool { return false }
	return NewScheduler(ctx, load, opt)
}

func step(name string, needs ...string) kmod.Step {
	return kmod.Step{Module: name, After: needs, Needs: needs}
}

func outcome(results map[string]Result) string {
	var lines []string
	for name, r := range results {
		line := name + ": ok"
		if r.Err != nil {
			line = name + ": " + r.Err.Error()
		}
		lines = append(lines, line)
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

func TestScheduler(t *testing.T) {
	urgent := func(s kmod.Step, p int) kmod.Step { s.Priority = p; return s }
	tests := []struct {
		name  string
		opt   SchedulerOptions
		bench *bench
		steps []kmod.Step
		order string // of starting, "" when it does not matter
		took  time.Duration
		most  int
		want  string
	}{{
		name:  "dependencies first",
		opt:   SchedulerOptions{Workers: 4},
		steps: []kmod.Step{step("e1000e", "ptp"), step("ptp", "pps_core"), step("pps_core")},
		order: "pps_core ptp e1000e",
		took:  30 * time.Millisecond,
		most:  1,
		want:  "e1000e: ok\npps_core: ok\nptp: ok",
	}, {
		name:  "as many at a time as there are workers",
		opt:   SchedulerOptions{Workers: 2},
		steps: []kmod.Step{step("a"), step("b"), step("c"), step("d")},
		took:  20 * time.Millisecond,
		most:  2,
		want:  "a: ok\nb: ok\nc: ok\nd: ok",
	}, {
		name:  "a slow one does not stall the rest",
		opt:   SchedulerOptions{Workers: 1, Overflow: 50 * time.Millisecond},
		bench: &bench{takes: map[string]time.Duration{"sym53c8xx": 5 * time.Second}},
		steps: []kmod.Step{step("sym53c8xx"), step("b"), step("c")},
		order: "sym53c8xx b c",
		took:  5 * time.Second,
		most:  2,
		want:  "b: ok\nc: ok\nsym53c8xx: ok",
	}, {
		name:  "threads have an end",
		opt:   SchedulerOptions{Workers: 1, Overflow: time.Millisecond, MaxThreads: 3},
		steps: []kmod.Step{step("a"), step("b"), step("c"), step("d"), step("e"), step("f")},
		most:  3,
		want:  "a: ok\nb: ok\nc: ok\nd: ok\ne: ok\nf: ok",
	}, {
		name:  "urgent ones first, and what they need",
		opt:   SchedulerOptions{Workers: 1},
		steps: []kmod.Step{step("snd"), step("scsi_mod"), urgent(step("sym53c8xx", "scsi_mod"), 9)},
		order: "scsi_mod sym53c8xx snd",
		want:  "scsi_mod: ok\nsnd: ok\nsym53c8xx: ok",
	}, {
		name:  "serial keeps the order and waits for the slow",
		opt:   SchedulerOptions{Serial: true, Overflow: time.Millisecond},
		steps: []kmod.Step{step("a"), urgent(step("b"), 9), step("c")},
		order: "a b c",
		took:  30 * time.Millisecond,
		most:  1,
		want:  "a: ok\nb: ok\nc: ok",
	}, {
		name:  "a failed dependency is the reason of the whole chain",
		opt:   SchedulerOptions{Workers: 2},
		bench: &bench{fails: map[string]error{"pps_core": unix.ENOEXEC}},
		steps: []kmod.Step{step("pps_core"), step("ptp", "pps_core"), step("e1000e", "ptp")},
		order: "pps_core",
		want: `e1000e: loading e1000e: it needs pps_core: loading pps_core: it was built for another kernel or is no module: exec format error
pps_core: loading pps_core: it was built for another kernel or is no module: exec format error
ptp: loading ptp: it needs pps_core: loading pps_core: it was built for another kernel or is no module: exec format error`,
	}, {
		name:  "a failed soft dependency is not",
		opt:   SchedulerOptions{Workers: 2},
		bench: &bench{fails: map[string]error{"crct10dif_pclmul": unix.ENODEV}},
		steps: []kmod.Step{step("crct10dif_pclmul"), {Module: "crc_t10dif", After: []string{"crct10dif_pclmul"}}},
		order: "crct10dif_pclmul crc_t10dif",
		want:  "crc_t10dif: ok\ncrct10dif_pclmul: loading crct10dif_pclmul: it found no device to drive: no such device",
	}, {
		name:  "a circle is broken at its first",
		opt:   SchedulerOptions{Workers: 2},
		steps: []kmod.Step{step("a", "c"), step("b", "a"), step("c", "b"), step("self", "self")},
		order: "self a b c",
		want:  "a: ok\nb: ok\nc: ok\nself: ok",
	}, {
		name:  "a dependency nobody added is in the kernel",
		opt:   SchedulerOptions{Workers: 2},
		steps: []kmod.Step{step("usb_storage", "usbcore")},
		want:  "usb_storage: ok",
	}}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				begin := time.Now()
				if tt.bench == nil {
					tt.bench = &bench{}
				}
				var got results
				tt.opt.OnResult = got.put
				s := newScheduler(t.Context(), tt.bench.load, tt.opt)
				s.Add(tt.steps...)
				if still := s.Wait(t.Context()); still != nil {
					t.Errorf("still loading: %v", still)
				}
				if took := time.Since(begin); tt.took > 0 && took != tt.took {
					t.Errorf("took %v, want %v", took, tt.took)
				}
				if tt.order != "" && tt.bench.order() != tt.order {
					t.Errorf("started %q, want %q", tt.bench.order(), tt.order)
				}
				if tt.most > 0 && tt.bench.most != tt.most {
					t.Errorf("%d at one time, want %d", tt.bench.most, tt.most)
				}
				if got := outcome(got.by); got != tt.want {
					t.Errorf("got\n%s\nwant\n%s", got, tt.want)
				}
			})
		})
	}
}

func TestSchedulerDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := bench{takes: map[string]time.Duration{"mptsas": time.Minute}}
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		var delivered []string
		var got results
		s := newScheduler(ctx, b.load, SchedulerOptions{Workers: 2, OnResult: func(r Result) {
			delivered = append(delivered, r.Step.Module)
			got.put(r)
		}})
		s.Add(step("mptsas"), step("ses", "mptsas"), step("e1000e"))
		still := s.Wait(ctx)
		if want := []StillLoading{{"mptsas", 10 * time.Second}}; !slices.Equal(still, want) {
			t.Errorf("still loading %v, want %v", still, want)
		}
		synctest.Wait() // the deadline is over for ses too
		r := got.of("ses")
		var le *Error
		if !errors.As(r.Err, &le) || le.Reason != NotStarted || !errors.Is(r.Err, context.DeadlineExceeded) {
			t.Errorf("ses: %v, want it not started", r.Err)
		}
		if s.Wait(context.Background()); got.of("mptsas").Took != time.Minute {
			t.Errorf("mptsas was not left to its end: %+v", got.of("mptsas"))
		}
		if want := []string{"e1000e", "ses", "mptsas"}; !slices.Equal(delivered, want) {
			t.Errorf("delivered %v, want %v", delivered, want)
		}
		s.Add(step("late"))
		if r := got.of("late"); r.Err == nil {
			t.Error("a step after the deadline was started")
		}
	})
}

// A fallback is added from the result of what it follows: nobody may see the
// scheduler at rest between the two.
func TestSchedulerAddFromResult(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := bench{fails: map[string]error{"nvidia": unix.ENODEV}}
		var s *Scheduler
		var got results
		s = newScheduler(t.Context(), b.load, SchedulerOptions{Workers: 1, OnResult: func(r Result) {
			got.put(r)
			if r.Step.Module == "nvidia" {
				s.Add(step("nouveau", "nvidia"), step("nouveau2"))
				if s.InFlight() == 0 {
					t.Error("at rest while delivering")
				}
			}
		}})
		s.Add(step("nvidia"))
		s.Add(step("nvidia"))
		s.Wait(t.Context())
		if order := b.order(); order != "nvidia nouveau2" {
			t.Errorf("started %q", order)
		}
		if s.InFlight() != 0 || got.of("nouveau").Err == nil {
			t.Errorf("in flight %d, results %v", s.InFlight(), got.by)
		}
	})
}

// Random graphs, loops and all, added in pieces by several at once: every
// module is loaded exactly once, never before what it comes after unless they
// form a circle, and the scheduler comes to rest.
func TestSchedulerRandom(t *testing.T) {
	for seed := range uint64(200) {
		rnd := rand.New(rand.NewPCG(seed, 1))
		synctest.Test(t, func(t *testing.T) {
			b := bench{takes: map[string]time.Duration{}, fails: map[string]error{}}
			var steps []kmod.Step
			n := 1 + rnd.IntN(60)
			for i := range n {
				st := kmod.Step{Module: fmt.Sprint("m", i), Priority: rnd.IntN(3)}
				for range rnd.IntN(4) {
					dep := fmt.Sprint("m", rnd.IntN(i+1))
					if seed%2 == 1 { // any way round: circles
						dep = fmt.Sprint("m", rnd.IntN(n))
					}
					st.After = append(st.After, dep)
				}
				b.takes[st.Module] = time.Duration(rnd.IntN(200)) * time.Millisecond
				steps = append(steps, st)
			}
			var got results
			s := newScheduler(t.Context(), b.load, SchedulerOptions{Workers: 1 + rnd.IntN(4), OnResult: func(r Result) {
				for _, dep := range r.Step.After {
					if dep != r.Step.Module && !r.Loop && got.of(dep).Started.After(r.Started) {
						t.Errorf("seed %d: %s before %s", seed, r.Step.Module, dep)
					}
				}
				got.put(r)
			}})
			if seed%4 < 2 {
				s.Add(steps...)
			} else {
				var wg sync.WaitGroup
				wg.Go(func() { s.Add(steps...) })
				wg.Go(func() { s.Add(steps...) })
				wg.Wait()
			}
			s.Wait(t.Context())
			for name, count := range b.loads {
				if count != 1 {
					t.Errorf("seed %d: %s loaded %d times", seed, name, count)
				}
			}
			if len(got.by) != n || len(b.loads) != n {
				t.Errorf("seed %d: %d of %d delivered, %d loaded", seed, len(got.by), n, len(b.loads))
			}
		})
	}
}

// A load that works keeps its place however long it takes; one that waits
// gives it away, and takes it back when it works again.
func TestSchedulerBusy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := bench{takes: map[string]time.Duration{"works": time.Second, "b": 300 * time.Millisecond, "c": 300 * time.Millisecond}}
		begin := time.Now()
		waits := func(int) bool { // on the processor but from 200 to 400 ms
			at := time.Since(begin)
			return at < 200*time.Millisecond || at >= 400*time.Millisecond
		}
		var all results
		s := NewScheduler(t.Context(), b.load, SchedulerOptions{Workers: 1, Overflow: 50 * time.Millisecond, Busy: waits, OnResult: all.put})
		s.Add(step("works"), step("b"), step("c"))
		s.Wait(t.Context())
		got := map[string]time.Duration{}
		for name, r := range all.by {
			got[name] = r.Started.Sub(begin)
		}
		// b starts when works begins to wait, and c while both do; then all
		// three are left to their end.
		want := map[string]time.Duration{"works": 0, "b": 200 * time.Millisecond, "c": 250 * time.Millisecond}
		if !maps.Equal(got, want) {
			t.Errorf("started %v, want %v", got, want)
		}
	})
}

func TestThreadBusy(t *testing.T) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if !ThreadBusy(unix.Gettid()) {
		t.Error("the thread that asks is not busy")
	}
	if ThreadBusy(-1) {
		t.Error("a thread that is not there is busy")
	}
}
