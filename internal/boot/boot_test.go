package boot

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"attune/detect/uevent"
)

const (
	host  = "pci0000:00/0000:00:02.0"
	stick = host + "/usb1/1-1/1-1:1.0"
	disk  = stick + "/host0/target0:0:0/0:0:0:0"
)

// usbRig is a machine with a USB stick behind a host controller: each module
// brings the next device, the last one a second late and without an event in
// between.
func usbRig(t *testing.T) *rig {
	r := newRig(t, "xhci_pci < xhci_hcd: pci:xhci", "xhci_hcd:", "usb_storage: usb:storage", "sd_mod: scsi:disk", "sg:")
	r.put(host, "pci", "pci:xhci")
	r.onLoad["xhci_pci"] = func(context.Context) error {
		r.bind(host, "pci", "xhci_hcd")
		r.plug(host+"/usb1", "usb", "", "DEVTYPE=usb_device", "TYPE=9/0/1")
		time.AfterFunc(300*time.Millisecond, func() { r.plug(stick, "usb", "usb:storage", "INTERFACE=8/6/80") })
		return nil
	}
	r.onLoad["usb_storage"] = func(context.Context) error {
		r.bind(stick, "usb", "usb-storage")
		time.AfterFunc(1100*time.Millisecond, func() { r.plug(disk, "scsi", "scsi:disk", "DEVTYPE=scsi_device") })
		return nil
	}
	r.onLoad["sd_mod"] = func(context.Context) error { r.bind(disk, "scsi", "sd"); return nil }
	return r
}

func TestFollowsWhatLoadingBringsAbout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := usbRig(t)
		report := r.boot("")
		r.loaded("xhci_hcd", "xhci_pci", "usb_storage", "sd_mod", "sg")
		if !report.Settled {
			t.Errorf("not settled: %s", report.Text())
		}
		if took := report.Took; took < 1400*time.Millisecond || took > 2500*time.Millisecond {
			t.Errorf("took %v: 300 ms for the hub, 1100 ms for the disk, a little silence", took)
		}
		if n := len(report.Inventory.Devices); n != 4 {
			t.Errorf("the report's inventory has %d devices, the machine 4", n)
		}
	})
}

func TestDependenciesFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := usbRig(t)
		r.boot("attune.serial")
		if slices.Index(r.order, "xhci_hcd") > slices.Index(r.order, "xhci_pci") {
			t.Errorf("order %q", r.order)
		}
	})
}

// A storm: ten thousand events, most of them dropped by the kernel, and the
// devices they spoke of there all the same.
func TestStormLosesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, "hub: pci:hub", "leaf: usb:leaf*", "last: usb:last")
		r.put(host, "pci", "pci:hub")
		const storm = 10_000
		r.onLoad["hub"] = func(context.Context) error {
			for i := range 100 {
				r.plug(fmt.Sprintf("%s/u%d", host, i), "usb", fmt.Sprintf("usb:leaf%d", i))
			}
			for i := range storm {
				r.say("change", fmt.Sprintf("%s/u%d", host, i%100), "SUBSYSTEM=usb")
				if i%1000 == 0 {
					r.events <- message{err: uevent.ErrOverflow}
				}
			}
			r.put(host+"/silent", "usb", "usb:last") // its event was one of the lost
			r.events <- message{err: uevent.ErrOverflow}
			return nil
		}
		report := r.boot("")
		r.loaded("hub", "leaf", "last")
		if !report.Settled {
			t.Error("not settled")
		}
		// One when it begins, one or two for the losses, one to prove rest.
		if scans := len(r.entries(KindScan)); scans > 5 {
			t.Errorf("%d scans", scans)
		}
	})
}

func TestDeadlineGoesOnWithoutTheSlowOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, "stuck: pci:stuck", "good: pci:good")
		r.put("pci0000:00/0000:00:01.0", "pci", "pci:stuck")
		r.put("pci0000:00/0000:00:02.0", "pci", "pci:good")
		r.onLoad["stuck"] = func(ctx context.Context) error {
			time.Sleep(5 * time.Minute)
			if ctx.Err() == nil {
				return errBroken
			}
			r.bind("pci0000:00/0000:00:01.0", "pci", "stuck")
			return nil // the context ended and the load was left alone
		}
		r.onLoad["good"] = func(context.Context) error { r.bind("pci0000:00/0000:00:02.0", "pci", "good"); return nil }
		b := New(r.env(), r.options("attune.deadline=10s"))
		report := b.Run(context.Background())
		if report.Settled || report.Took != 10*time.Second || !slices.Equal(report.Running, []string{"stuck"}) {
			t.Errorf("settled %v after %v, running %q", report.Settled, report.Took, report.Running)
		}
		r.loaded("good")
		// What follows decides by this inventory: it is of the deadline, not of the
		// first scan.
		if got := drivers(report); !slices.Equal(got, []string{"", "good"}) {
			t.Errorf("drivers at the deadline: %q", got)
		}
		if text := report.Text(); !strings.Contains(text, "loading stuck") {
			t.Errorf("the text does not say what was under way: %s", text)
		}
		late := b.Linger()
		if len(late.Loads) != 2 || len(late.Failed()) != 0 {
			t.Errorf("after lingering: %+v", late.Loads)
		}
		if got := drivers(late); !slices.Equal(got, []string{"stuck", "good"}) {
			t.Errorf("drivers after lingering: %q", got)
		}
		r.loaded("good", "stuck")
	})
}

