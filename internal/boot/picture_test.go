package boot

import (
	"context"
	"fmt"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"attune/detect"
	"attune/detect/uevent"
)

const (
	gpu      = "pci0000:00/0000:00:02.0"
	gpuAlias = "pci:v00001234d00001111sv00001AF4sd00001100bc03sc00i00"
	drm      = "drivers/gpu/drm/"
)

// display puts a display device on the machine, without a driver.
func (r *rig) display(device, alias string) {
	r.put(device, "pci", alias)
	r.file("sys/devices/"+device+"/class", "0x030000\n")
	r.file("sys/devices/"+device+"/vendor", "0x"+strings.ToLower(alias[9:13])+"\n")
	r.file("sys/devices/"+device+"/device", "0x"+strings.ToLower(alias[18:22])+"\n")
}

// card makes a device's card appear, with connectors that have been asked.
func (r *rig) card(device, card string, connectors ...string) {
	dir := device + "/drm/" + card
	r.mu.Lock()
	r.file("sys/devices/"+dir+"/uevent", "DEVNAME=dri/"+card+"\n")
	up := strings.Repeat("../", strings.Count(dir, "/")+2)
	for name, to := range map[string]string{
		"sys/devices/" + dir + "/device":    "../../../" + path.Base(device),
		"sys/devices/" + dir + "/subsystem": up + "class/drm",
		"sys/class/drm/" + card:             "../../devices/" + dir,
	} {
		if err := r.tree.AddLink(name, to); err != nil {
			r.t.Error(err)
		}
	}
	r.file("dev/dri/"+card, "")
	r.mu.Unlock()
	r.say("add", dir, "SUBSYSTEM=drm", "DEVTYPE=drm_minor", "DEVNAME=dri/"+card)
	for _, c := range connectors {
		r.connector(dir, card+"-"+c, "connected", "1024x768")
	}
}

func (r *rig) connector(dir, name, status, modes string) {
	r.mu.Lock()
	r.file("sys/devices/"+dir+"/"+name+"/status", status+"\n")
	r.file("sys/devices/"+dir+"/"+name+"/modes", modes+"\n")
	r.mu.Unlock()
	r.say("change", dir, "SUBSYSTEM=drm", "HOTPLUG=1")
}

// bring is a driver that takes its device and makes its card.
func (r *rig) bring(device, driver string) func(context.Context) error {
	return func(context.Context) error {
		r.bind(device, "pci", driver)
		r.card(device, "card0", "VGA-1")
		return nil
	}
}

// A told is what Ready was told, and when.
type told struct {
	at     time.Duration
	report Report
	times  int
}

// ready boots and gives both what Ready was told and what came out.
func (r *rig) ready(words string) (told, Report) {
	var got told
	start := time.Now()
	opt := r.options(words)
	opt.Ready = func(report Report) {
		got.report, got.at = report, time.Since(start)
		got.times++
	}
	report := New(r.env(), opt).Run(context.Background())
	if got.times != 1 {
		r.t.Errorf("told %d times", got.times)
	}
	return got, report
}

func (r *rig) udevdBusy(busy bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if busy {
		r.file("run/udev/queue", "")
	} else {
		r.tree.Remove("run/udev/queue")
	}
}

// udevd loads a module some time from now: it is busy until then, and for a
// while longer with other things.
func (r *rig) udevd(after, longer time.Duration, do func(context.Context) error) {
	r.file("run/udev/control", "")
	r.udevdBusy(true)
	time.AfterFunc(after, func() {
		if do(context.Background()) == nil {
			return
		}
		r.t.Error("udevd's load failed")
	})
	time.AfterFunc(after+longer, func() { r.udevdBusy(false) })
}

func states(r Report) (list []string) {
	for _, p := range r.Promised {
		list = append(list, path.Base(p.Device)+" "+string(p.State))
	}
	return list
}

