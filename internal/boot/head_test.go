package boot

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

// What a picture waits for does not wait for a busy udevd to come to it; the rest
// of the machine does.
func TestHeadStart(t *testing.T) {
	const keyboard = "pci0000:00/0000:00:03.0/usb1/1-1/1-1:1.0"
	for _, tt := range []struct {
		name   string
		words  string
		make   func(*rig)
		max    time.Duration // when Ready is told
		states []string
		loads  []string // before udevd is done, then after it
	}{
		{"a card, a keyboard and a network card", "", nil, 200 * time.Millisecond, []string{"0000:00:02.0 up"}, []string{"bochs", "usbhid", "net"}},
		{"denied", "attune.deny=bochs", nil, 200 * time.Millisecond, nil, []string{"usbhid", "net"}},
		{"one that does not load", "", func(r *rig) { r.onLoad["bochs"] = func(context.Context) error { return errBroken } },
			10*time.Second + 300*time.Millisecond, []string{"0000:00:02.0 dead"}, []string{"bochs", "usbhid", "net"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := newRig(t, drm+"bochs: pci:v00001234d00001111*", "usbhid: usb:keyboard", "net: pci:net")
				r.display(gpu, gpuAlias)
				r.put("pci0000:00/0000:00:09.0", "pci", "pci:net")
				r.put(keyboard, "usb", "usb:keyboard", "DEVTYPE=usb_interface", "INTERFACE=3/1/1")
				for name, text := range map[string]string{"bInterfaceClass": "03\n", "bInterfaceSubClass": "01\n", "bInterfaceProtocol": "01\n"} {
					r.file("sys/devices/"+keyboard+"/"+name, text)
				}
				r.onLoad["bochs"] = r.bring(gpu, "bochs-drm")
				r.onLoad["usbhid"] = func(context.Context) error { r.bind(keyboard, "usb", "usbhid"); return nil }
				if tt.make != nil {
					tt.make(r)
				}
				r.udevd(10*time.Second, 0, func(context.Context) error {
					r.mu.Lock()
					defer r.mu.Unlock()
					if slices.Contains(r.order, "net") {
						t.Error("the network card's driver was not left to udevd")
					}
					return nil
				})
				got, report := r.ready(tt.words)
				if got.at > tt.max {
					t.Errorf("ready after %v, want at most %v", got.at, tt.max)
				}
				if s := states(got.report); !slices.Equal(s, tt.states) {
					t.Errorf("promised %q, want %q", s, tt.states)
				}
				if r.loaded(tt.loads...); !report.Settled {
					t.Errorf("not at rest: waiting for %q", report.WaitingFor)
				}
				time.Sleep(time.Hour) // the timers of this test
			})
		})
	}
}

// An input device that was there before udevd had it in its queue is waited for
// like any other, whatever the kernel says of it again and again.
func TestInputsOfAnUdevdThatStartsLater(t *testing.T) {
	const keyboard = "platform/i8042/serio0"
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, drm+"bochs: pci:v00001234d00001111*")
		r.display(gpu, gpuAlias)
		r.put(keyboard, "serio", "serio:ty06pr00id00ex00")
		r.file("run/udev/control", "")
		time.AfterFunc(20*time.Millisecond, func() { r.udevdBusy(true) })
		time.AfterFunc(50*time.Millisecond, func() { r.bring(gpu, "bochs-drm")(nil) })
		time.AfterFunc(400*time.Millisecond, func() { r.bind(keyboard, "serio", "atkbd") })
		time.AfterFunc(time.Second, func() { r.udevdBusy(false) })
		time.AfterFunc(30*time.Millisecond, func() {
			for range 100 {
				r.plug(keyboard+"/later", "serio", "serio:ty06pr00id00ex00")
			}
		})
		time.AfterFunc(400*time.Millisecond, func() { r.bind(keyboard+"/later", "serio", "atkbd") })
		b := New(r.env(), r.options(""))
		start := time.Now()
		b.opt.Ready = func(Report) {
			if took := time.Since(start); took < 400*time.Millisecond || took > 700*time.Millisecond {
				t.Errorf("ready after %v", took)
			}
		}
		b.Run(context.Background())
		if len(b.pic.inputs) > 2 {
			t.Errorf("%d input devices are noted", len(b.pic.inputs))
		}
		time.Sleep(time.Hour)
	})
}

// A driver with another behind it that fails beside udevd has that one tried when
// udevd is done.
func TestHeadThatFailsFallsThrough(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, drm+"nvidia_drm: pci:v000010DEd*", drm+"nouveau: pci:v000010DEd*")
		r.display(gpu, "pci:v000010DEd00001111sv00000000sd00000000bc03sc00i00")
		for _, m := range []string{"nvidia", "nvidia_drm", "nouveau"} {
			r.onLoad[m] = func(context.Context) error { return errBroken }
		}
		r.udevd(5*time.Second, 0, func(context.Context) error { return nil })
		got, _ := r.ready("")
		slices.Sort(r.order)
		if !slices.Equal(r.order, []string{"nouveau", "nvidia_drm"}) || got.at > 6*time.Second {
			t.Errorf("tried %q, ready after %v", r.order, got.at)
		}
		time.Sleep(time.Hour)
	})
}