func TestLadder(t *testing.T) {
	const gpu = "pci0000:00/0000:01:00.0"
	const alias = "pci:v000010DEd00001C82sv00001043sd0000862Abc03sc00i00"
	image := []string{"nvidia: pci:v000010DEd*", "nouveau: pci:v000010DEd*"}
	tests := []struct {
		name   string
		onLoad func(*rig) error
		want   []string
	}{
		{"nvidia takes the card", func(r *rig) error { r.bind(gpu, "pci", "nvidia"); return nil }, []string{"nvidia"}},
		{"nvidia does not load", func(*rig) error { return errBroken }, []string{"nvidia", "nouveau"}},
		{"nvidia loads and leaves the card alone", func(*rig) error { return nil }, []string{"nvidia", "nouveau"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := newRig(t, image...)
				r.put(gpu, "pci", alias)
				r.onLoad["nvidia"] = func(context.Context) error { return tt.onLoad(r) }
				if report := r.boot(""); !report.Settled {
					t.Error("not settled")
				}
				r.loaded(tt.want...)
				if len(tt.want) == 2 && len(r.entries(KindLadder)) != 1 {
					t.Errorf("the log does not tell of the second rung: %s", r.log.String())
				}
			})
		})
	}
}

func TestBesideUdevdFillsWhatItLeftOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, "done: pci:done", "left: pci:left")
		r.put("pci0000:00/0000:00:01.0", "pci", "pci:done")
		r.bind("pci0000:00/0000:00:01.0", "pci", "done")
		r.put("pci0000:00/0000:00:02.0", "pci", "pci:left")
		r.file("run/udev/control", "")
		r.file("run/udev/queue", "")
		time.AfterFunc(time.Second, func() {
			r.mu.Lock()
			defer r.mu.Unlock()
			r.tree.Remove("run/udev/queue")
		})
		report := r.boot("")
		r.loaded("left")
		if !report.Udevd || report.Took < time.Second {
			t.Errorf("udevd %v, took %v: it was busy for a second", report.Udevd, report.Took)
		}
	})
}

// Who is alone does not wait for udevd, and what appears while it tells of its
// rest is loaded by it still.
func TestAloneTellsOfItsRest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, "disk: pci:disk", "late: usb:late")
		r.put("pci0000:00/0000:00:01.0", "pci", "pci:disk")
		r.file("run/udev/control", "")
		r.file("run/udev/queue", "")
		opt, told := r.options(""), 0
		opt.Alone = true
		opt.AtRest = func() {
			r.loaded("disk")
			r.plug("usb1/1-1/1-1:1.0", "usb", "usb:late")
			told++
		}
		report := New(r.env(), opt).Run(context.Background())
		r.loaded("disk", "late")
		if told != 1 || !report.Settled || report.Udevd {
			t.Errorf("told %d times of its rest, settled %v, udevd %v", told, report.Settled, report.Udevd)
		}
	})
}

func drivers(report Report) (list []string) {
	for _, d := range report.Inventory.Devices {
		list = append(list, d.Driver)
	}
	return list
}

// A udevd that was idle when we looked may take up a card's driver a moment
// later, and that probe may be silent for longer than we call rest.
func TestRestWaitsForUdevd(t *testing.T) {
	for _, tt := range []struct {
		name    string
		busy    time.Duration
		settled bool
	}{
		{"a probe of two seconds", 2 * time.Second, true},
		{"one that never ends", time.Hour, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				const gpu = "pci0000:00/0000:00:02.0"
				r := newRig(t, "card: pci:card")
				r.put(gpu, "pci", "pci:card")
				r.file("run/udev/control", "")
				time.AfterFunc(100*time.Millisecond, func() {
					r.mu.Lock()
					defer r.mu.Unlock()
					r.file("run/udev/queue", "")
				})
				time.AfterFunc(100*time.Millisecond+tt.busy, func() {
					r.mu.Lock()
					r.tree.Remove("run/udev/queue")
					r.mu.Unlock()
					r.bind(gpu, "pci", "card")
				})
				report := New(r.env(), r.options("")).Run(context.Background())
				if report.Settled != tt.settled {
					t.Errorf("settled %v after %v, waiting for %q", report.Settled, report.Took, report.WaitingFor)
				}
				if len(report.Problems) > 0 {
					t.Errorf("problems %q", report.Problems)
				}
				if blamed := strings.HasPrefix(report.WaitingFor, "udevd"); blamed == tt.settled {
					t.Errorf("settled %v, waiting for %q", tt.settled, report.WaitingFor)
				}
				if bound := drivers(report)[0] == "card"; bound != tt.settled {
					t.Errorf("the card has driver %q", drivers(report))
				}
				if report.Took > DefaultDeadline {
					t.Errorf("took %v", report.Took)
				}
				if tt.busy > time.Minute {
					time.Sleep(2 * time.Hour) // the timers of this test
				}
			})
		})
	}
}