// The picture is waited for as long as it takes, and no longer.
func TestWaitsForTheDisplay(t *testing.T) {
	const second = time.Second
	tests := []struct {
		name     string
		words    string
		make     func(*rig)
		min, max time.Duration // when Ready is told
		states   []string
	}{
		{
			name: "a driver that takes five seconds",
			make: func(r *rig) {
				r.onLoad["bochs"] = func(ctx context.Context) error { time.Sleep(5 * second); return r.bring(gpu, "bochs-drm")(ctx) }
			},
			min: 5 * second, max: 5*second + 300*time.Millisecond, states: []string{"0000:00:02.0 up"},
		}, {
			name: "twenty seconds in udevd's hands, which goes on with other things",
			make: func(r *rig) { r.udevd(20*second, 5*second, r.bring(gpu, "bochs-drm")) },
			min:  20 * second, max: 20*second + 100*time.Millisecond, states: []string{"0000:00:02.0 up"},
		}, {
			name: "one that never comes",
			make: func(r *rig) { r.udevd(time.Hour, 0, r.bring(gpu, "bochs-drm")) },
			min:  DefaultDeadline, max: DefaultDeadline, states: []string{"0000:00:02.0 late"},
		}, {
			name: "a driver that fails at once",
			make: func(r *rig) { r.onLoad["bochs"] = func(context.Context) error { return errBroken } },
			max:  second, states: []string{"0000:00:02.0 dead"},
		}, {
			name: "a driver that leaves the device alone",
			make: func(r *rig) {
				r.onLoad["bochs"] = func(context.Context) error { r.write("sys/module/bochs/initstate", "live\n"); return nil }
			},
			max: second, states: []string{"0000:00:02.0 dead"},
		}, {
			name: "a driver that fails in udevd's hands, which has more to do",
			make: func(r *rig) {
				r.udevd(second, 20*second, func(context.Context) error {
					r.write("sys/module/bochs/initstate", "live\n")
					r.say("add", "module/bochs", "SUBSYSTEM=module")
					return nil
				})
			},
			min: second, max: 2 * second, states: []string{"0000:00:02.0 dead"},
		}, {
			name: "a probe that is put off",
			make: func(r *rig) {
				r.write("sys/kernel/debug/devices_deferred", "0000:00:02.0\twaits\n")
				r.onLoad["bochs"] = func(context.Context) error {
					r.write("sys/module/bochs/initstate", "live\n")
					time.AfterFunc(4*second, func() { r.bring(gpu, "bochs-drm")(nil) })
					return nil
				}
			},
			min: 4 * second, max: 4*second + 300*time.Millisecond, states: []string{"0000:00:02.0 up"},
		}, {
			name: "denied on the command line", words: "attune.deny=bochs",
			max: 0, states: nil,
		}, {
			name: "a card that was there before",
			make: func(r *rig) {
				r.bring(gpu, "bochs-drm")(nil)
				r.write("sys/module/bochs/initstate", "live\n")
				r.file("run/udev/control", "")
			},
			max: 300 * time.Millisecond, states: []string{"0000:00:02.0 up"},
		}, {
			name: "connectors that nobody asks",
			make: func(r *rig) {
				r.onLoad["bochs"] = func(context.Context) error {
					r.bind(gpu, "pci", "bochs-drm")
					r.card(gpu, "card0")
					r.connector(gpu+"/drm/card0", "card0-TV-1", "unknown", "")
					return nil
				}
			},
			min: connectorTime, max: connectorTime + 400*time.Millisecond, states: []string{"0000:00:02.0 up"},
		}, {
			name: "a connector that is asked a second after the card came",
			make: func(r *rig) {
				r.onLoad["bochs"] = func(context.Context) error {
					r.bind(gpu, "pci", "bochs-drm")
					r.card(gpu, "card0")
					r.connector(gpu+"/drm/card0", "card0-VGA-1", "unknown", "")
					time.AfterFunc(second, func() { r.connector(gpu+"/drm/card0", "card0-VGA-1", "connected", "800x600") })
					return nil
				}
			},
			min: second, max: second + 300*time.Millisecond, states: []string{"0000:00:02.0 up"},
		}, {
			name: "the firmware's card is not the one",
			make: func(r *rig) {
				r.put(gpu+"/simple-framebuffer.0", "platform", "platform:simple-framebuffer")
				r.bind(gpu+"/simple-framebuffer.0", "platform", "simple-framebuffer")
				r.card(gpu+"/simple-framebuffer.0", "card1", "Unknown-1")
				r.onLoad["bochs"] = func(ctx context.Context) error { time.Sleep(3 * second); return r.bring(gpu, "bochs-drm")(ctx) }
			},
			min: 3 * second, max: 3*second + 300*time.Millisecond, states: []string{"0000:00:02.0 up"},
		}, {
			name: "vfio has it",
			make: func(r *rig) {
				r.bind(gpu, "pci", "vfio-pci")
				if err := r.tree.AddLink("sys/bus/pci/drivers/vfio-pci/module", "../../../../module/vfio_pci"); err != nil {
					r.t.Error(err)
				}
			},
			max: 0, states: nil,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := newRig(t, drm+"bochs: pci:v00001234d00001111*")
				r.display(gpu, gpuAlias)
				if tt.make != nil {
					tt.make(r)
				}
				got, report := r.ready(tt.words)
				if got.at < tt.min || got.at > tt.max+50*time.Millisecond {
					t.Errorf("ready after %v, want %v to %v", got.at, tt.min, tt.max)
				}
				if s := states(got.report); !slices.Equal(s, tt.states) {
					t.Errorf("promised %q, want %q", s, tt.states)
				}
				if !slices.Equal(states(report), tt.states) {
					t.Errorf("in the end: %q", states(report))
				}
				if waits := r.entries(KindWait); len(tt.states) > 0 && (len(waits) == 0 || waits[0].Device != "devices/"+gpu || waits[0].BeginMS == nil) {
					t.Errorf("the timeline has no such wait: %+v", waits)
				}
				time.Sleep(2 * time.Hour) // the timers of this test
			})
		})
	}
}

