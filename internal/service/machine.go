package service

import (
	"cmp"
	"context"
	"fmt"
	"path"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"github.com/godbus/dbus/v5"

	"attune/detect"
	"attune/dist/dbus/interfaces"
	"attune/internal/bus"
	"attune/internal/explain"
	"attune/internal/settings"
)

// The objects of the machine and of its settings.
const (
	MachinePath   = Root + "/machine"
	SettingsPath  = Root + "/settings"
	machineIface  = "org.attune1.Machine"
	settingsIface = "org.attune1.Settings"
)

// ErrNoDevice says that the machine has no such device.
const ErrNoDevice = bus.ErrPrefix + "NoDevice"

// A Machine is the area of the machine and its settings. It looks at the machine
// when it starts, and again when it hears that something has changed.
type Machine struct {
	// Look looks, at what is said to have changed at least. It is not called twice
	// at once.
	Look func(changed Concern) (View, error)

	// Names looks devices' names up, for people. It is asked once between looks for
	// all that a person would name.
	Names func() (of func(detect.Device) string)

	// Hear are who tells what has changed. Each listens from when it is called, for
	// what changes during the first look is to be heard, and tells in what it gives
	// back, until the context is done.
	Hear []Source
}

// A Source hears what changes.
type Source func() (tell func(ctx context.Context, changed func(Concern)) error, err error)

// firstLook is how long whoever starts the service may wait for the machine to
// have been looked at. Then they get their answers without.
const firstLook = 3 * time.Second

// Area is the machine as a part of the service.
func (m Machine) Area() Area {
	return Area{"the machine", func(ctx context.Context, s *bus.Server, e Env) (func(), error) {
		k := &keeper{Machine: m, env: e, hold: s.Hold, gathered: newBurst()}
		if err := k.add(s); err != nil {
			return nil, err
		}
		for _, hear := range m.Hear {
			k.hear(ctx, hear)
		}
		seen := make(chan struct{})
		go k.keep(ctx, func() { close(seen) })
		select {
		case <-seen:
		case <-time.After(firstLook):
		case <-ctx.Done():
		}
		return nil, nil
	}}
}

// A keeper keeps the two objects as the machine is.
type keeper struct {
	Machine
	env      Env
	hold     func() (release func())
	gathered *burst

	machine, settings *bus.Object

	mu   sync.Mutex
	seen seen // the last time
}

// seen is what is kept of a View.
type seen struct {
	devices  []detect.Device
	verdicts []explain.Verdict // in the same order
	named    func(detect.Device) bool
	names    map[string]string         // by the device's path; nil until somebody asks
	all      []map[string]dbus.Variant // what is said of those that a person asks about, likewise
	settings settings.Settings
}

func (k *keeper) add(s *bus.Server) error {
	add := func(path dbus.ObjectPath, iface string, explain any, properties map[string]any) (*bus.Object, error) {
		in, err := interfaces.Get(iface)
		if err != nil {
			return nil, err
		}
		return s.Add(path, bus.Part{Interface: in, Methods: map[string]any{"Explain": explain}, Properties: properties})
	}
	var err error
	if k.machine, err = add(MachinePath, machineIface, k.explain, unseen()); err == nil {
		k.settings, err = add(SettingsPath, settingsIface, k.explainSetting, settingsOf(View{}))
	}
	return err
}

// hear has one source tell. Without it, as in a container, which hears nothing of
// devices, the objects are there all the same.
func (k *keeper) hear(ctx context.Context, s Source) {
	lost := func(err error) { fmt.Fprintf(k.env.Log, "not all changes of the machine are noticed: %v\n", err) }
	tell, err := s()
	if err != nil {
		lost(err)
		return
	}
	go func() {
		if err := tell(ctx, k.gathered.add); err != nil && ctx.Err() == nil {
			lost(err)
		}
	}()
}

// keep looks once, and whenever enough has been heard, until the context is done.
func (k *keeper) keep(ctx context.Context, seen func()) {
	k.look(All)
	seen()
	for {
		changed, ok := k.gathered.wait(ctx)
		if !ok {
			return
		}
		k.look(changed)
	}
}

// look looks once. What goes wrong with it, a mistake of ours too, is told, and
// the objects stay as they were.
func (k *keeper) look(changed Concern) {
	defer k.hold()()
	defer func() {
		if r := recover(); r != nil {
			fmt.Fprintf(k.env.Log, "looking at the machine: a mistake in attune: %v\n%s", r, debug.Stack())
		}
	}()
	v, err := k.Look(changed)
	if err != nil {
		fmt.Fprintf(k.env.Log, "looking at the machine: %v\n", err)
		return
	}
	k.machine.Set(machineIface, v.properties())
	k.settings.Set(settingsIface, settingsOf(v))
	k.mu.Lock()
	k.seen = seen{devices: v.Facts.Inventory.Devices, verdicts: v.Facts.Verdicts, named: v.Facts.Named, settings: v.Settings}
	k.mu.Unlock()
	// A look takes many times the memory that is kept of it, and there may be
	// hours until the next.
	debug.FreeOSMemory()
}

// explain says why devices work or do not.
func (k *keeper) explain(_ *bus.Call, asked string) ([]map[string]dbus.Variant, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.seen.names == nil {
		k.nameAll()
		k.seen.all = k.tell(k.seen.counts)
	}
	if asked == "" {
		return k.seen.all, nil
	}
	told := k.tell(func(i int) bool { return goesBy(k.seen.devices[i], asked) })
	if len(told) == 0 {
		return nil, bus.Errorf(ErrNoDevice, "there is no device %q", asked)
	}
	return told, nil
}

// tell says what became of the devices that are wanted, by their place in what was
// seen.
func (k *keeper) tell(wanted func(i int) bool) (told []map[string]dbus.Variant) {
	for i, v := range k.seen.verdicts {
		if wanted(i) {
			d := k.seen.devices[i]
			told = append(told, verdictOf(v, cmp.Or(k.seen.names[d.Path], d.Label)))
		}
	}
	return told
}

// counts says whether a device is one that a person asks about.
func (s *seen) counts(i int) bool { return s.named(s.devices[i]) || !s.verdicts[i].Outcome.Works() }

// nameAll has all that a person asks about named. The lists of names are long, and
// gone when it is done.
func (k *keeper) nameAll() {
	k.seen.names = map[string]string{}
	name := k.Names()
	for i, d := range k.seen.devices {
		if k.seen.counts(i) {
			k.seen.names[d.Path] = name(d)
		}
	}
	debug.FreeOSMemory()
}

// goesBy says whether a device is the one that is asked for.
func goesBy(d detect.Device, asked string) bool {
	asked = strings.TrimPrefix(strings.Trim(asked, "/"), "sys/")
	return asked != "" && (asked == d.Path || asked == path.Base(d.Path) || asked == d.Ifname || "0000:"+asked == path.Base(d.Path))
}

func verdictOf(v explain.Verdict, name string) fields {
	f := fields{}
	f.text("device", v.Device)
	f.text("name", name)
	f.text("outcome", string(v.Outcome))
	f.put("works", v.Outcome.Works())
	f.text("driver", v.Driver)
	f.texts("modules", v.Modules)
	f.text("why", v.Why)
	f.text("do", v.Hint)
	return f
}
