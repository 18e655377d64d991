package boot

import (
	"cmp"
	"io/fs"
	"math"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"attune/detect"
)

// inputsUntil is when input devices have had their time, and what they still
// have it for: at once when nothing is under way that could bring one.
func (b *Boot) inputsUntil(now time.Time) (until time.Time, why string) {
	last := b.pic.keptAt.Add(inputTime)
	hub := b.pic.hubAt.Add(latenesses[0].wait)
	switch {
	case !now.Before(last):
		return now, ""
	case b.owed > 0:
		return earlier(last, now.Add(inputTick)), "those whose drivers are being loaded"
	case b.ears.waiting():
		return earlier(last, now.Add(inputTick)), "those the kernel is telling of"
	case b.udevd.busy && b.inputsComing():
		return earlier(last, now.Add(inputTick)), "those that have no driver while udevd is at work"
	case now.Before(hub):
		return earlier(last, hub), "those that USB hubs may still find: the last was " + b.pic.hub
	}
	return earlier(last, b.pic.loadAt.Add(loadLull)), "those of the driver that was loaded last"
}

// inputsComing tells whether udevd has an input device to find a driver for: of
// those there were and those the kernel has told of.
func (b *Boot) inputsComing() bool {
	return slices.ContainsFunc(b.pic.inputs, func(device string) bool {
		return b.exists(device) && detect.DriverOf(b.sys, device) == ""
	})
}

// exists tells of a path below /sys.
func (b *Boot) exists(name string) bool {
	_, err := fs.Lstat(b.sys, name)
	return err == nil
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// tellReady tells the caller, beside what goes on. The report is of this
// moment, and the caller's own.
func (b *Boot) tellReady() {
	b.pic.done = true
	if b.opt.Ready == nil {
		return
	}
	b.pic.stale, b.pic.shown = false, detect.Shown(b.env.Root)
	b.refresh()
	r := b.report
	r.Promised = slices.Clone(b.pic.promised)
	r.Problems, r.Loads = slices.Clone(r.Problems), slices.Clone(r.Loads)
	r.Release, r.Cmdline, r.DryRun = b.env.Release, b.env.Cmdline, b.env.Load == nil
	b.logEntry(Entry{Kind: KindReady})
	b.pic.told = make(chan struct{})
	go func() {
		defer close(b.pic.told)
		b.opt.Ready(r)
	}()
}

// refresh brings the inventory up to date where anything was heard since it was
// read: most of what shows a picture was without a driver then. Drivers are
// probing meanwhile, so that who a device is kept for is taken from before.
func (b *Boot) refresh() {
	if b.env.Load == nil || b.current() {
		return
	}
	before := b.report.Inventory.Devices
	inv := b.scan(detect.Options{NoModules: true, NoWaiting: true, ReadDeadline: refreshRead})
	unread := map[string]bool{}
	for i := range inv.Devices {
		d := &inv.Devices[i]
		at, known := place(before, d.Path)
		switch {
		case !known:
		case len(d.Unread) > len(before[at].Unread):
			driver, module := d.Driver, d.Module // by links, which wait for nothing
			*d, unread[d.Path] = before[at], true
			if driver != "" {
				d.Driver, d.Module = driver, module
			}
		default:
			d.Label = cmp.Or(d.Label, before[at].Label)
			if d.Driver == "" {
				d.DriverOverride = before[at].DriverOverride
			}
		}
	}
	inv.Problems = slices.DeleteFunc(inv.Problems, func(p detect.Problem) bool { return unread[path.Dir(p.Path)] })
	if slices.ContainsFunc(inv.Problems, func(p detect.Problem) bool { return p.Path == "devices" }) {
		inv.Devices = b.unreached(inv.Devices, before)
	}
	b.report.Inventory, b.udevd.whole = inv, false
}

// unreached adds to the devices of a scan that was given up those which it did
// not come to, with the drivers they have now.
func (b *Boot) unreached(read, before []detect.Device) []detect.Device {
	all := slices.Clone(read)
	for _, d := range before {
		if _, known := place(read, d.Path); known || !b.exists(d.Path) {
			continue
		}
		if driver := detect.DriverOf(b.sys, d.Path); driver != d.Driver {
			d.Driver, d.Module = driver, ""
		}
		all = append(all, d)
	}
	slices.SortFunc(all, func(a, b detect.Device) int { return strings.Compare(a.Path, b.Path) })
	return all
}

// current tells whether nothing has happened since the inventory was read.
func (b *Boot) current() bool {
	return b.ears.conn != nil && !b.ears.deaf && b.ears.heard.Load() == b.seen && !b.ears.waiting()
}

// sawHubs notes whether there are hubs which may still be asking their ports:
// what they have found last says how long ago they were.
func (b *Boot) sawHubs(inv detect.Inventory, now time.Time) {
	if !slices.ContainsFunc(inv.Devices, func(d detect.Device) bool { return latenesses[0].after(factOf(d)) }) {
		return
	}
	b.pic.hubAt = time.Time{}
	for _, d := range inv.Devices {
		if d.Devtype != "usb_device" {
			continue
		}
		if at := now.Add(-b.connected(d)); at.After(b.pic.hubAt) {
			b.pic.hubAt, b.pic.hub = at, d.Path
		}
	}
	if b.pic.hubAt.IsZero() {
		b.pic.hubAt = now
	}
}

// connected is how long a USB device has been there, 0 when the kernel does not
// say. Documentation/ABI/testing/sysfs-bus-usb, power/connected_duration: in ms,
// since it was attached.
func (b *Boot) connected(d detect.Device) time.Duration {
	text, err := fs.ReadFile(b.sys, d.Path+"/power/connected_duration")
	if err != nil {
		return 0
	}
	ms, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64)
	if err != nil || ms < 0 {
		return 0
	}
	return time.Duration(min(ms, math.MaxInt32)) * time.Millisecond
}