// A machine without a display device waits for none, whatever else it does.
func TestHeadlessDoesNotWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := usbRig(t)
		got, report := r.ready("")
		if got.at > 20*time.Millisecond || len(got.report.Promised) != 0 {
			t.Errorf("ready after %v, promised %v", got.at, states(got.report))
		}
		if !report.Settled || report.Took < time.Second {
			t.Errorf("settled %v after %v: the rest was cut short", report.Settled, report.Took)
		}
	})
}

// What Ready does takes as long as it takes; drivers are loaded beside it.
func TestLoadsGoOnBesideReady(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := usbRig(t)
		opt := r.options("")
		var loaded int
		opt.Ready = func(Report) {
			time.Sleep(10 * time.Second)
			r.mu.Lock()
			defer r.mu.Unlock()
			loaded = len(r.order)
		}
		report := New(r.env(), opt).Run(context.Background())
		if loaded != 5 || report.Took < 10*time.Second {
			t.Errorf("%d modules were loaded beside it, run ended after %v", loaded, report.Took)
		}
	})
}

// A signal ends the wait, and nobody is told that X may start.
func TestSignalWhileWaiting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, drm+"bochs: pci:v00001234d00001111*")
		r.display(gpu, gpuAlias)
		r.udevd(time.Hour, 0, r.bring(gpu, "bochs-drm"))
		ctx, cancel := context.WithCancel(context.Background())
		time.AfterFunc(3*time.Second, cancel)
		opt := r.options("")
		opt.Ready = func(Report) { t.Error("told") }
		if report := New(r.env(), opt).Run(ctx); report.Took != 3*time.Second || report.Settled {
			t.Errorf("settled %v after %v", report.Settled, report.Took)
		}
		time.Sleep(2 * time.Hour)
	})
}

// Input devices behind a hub have half a second behind the displays.
func TestInputDevicesHaveAMoment(t *testing.T) {
	for _, tt := range []struct {
		name  string
		comes time.Duration
		seen  bool
	}{
		{"a keyboard that is about to appear", 200 * time.Millisecond, true},
		{"one that is plugged in later", 3 * time.Second, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := newRig(t, drm+"bochs: pci:v00001234d00001111*", "xhci_pci: pci:xhci")
				r.display(gpu, gpuAlias)
				r.put(host+"x", "pci", "pci:xhci")
				r.onLoad["bochs"] = r.bring(gpu, "bochs-drm")
				r.onLoad["xhci_pci"] = func(context.Context) error {
					r.bind(host+"x", "pci", "xhci_hcd")
					r.plug(host+"x/usb1", "usb", "", "DEVTYPE=usb_device", "TYPE=9/0/1")
					time.AfterFunc(tt.comes, func() { r.plug(host+"x/usb1/1-1/input/input5", "input", "") })
					return nil
				}
				start, seen := time.Now(), false
				opt := r.options("")
				opt.Ready = func(report Report) {
					seen = time.Since(start) > tt.comes
					if took := time.Since(start); took > 700*time.Millisecond {
						t.Errorf("ready after %v", took)
					}
				}
				report := New(r.env(), opt).Run(context.Background())
				if seen != tt.seen {
					t.Errorf("the keyboard was there: %v", seen)
				}
				_ = report
				time.Sleep(time.Minute)
			})
		})
	}
}