// A udevd that takes longer than half the deadline is gone on beside, and no
// problem of the machine.
func TestSlowUdevd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, "left: pci:left")
		r.put("pci0000:00/0000:00:02.0", "pci", "pci:left")
		r.file("run/udev/control", "")
		r.udevdBusy(true)
		time.AfterFunc(20*time.Second, func() { r.udevdBusy(false) })
		report := r.boot("")
		r.loaded("left")
		if !report.Settled || len(report.Problems) > 0 || report.Took < 20*time.Second {
			t.Errorf("settled %v after %v, problems %q", report.Settled, report.Took, report.Problems)
		}
		if notes := r.entries(KindNote); len(notes) != 1 || !strings.Contains(notes[0].Why, "udevd is still busy after 15s") {
			t.Errorf("the log has the notes %v", notes)
		}
	})
}

// A driver that hangs after udevd has done its part is not udevd's.
func TestUdevdIsNotBlamed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, "left: pci:left")
		r.put("pci0000:00/0000:00:02.0", "pci", "pci:left")
		r.onLoad["left"] = func(context.Context) error { time.Sleep(time.Minute); return nil }
		r.file("run/udev/control", "")
		r.udevdBusy(true)
		time.AfterFunc(time.Second, func() { r.udevdBusy(false) })
		b := New(r.env(), r.options(""))
		report := b.Run(context.Background())
		if report.Settled || report.WaitingFor != "" || !slices.Equal(report.Running, []string{"left"}) {
			t.Errorf("settled %v, waiting for %q, running %q", report.Settled, report.WaitingFor, report.Running)
		}
		b.Linger()
	})
}

func TestCommandLine(t *testing.T) {
	tests := []struct {
		words string
		want  []string
	}{
		{"quiet splash", []string{"one", "two"}},
		{"attune.skip=usb", []string{"one"}},
		{"attune.deny=one", []string{"two"}},
		{"attune.load=three", []string{"one", "two", "three"}},
	}
	for _, tt := range tests {
		t.Run(tt.words, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := newRig(t, "one: pci:one", "two: usb:two", "three:")
				r.put("pci0000:00/0000:00:01.0", "pci", "pci:one")
				r.put("pci0000:00/0000:00:02.0/usb1", "usb", "usb:two")
				r.boot(tt.words)
				r.loaded(tt.want...)
			})
		})
	}
}

func TestUnknownWordsWarn(t *testing.T) {
	for _, words := range []string{"attune=maybe", "attune.dney=x", "attune.desktop=on", "attune.initramfs=on"} {
		if opt := ParseCmdline(words); len(opt.Warnings) != 1 {
			t.Errorf("%q: warnings %v", words, opt.Warnings)
		}
	}
	for _, words := range []string{"attune=off", "attune.desktop=off", "attune.keyboard.layout=de attune.display.mirror",
		"attune.initramfs=instead", "attune.initramfs=beside", "attune.initramfs=off", "quiet -- attune=off attune.dney=x attune.serial"} {
		if opt := ParseCmdline(words); len(opt.Warnings) != 0 || opt.Off != (words == "attune=off") {
			t.Errorf("%q: %+v", words, opt)
		}
	}
}

// What is broken costs what it is, and boot still comes to an end.
func TestOddMachines(t *testing.T) {
	tests := []struct {
		name    string
		bend    func(*rig, *Env)
		problem string
	}{
		{"no modules directory", func(r *rig, _ *Env) { r.tree.Remove("lib") }, "no modules for this kernel"},
		{"kernel without module support", func(r *rig, _ *Env) { r.tree.Remove("lib"); r.file("proc/version", "Linux version 6.1") }, "without module support"},
		{"modules of another kernel", func(_ *rig, e *Env) { e.Release = "6.12.0" }, "mismatched kernel and tree"},
		{"no uevent socket", func(_ *rig, e *Env) {
			e.Listen = func() (Listener, error) { return nil, errors.New("no netlink here") }
		}, "no netlink here"},
		{"no /sys", func(r *rig, _ *Env) { r.tree.Remove("sys") }, "is /sys mounted"},
		{"a log that cannot be written", func(_ *rig, e *Env) { e.Events = NewJournal(full{}, 0, "") }, "no space left"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := newRig(t, "one: pci:one")
				r.put("pci0000:00/0000:00:01.0", "pci", "pci:one")
				env := r.env()
				tt.bend(r, &env)
				report := New(env, r.options("")).Run(context.Background())
				if !report.Settled {
					t.Error("not settled")
				}
				if all := strings.Join(report.Problems, "\n"); !strings.Contains(all, tt.problem) {
					t.Errorf("problems %q do not say %q", all, tt.problem)
				}
			})
		})
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left on device") }

