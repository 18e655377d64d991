package boot

import (
	"strings"
	"time"

	"attune/detect"
	"attune/detect/uevent"
)

// A fact is what settling needs to know of a device: a few words that a
// uevent carries and a scan finds.
type fact struct {
	path      string // "devices/pci0000:00/...", relative to /sys
	subsystem string
	devtype   string
	driver    string
	class     string // TYPE of a USB device or INTERFACE of a USB interface: "9/0/1"
}

func factOf(d detect.Device) fact {
	f := fact{path: d.Path, subsystem: d.Subsystem, devtype: d.Devtype, driver: d.Driver}
	if d.Role == detect.RoleHub {
		f.class = "9/"
	}
	return f
}

func factOfEvent(ev uevent.Event) fact {
	class := ev.Env["TYPE"]
	if class == "" {
		class = ev.Env["INTERFACE"]
	}
	return fact{
		path:      strings.TrimPrefix(ev.KObj, "/"),
		subsystem: ev.Env["SUBSYSTEM"],
		devtype:   ev.Env["DEVTYPE"],
		driver:    ev.Env["DRIVER"],
		class:     class,
	}
}

// A lateness says that after a device of one kind another is bound to appear,
// some time later and with no event in between.
type lateness struct {
	name  string
	after func(fact) bool
	wait  time.Duration   // at most this long after the device
	until func(fact) bool // ends the wait early when seen below the device; nil: never
	why   string
}

// quiet is how long silence must last before it counts, when nothing slower
// is known to be under way.
const quiet = 200 * time.Millisecond

// latenesses is the table of what comes late. Each wait is the kernel's own
// delay plus room for a slow machine.
var latenesses = []lateness{
	{
		name:  "usb hub",
		after: func(f fact) bool { return f.subsystem == "usb" && strings.HasPrefix(f.class, "9/") },
		wait:  600 * time.Millisecond,
		why:   "a hub debounces each port for 100 ms and resets it for 50 ms before the device behind it appears (drivers/usb/core/hub.c HUB_DEBOUNCE_STABLE)",
	},
	{
		name:  "usb disk",
		after: func(f fact) bool { return f.driver == "usb-storage" },
		wait:  1500 * time.Millisecond,
		until: func(f fact) bool { return f.devtype == "scsi_device" || f.subsystem == "scsi_device" },
		why:   "usb-storage waits delay_use, one second, before it looks for a disk (drivers/usb/storage/usb.c)",
	},
	{
		name:  "scsi host",
		after: func(f fact) bool { return f.subsystem == "scsi" && f.devtype == "scsi_host" },
		wait:  500 * time.Millisecond,
		why:   "a host is scanned in the background after it appeared (drivers/scsi/scsi_scan.c scsi_scan_host, scan=async)",
	},
	{
		name:  "mmc host",
		after: func(f fact) bool { return f.subsystem == "mmc_host" },
		wait:  1000 * time.Millisecond,
		until: func(f fact) bool { return f.subsystem == "mmc" },
		why:   "a slot is tried at up to four clock rates before a card answers (drivers/mmc/core/core.c mmc_rescan)",
	},
	{
		name:  "hda controller",
		after: func(f fact) bool { return f.driver == "snd_hda_intel" },
		wait:  800 * time.Millisecond,
		until: func(f fact) bool { return f.subsystem == "sound" && strings.Contains(f.path, "/sound/card") },
		why:   "codecs are probed in a work queue after the controller is bound (sound/pci/hda/hda_intel.c azx_probe_work)",
	},
}

// A pending is one thing still expected.
type pending struct {
	path  string
	late  *lateness
	until time.Time
}

// settling decides whether a machine has come to rest. It is told everything
// that happens, with the time, and has no clock of its own.
type settling struct {
	last    time.Time // of the last thing that happened
	pending []pending
	told    map[string]string // devices it was told of -> the driver they had then
}

// unheard is the wait after lost events: among them may have been the start of
// any wait of the table.
var unheard = lateness{
	name: "lost events",
	wait: 1500 * time.Millisecond,
	why:  "what was lost may have been any device of the table",
}

// saw notes that a device appeared or was bound at a time.
func (s *settling) saw(f fact, at time.Time) {
	s.touch(at)
	if s.told == nil {
		s.told = map[string]string{}
	}
	s.told[f.path] = f.driver
	s.pending = without(s.pending, func(p pending) bool {
		return p.late.until != nil && strings.HasPrefix(f.path, p.path+"/") && p.late.until(f)
	})
	for i := range latenesses {
		if late := &latenesses[i]; late.after(f) {
			s.expect(pending{f.path, late, at.Add(late.wait)})
		}
	}
}

// knows tells whether it was told of a device with the driver it has.
func (s *settling) knows(device, driver string) bool {
	was, told := s.told[device]
	return told && was == driver
}

// sawUnheard notes that events were lost.
func (s *settling) sawUnheard(at time.Time) {
	s.touch(at)
	s.expect(pending{"", &unheard, at.Add(unheard.wait)})
}

// touch notes that something happened that is no device: a module was loaded.
func (s *settling) touch(at time.Time) {
	if at.After(s.last) {
		s.last = at
	}
}

// expect keeps the later of two waits for the same thing.
func (s *settling) expect(p pending) {
	s.pending = without(s.pending, func(q pending) bool { return q.path == p.path && q.late == p.late })
	s.pending = append(s.pending, p)
}

// restAt is when the machine counts as settled if nothing more happens, and
// what that waits for, "" for mere silence.
func (s *settling) restAt() (at time.Time, why string) {
	at = s.last.Add(quiet)
	for _, p := range s.pending {
		if p.until.After(at) {
			at, why = p.until, p.late.name+" "+p.path
		}
	}
	return at, why
}

func without[T any](all []T, drop func(T) bool) []T {
	kept := all[:0]
	for _, x := range all {
		if !drop(x) {
			kept = append(kept, x)
		}
	}
	return kept
}