// Hubs that were there before have asked their ports long ago, or only just.
func TestHubsThatWereThere(t *testing.T) {
	for _, tt := range []struct {
		name      string
		connected [2]string // of the hub and of what it found
		waits     bool
	}{
		{"for seconds", [2]string{"3400\n", "2900\n"}, false},
		{"since just now", [2]string{"40\n", ""}, true},
		{"for less time than they may need", [2]string{"250\n", "210\n"}, true},
		{"and has just found something", [2]string{"3400\n", "20\n"}, true},
		{"and the kernel does not say since when", [2]string{"", ""}, true},
		{"and what it says is no time", [2]string{"-1\n", "x\n"}, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := newRig(t, drm+"bochs: pci:v00001234d00001111*", "slow: pci:slow")
				r.display(gpu, gpuAlias)
				for i, device := range []string{host + "/usb1", host + "/usb1/1-1"} {
					r.put(device, "usb", "", "DEVTYPE=usb_device", "TYPE="+[]string{"9/0/1", "0/0/0"}[i])
					if tt.connected[i] != "" {
						r.write("sys/devices/"+device+"/power/connected_duration", tt.connected[i])
					}
				}
				r.onLoad["bochs"] = r.bring(gpu, "bochs-drm")
				r.udevd(0, time.Second, func(context.Context) error { return nil })
				got, _ := r.ready("")
				if waits := got.at > 300*time.Millisecond; waits != tt.waits {
					t.Errorf("ready after %v", got.at)
				}
				for _, e := range r.entries(KindWait) {
					if tt.waits && e.Name == "input devices" && !strings.Contains(e.Why, "USB hubs") {
						t.Errorf("the timeline says that it waited for %s", e.Why)
					}
				}
				time.Sleep(time.Minute)
			})
		})
	}
}

// A probing is a /sys some of whose files wait, as they do while a driver probes
// their device: driver_override, and of one device uevent.
type probing struct {
	*rig
	device string
	from   time.Time
}

func (s probing) ReadFile(name string) ([]byte, error) {
	if (path.Base(name) == "driver_override" || name == "sys/devices/"+s.device+"/uevent") && time.Now().After(s.from) {
		time.Sleep(450 * time.Millisecond)
	}
	return s.rig.ReadFile(name)
}

// While drivers probe their devices, nothing is read that waits for them; who a
// device is kept for is known from before.
func TestProbesHoldNothingUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const slow, kept = host + "a", host + "b"
		r := newRig(t, drm+"bochs: pci:v00001234d00001111*", "slow: pci:slow", "kept: pci:kept")
		r.display(gpu, gpuAlias)
		r.put(slow, "pci", "pci:slow")
		r.put(kept, "pci", "pci:kept")
		r.write("sys/devices/"+slow+"/driver_override", "(null)\n")
		r.write("sys/devices/"+kept+"/driver_override", "vfio-pci\n")
		r.onLoad["bochs"] = r.bring(gpu, "bochs-drm")
		r.udevd(0, 5*time.Second, func(context.Context) error { return nil })
		start := time.Now()
		env, opt := r.env(), r.options("")
		env.Root = probing{r, slow, start.Add(time.Millisecond)}
		opt.Ready = func(report Report) {
			if took := time.Since(start); took > 300*time.Millisecond {
				t.Errorf("ready after %v", took)
			}
			if at, known := place(report.Inventory.Devices, "devices/"+slow); !known || len(report.Inventory.Devices[at].Unread) > 0 {
				t.Errorf("what is being probed is not as it was: %+v", report.Inventory.Devices)
			}
			if len(report.Inventory.Problems) > 0 {
				t.Errorf("told: %v", report.Inventory.Problems)
			}
			at, _ := place(report.Inventory.Devices, "devices/"+kept)
			if got := report.Inventory.Devices[at].DriverOverride; got != "vfio-pci" {
				t.Errorf("kept for %q", got)
			}
		}
		New(env, opt).Run(context.Background())
		time.Sleep(time.Minute)
	})
}