func TestDryRunLoadsNothing(t *testing.T) {
	r := usbRig(t)
	env := r.env()
	env.Load, env.Listen = nil, nil
	report := New(env, Options{}).Run(context.Background())
	r.loaded()
	if len(report.Plan.Steps) != 2 || !report.DryRun {
		t.Errorf("plan %+v", report.Plan.Steps)
	}
}

func TestLossesCostOneScan(t *testing.T) {
	var l losses
	start := time.Unix(100, 0)
	if _, any := l.scanAt(); any {
		t.Error("a scan with nothing lost")
	}
	for ms := range 200 {
		l.note(start.Add(time.Duration(ms) * 10 * time.Millisecond))
		if at, _ := l.scanAt(); ms < 40 && at.Sub(l.last) != lossLull || at.Sub(start) > lossWait {
			t.Fatalf("after %d losses the scan is at %v", ms+1, at.Sub(start))
		}
	}
}

// The hub's events are lost; the stick behind it appears half a second later,
// and is not missed: after a loss boot waits as long as for the slowest.
func TestWaitsAfterLostEvents(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, "xhci_pci: pci:xhci", "usb_storage: usb:storage")
		r.put(host, "pci", "pci:xhci")
		r.onLoad["xhci_pci"] = func(context.Context) error {
			r.put(host+"/usb1", "usb", "", "DEVTYPE=usb_device", "TYPE=9/0/1")
			r.events <- message{err: uevent.ErrOverflow}
			time.AfterFunc(500*time.Millisecond, func() { r.put(stick, "usb", "usb:storage", "INTERFACE=8/6/80") })
			return nil
		}
		r.boot("")
		r.loaded("xhci_pci", "usb_storage")
	})
}

func TestBrokenListenerIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, "one: pci:one", "two: pci:two")
		r.put("pci0000:00/0000:00:01.0", "pci", "pci:one")
		r.onLoad["one"] = func(context.Context) error {
			r.events <- message{err: errors.New("the socket is gone")}
			r.put("pci0000:00/0000:00:02.0", "pci", "pci:two")
			return nil
		}
		report := r.boot("")
		r.loaded("one", "two")
		if all := strings.Join(report.Problems, "\n"); !report.Settled || !strings.Contains(all, "the socket is gone") {
			t.Errorf("settled %v, problems %q", report.Settled, all)
		}
	})
}

// The initramfs has loaded nvidia and the card is without a driver: its ladder
// goes on, although we loaded nothing that failed.
func TestLadderOfAModuleLoadedBefore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, "nvidia: pci:v000010DEd*", "nouveau: pci:v000010DEd*")
		r.put("pci0000:00/0000:01:00.0", "pci", "pci:v000010DEd00001C82sv00001043sd0000862Abc03sc00i00")
		r.file("sys/module/nvidia/initstate", "live\n")
		r.boot("")
		r.loaded("nouveau")
	})
}

func TestModuleIndexThatDoesNotAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, "one: pci:one")
		r.put("pci0000:00/0000:00:01.0", "pci", "pci:one")
		env := r.env()
		stop := make(chan struct{})
		env.Modules = stuck{r, stop}
		report := New(env, Options{Deadline: time.Second}).Run(context.Background())
		if all := strings.Join(report.Problems, "\n"); report.Took != time.Second || !strings.Contains(all, "could not be read in time") {
			t.Errorf("after %v: %q", report.Took, all)
		}
		close(stop)
	})
}

// stuck is a tree on a server that has gone away.
type stuck struct {
	*rig
	stop chan struct{}
}

func (s stuck) Open(name string) (fs.File, error) { <-s.stop; return nil, fs.ErrNotExist }

func TestWordsThatMatchNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, "one: pci:one")
		r.put("pci0000:00/0000:00:01.0", "pci", "pci:one")
		report := r.boot("attune.skip=PCI attune.deny=oen")
		all := strings.Join(report.Problems, "\n")
		if !strings.Contains(all, `"PCI"`) || !strings.Contains(all, `"oen"`) {
			t.Errorf("problems %q", all)
		}
	})
}