// A driver that has made its card and is still at its probe is told with the
// card, though what its device says cannot be read.
func TestCardOfAProbeIsDrivenByIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, drm+"bochs: pci:v00001234d00001111*")
		r.display(gpu, gpuAlias)
		if err := r.tree.AddLink("sys/bus/pci/drivers/bochs-drm/module", "../../../../module/bochs"); err != nil {
			t.Fatal(err)
		}
		r.onLoad["bochs"] = func(ctx context.Context) error {
			r.bring(gpu, "bochs-drm")(ctx)
			time.Sleep(5 * time.Second)
			return nil
		}
		r.udevd(0, 10*time.Second, func(context.Context) error { return nil })
		start := time.Now()
		env, opt := r.env(), r.options("")
		env.Root = probing{r, gpu, start.Add(time.Millisecond)}
		opt.Ready = func(report Report) {
			if took := time.Since(start); took > time.Second {
				t.Errorf("ready after %v", took)
			}
			at, _ := place(report.Inventory.Devices, "devices/"+gpu)
			d := report.Inventory.Devices[at]
			if d.Driver != "bochs-drm" || d.Module != "bochs" || d.Role != detect.RoleGPU || d.Vendor != 0x1234 || len(d.Unread) > 0 {
				t.Errorf("got %+v", d)
			}
		}
		New(env, opt).Run(context.Background())
		time.Sleep(time.Minute)
	})
}

// A probingMany is a /sys of whose devices the most are being probed.
type probingMany struct {
	*rig
	from time.Time
}

func (s probingMany) ReadFile(name string) ([]byte, error) {
	if strings.HasSuffix(name, "/uevent") && strings.Contains(name, host+"s") && time.Now().After(s.from) {
		time.Sleep(time.Minute)
	}
	return s.rig.ReadFile(name)
}

// Where so many devices are being probed that a scan is given up, what was there
// before is still there.
func TestProbesOfManyLoseNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, drm+"bochs: pci:v00001234d00001111*")
		r.display(gpu, gpuAlias)
		for i := range 40 {
			r.put(fmt.Sprintf("%ss%d", host, i), "pci", "pci:slow")
		}
		r.put("a/a", "pci", "pci:first")
		r.put("z/z", "pci", "pci:last")
		r.onLoad["bochs"] = func(ctx context.Context) error {
			r.mu.Lock()
			for _, device := range []string{"a/a", "z/z"} {
				r.tree.AddLink("sys/devices/"+device+"/driver", "../../../bus/pci/drivers/nic")
			}
			r.mu.Unlock()
			return r.bring(gpu, "bochs-drm")(ctx)
		}
		r.udevd(0, 5*time.Second, func(context.Context) error { return nil })
		start := time.Now()
		env, opt := r.env(), r.options("")
		env.Root = probingMany{r, start.Add(time.Millisecond)}
		opt.Ready = func(report Report) {
			if took := time.Since(start); took > 3*time.Second {
				t.Errorf("ready after %v", took)
			}
			if !slices.IsSortedFunc(report.Inventory.Devices, func(a, b detect.Device) int { return strings.Compare(a.Path, b.Path) }) {
				t.Error("the devices are not sorted")
			}
			for device, driver := range map[string]string{gpu: "bochs-drm", "a/a": "nic", "z/z": "nic", host + "s0": "", host + "s39": ""} {
				at, known := place(report.Inventory.Devices, "devices/"+device)
				if !known {
					t.Errorf("%s is lost", device)
				} else if d := report.Inventory.Devices[at]; d.Driver != driver {
					t.Errorf("%s has driver %q", device, d.Driver)
				}
			}
		}
		New(env, opt).Run(context.Background())
		time.Sleep(time.Hour)
	})
}

// What udevd left out is planned for by all that is there, and not by what was
// read for the picture.
func TestSweepReadsModulesAfterThePicture(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, drm+"bochs: pci:v00001234d00001111*", "x: pci:x")
		r.display(gpu, gpuAlias)
		r.put(host+"a", "pci", "pci:x") // which its driver leaves alone
		for _, module := range []string{"bochs", "x"} {
			r.write("sys/module/"+module+"/initstate", "live\n")
		}
		r.file("run/udev/control", "")
		r.bring(gpu, "bochs-drm")(nil)
		got, report := r.ready("")
		if got.at >= udevdLull {
			t.Errorf("ready after %v: the picture was not first", got.at)
		}
		r.loaded()
		if len(report.Inventory.Modules) != 2 {
			t.Errorf("modules: %v", report.Inventory.Modules)
		}
	})
}

// Events lost before udevd's turn is over cost a scan too.
func TestSweepAfterLostEvents(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, "x: pci:x")
		r.put(host+"a", "pci", "")
		r.file("run/udev/control", "")
		time.AfterFunc(20*time.Millisecond, func() {
			r.put(host+"b", "pci", "pci:x")
			r.events <- message{err: uevent.ErrOverflow}
		})
		r.ready("")
		r.loaded("x")
	})
}

// What comes after Ready is known to the caller, so that it plans again.
func TestChangesAfterReadyAreTold(t *testing.T) {
	for _, comes := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			r := newRig(t, drm+"bochs: pci:v00001234d00001111*", "slow: pci:slow")
			r.display(gpu, gpuAlias)
			r.onLoad["bochs"] = r.bring(gpu, "bochs-drm")
			r.put(host+"x", "pci", "pci:slow")
			r.onLoad["slow"] = func(context.Context) error {
				time.Sleep(4 * time.Second)
				if comes {
					r.plug(host+"x/input/input7", "input", "")
				}
				return nil
			}
			if _, report := r.ready(""); report.Changed != comes {
				t.Errorf("an input device came: %v; told: %v", comes, report.Changed)
			}
		})
	}
}

// An install command that udevd is running is not run a second time beside it,
// and is run once by us where udevd did not.
func TestCommandsRunOnce(t *testing.T) {
	for _, tt := range []struct {
		name string
		does bool // udevd gets it done
		want []string
	}{
		{"udevd is at it for 20 s", true, nil},
		{"udevd gave up", false, []string{"bochs"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := newRig(t, drm+"bochs: pci:v00001234d00001111*")
				r.file("etc/modprobe.d/slow.conf", "install bochs sleep 20; modprobe --ignore-install bochs\n")
				r.display(gpu, gpuAlias)
				r.onLoad["bochs"] = r.bring(gpu, "bochs-drm")
				r.udevd(20*time.Second, 10*time.Millisecond, func(ctx context.Context) error {
					if tt.does {
						r.write("sys/module/bochs/initstate", "live\n")
						return r.bring(gpu, "bochs-drm")(ctx)
					}
					return nil
				})
				got, _ := r.ready("")
				r.loaded(tt.want...)
				if s := states(got.report); !slices.Equal(s, []string{"0000:00:02.0 up"}) {
					t.Errorf("promised %q", s)
				}
			})
		})
	}
}

func TestDeclines(t *testing.T) {
	for _, tt := range []struct {
		module, params string
		nomodeset      bool
		want           bool
	}{
		{"i915", "", false, false},
		{"i915", "", true, true},
		{"i915", "modeset=1", true, false},
		{"i915", "modeset=-1 enable_guc=2", true, true},
		{"nouveau", "modeset=0", false, true},
		{"udl", "", true, false},
		{"simpledrm", "", true, false},
		{"nvidia_drm", "modeset=0", true, false},
	} {
		if got := declines(tt.module, tt.params, tt.nomodeset); got != tt.want {
			t.Errorf("%s %q, nomodeset %v: declines %v", tt.module, tt.params, tt.nomodeset, got)
		}
	}
}

// Which devices must come, on machines of several kinds.
func TestPromises(t *testing.T) {
	virtio := "pci:v00001AF4d00001050sv00001AF4sd00001100bc03sc80i00"
	tests := []struct {
		name  string
		words string
		image []string
		make  func(*rig)
		want  []string // device and modules
	}{
		{"two cards", "", []string{drm + "bochs: pci:v00001234d00001111*", drm + "i915: pci:v00008086d0000*"}, func(r *rig) {
			r.display(gpu, gpuAlias)
			r.display("pci0000:00/0000:00:03.0", "pci:v00008086d00003E9Bsv00001028sd0000087Cbc03sc00i00")
		}, []string{"0000:00:02.0 bochs", "0000:00:03.0 i915"}},
		{"no driver in the image", "", []string{"e1000: pci:e1000"}, func(r *rig) { r.display(gpu, gpuAlias) }, nil},
		{"a framebuffer driver makes no card", "", []string{"drivers/video/fbdev/cirrusfb: pci:v00001234*"}, func(r *rig) { r.display(gpu, gpuAlias) }, nil},
		{"nomodeset", "nomodeset", []string{drm + "bochs: pci:v00001234*"}, func(r *rig) { r.display(gpu, gpuAlias) }, nil},
		{"nomodeset and a driver that is told all the same", "nomodeset bochs.modeset=1", []string{drm + "bochs: pci:v00001234*"},
			func(r *rig) { r.display(gpu, gpuAlias) }, []string{"0000:00:02.0 bochs"}},
		{"virtio, before its bus has a driver", "", []string{"virtio_pci: pci:v00001AF4*", drm + "virtio/virtio-gpu: virtio:d00000010v*"},
			func(r *rig) { r.display(gpu, virtio) }, []string{"0000:00:02.0 virtio_gpu"}},
		{"virtio, with its bus' driver", "", []string{drm + "virtio/virtio-gpu: virtio:d00000010v*"}, func(r *rig) {
			r.display(gpu, virtio)
			r.bind(gpu, "pci", "virtio-pci")
			r.put(gpu+"/virtio0", "virtio", "virtio:d00000010v00001AF4")
		}, []string{"0000:00:02.0 virtio_gpu"}},
		{"Hyper-V, no PCI at all", "", []string{drm + "hyperv/hyperv_drm: vmbus:02780ada*"}, func(r *rig) {
			r.put("LNXSYSTM:00/vmbus/5620e0c7", "vmbus", "vmbus:02780ada77e3ac4a8e770558eb1073f8")
		}, []string{"5620e0c7 hyperv_drm"}},
		{"the firmware's picture alone", "nomodeset", []string{drm + "bochs: pci:v00001234*", drm + "tiny/simpledrm: platform:simple-framebuffer"}, func(r *rig) {
			r.display(gpu, gpuAlias)
			r.put("platform/simple-framebuffer.0", "platform", "platform:simple-framebuffer")
		}, []string{"simple-framebuffer.0 simpledrm"}},
		{"the firmware's picture beside a card", "", []string{drm + "bochs: pci:v00001234*", drm + "tiny/simpledrm: platform:simple-framebuffer"}, func(r *rig) {
			r.display(gpu, gpuAlias)
			r.put("platform/simple-framebuffer.0", "platform", "platform:simple-framebuffer")
		}, []string{"0000:00:02.0 bochs"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := newRig(t, tt.image...)
			tt.make(r)
			env := r.env()
			env.Cmdline, env.Load = tt.words, nil
			opt := Options{Ready: func(Report) {}}
			opt.Policy = ParseCmdline(tt.words).Policy
			var got []string
			for _, p := range New(env, opt).Run(context.Background()).Promised {
				got = append(got, fmt.Sprintf("%s %s", path.Base(p.Device), strings.Join(p.Modules, " ")))
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("promised %q, want %q", got, tt.want)
			}
		})
	}
}

// The inventory Ready is given knows the drivers that came since the scan.
func TestReadyKnowsTheDrivers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, drm+"bochs: pci:v00001234d00001111*")
		r.display(gpu, gpuAlias)
		r.onLoad["bochs"] = r.bring(gpu, "bochs-drm")
		got, _ := r.ready("")
		i := slices.IndexFunc(got.report.Inventory.Devices, func(d detect.Device) bool { return d.Path == "devices/"+gpu })
		if i < 0 || got.report.Inventory.Devices[i].Driver != "bochs-drm" {
			t.Errorf("devices: %+v", got.report.Inventory.Devices)
		}
	})
}

// A machine on which udevd has done everything is read once, and nothing is
// loaded: not for a processor either, whose modules udevd has tried.
func TestWarmRunReadsOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, drm+"bochs: pci:v00001234d00001111*", "acpi_cpufreq: cpu:type:x86* acpi:ACPI0007:*")
		r.display(gpu, gpuAlias)
		r.bring(gpu, "bochs-drm")(nil)
		r.write("sys/module/bochs/initstate", "live\n")
		if err := r.tree.AddLink("sys/bus/pci/drivers/bochs-drm/module", "../../../../module/bochs"); err != nil {
			t.Fatal(err)
		}
		r.put("system/cpu/cpu0", "cpu", "cpu:type:x86,ven0000")
		r.put("LNXSYSTM:00/ACPI0007:00", "acpi", "acpi:ACPI0007:")
		r.file("run/udev/control", "")
		for len(r.events) > 0 {
			<-r.events // before our time
		}
		got, report := r.ready("")
		r.loaded()
		if got.at > 50*time.Millisecond || !report.Settled || report.Changed || report.Took > 500*time.Millisecond {
			t.Errorf("ready after %v, settled %v after %v, changed %v", got.at, report.Settled, report.Took, report.Changed)
		}
		if scans := r.entries(KindScan); len(scans) != 1 {
			t.Errorf("%d scans", len(scans))
		}
	})
}

// Beside a busy udevd it is the input devices without a driver that are waited
// for, and not all that udevd has to do.
func TestInputDevicesInUdevdsHands(t *testing.T) {
	const keyboard = "pci0000:00/0000:00:03.0/usb1/1-1/1-1:1.0"
	for _, tt := range []struct {
		name     string
		takes    time.Duration // udevd to load the keyboard's driver, 0 for no keyboard
		min, max time.Duration
	}{
		{"none", 0, time.Second, time.Second + 100*time.Millisecond},
		{"a keyboard a moment later", 1200 * time.Millisecond, 1200 * time.Millisecond, 1400 * time.Millisecond},
		{"one that never gets a driver", time.Hour, 1400 * time.Millisecond, 1600 * time.Millisecond},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := newRig(t, drm+"bochs: pci:v00001234d00001111*")
				r.display(gpu, gpuAlias)
				if tt.takes > 0 {
					r.put(keyboard, "usb", "usb:keyboard", "DEVTYPE=usb_interface", "INTERFACE=3/1/1")
					r.file("sys/devices/"+keyboard+"/bInterfaceClass", "03\n")
					r.file("sys/devices/"+keyboard+"/bInterfaceSubClass", "01\n")
					r.file("sys/devices/"+keyboard+"/bInterfaceProtocol", "01\n")
					time.AfterFunc(tt.takes, func() { r.bind(keyboard, "usb", "usbhid") })
				}
				r.udevd(time.Second, 10*time.Second, r.bring(gpu, "bochs-drm"))
				got, _ := r.ready("")
				if got.at < tt.min || got.at > tt.max {
					t.Errorf("ready after %v, want %v to %v", got.at, tt.min, tt.max)
				}
				time.Sleep(2 * time.Hour)
			})
		})
	}
}

// A virtio GPU's own device appears below the one that is promised, and a card
// on a bus found late is promised when it appears.
func TestPromisesOfWhatAppears(t *testing.T) {
	const late = host + "/0000:03:00.0"
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, "virtio_pci: pci:v00001AF4*", drm+"virtio/virtio-gpu: virtio:d00000010v*", drm+"bochs: pci:v00001234d00001111*", "vmd: pci:vmd")
		r.display(gpu+"x", "pci:v00001AF4d00001050sv00001AF4sd00001100bc03sc80i00")
		r.put(host, "pci", "pci:vmd")
		r.onLoad["virtio_pci"] = func(context.Context) error {
			r.bind(gpu+"x", "pci", "virtio-pci")
			r.plug(gpu+"x/virtio0", "virtio", "virtio:d00000010v00001AF4")
			return nil
		}
		r.onLoad["virtio_gpu"] = func(context.Context) error {
			time.Sleep(2 * time.Second)
			r.bind(gpu+"x/virtio0", "virtio", "virtio_gpu")
			r.card(gpu+"x", "card0", "Virtual-1")
			return nil
		}
		r.onLoad["vmd"] = func(context.Context) error {
			time.Sleep(time.Second)
			r.display(late, gpuAlias)
			r.say("add", late, "SUBSYSTEM=pci", "MODALIAS="+gpuAlias)
			return nil
		}
		r.onLoad["bochs"] = func(context.Context) error {
			time.Sleep(3 * time.Second)
			r.bind(late, "pci", "bochs-drm")
			r.card(late, "card1", "VGA-1")
			return nil
		}
		got, _ := r.ready("")
		if s := states(got.report); !slices.Equal(s, []string{"0000:03:00.0 up", "0000:00:02.0x up"}) || got.at < 4*time.Second {
			t.Errorf("after %v: promised %q", got.at, s)
		}
	})
}
