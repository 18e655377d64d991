package service

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/godbus/dbus/v5"

	"attune/detect"
	"attune/internal/inspect"
	"attune/internal/settings"
	"attune/internal/status"
)

// looked is a machine of a capture, which can be made another one.
type looked struct {
	mu    sync.Mutex
	spoil func(v *View) error
	times int
	asked Concern
}

func (l *looked) then(spoil func(v *View) error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.spoil = spoil
}

func (l *looked) machine(t *testing.T, capture string, hear ...Source) Machine {
	t.Helper()
	m, err := inspect.OpenToPlan("../../fixtures/"+capture, "", "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(m.Close)
	look := func(changed Concern) (View, error) {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.times++
		l.asked = changed
		f, err := m.StatusFacts()
		if err != nil {
			return View{}, err
		}
		v := View{Facts: f}
		v.Settings, v.Wrong = m.SettingsFor(f.Plan.Facts)
		if l.spoil != nil {
			err = l.spoil(&v)
		}
		return v, err
	}
	names := func() func(detect.Device) string { return func(d detect.Device) string { return "a " + d.Subsystem } }
	return Machine{Look: look, Names: names, Hear: hear}
}

// told is a source that tells what a test has it.
func told(what <-chan Concern) Source {
	return func() (func(context.Context, func(Concern)) error, error) {
		return func(ctx context.Context, changed func(Concern)) error {
			for {
				select {
				case c := <-what:
					changed(c)
				case <-ctx.Done():
					return ctx.Err()
				}
			}
		}, nil
	}
}

func (v *serving) get(t *testing.T, path dbus.ObjectPath, iface, name string) any {
	t.Helper()
	var value dbus.Variant
	if err := v.at(path).Call(t.Context(), "org.freedesktop.DBus.Properties", "Get", []any{&value}, iface, name); err != nil {
		t.Fatal(err)
	}
	return value.Value()
}

func TestMachine(t *testing.T) {
	l := &looked{}
	v := serve(t, Options{Areas: []Area{l.machine(t, "seats/laptop-hdmi.txtar").Area()}})
	if s := v.get(t, MachinePath, machineIface, "Status"); s == "" {
		t.Error("the name is there before the machine was looked at")
	}
	displays := v.get(t, MachinePath, machineIface, "Displays").([]map[string]dbus.Variant)
	on := map[string]dbus.Variant{}
	for _, d := range displays {
		if d["state"].Value() == "on" {
			on[d["connector"].Value().(string)] = d["width"]
		}
	}
	if len(on) != 2 || on["eDP-1"].Value() == int32(0) || on["HDMI-A-1"].Value() == int32(0) {
		t.Errorf("displays that are on: %v of %v", on, displays)
	}
	hardware := v.get(t, MachinePath, machineIface, "Hardware").(map[string]dbus.Variant)
	if hardware["vendor"].Value() == nil || hardware["gpu"].Value() == nil {
		t.Errorf("hardware %v", hardware)
	}
	var verdicts []map[string]dbus.Variant
	if err := v.at(MachinePath).Call(t.Context(), machineIface, "Explain", []any{&verdicts}, ""); err != nil || len(verdicts) == 0 || !strings.HasPrefix(verdicts[0]["name"].Value().(string), "a ") {
		t.Fatalf("Explain: %v, %v", verdicts, err)
	}
	device := verdicts[0]["device"].Value().(string)
	if err := v.at(MachinePath).Call(t.Context(), machineIface, "Explain", []any{&verdicts}, "/sys/"+device); err != nil || len(verdicts) != 1 || verdicts[0]["device"].Value() != device {
		t.Errorf("Explain %s: %v, %v", device, verdicts, err)
	}
	if err := v.at(MachinePath).Call(t.Context(), machineIface, "Explain", nil, "no such\x01 thing"); errorName(err) != ErrNoDevice {
		t.Errorf("a device that is not there: %v", err)
	}
}

func errorName(err error) string {
	if e, ok := errors.AsType[dbus.Error](err); ok {
		return e.Name
	}
	return ""
}

// What changes is told once, and nothing else.
func TestMachineChanges(t *testing.T) {
	l, changes := &looked{}, make(chan Concern)
	v := serve(t, Options{Areas: []Area{l.machine(t, "seats/laptop-hdmi.txtar", told(changes)).Area()}})
	signals := make(chan *dbus.Signal, 20)
	v.client.Signal(signals)
	if err := v.client.AddMatchSignal(dbus.WithMatchInterface("org.freedesktop.DBus.Properties")); err != nil {
		t.Fatal(err)
	}
	l.then(func(view *View) error {
		plan := *view.Facts.Plan
		plan.Displays.Outputs = plan.Displays.Outputs[:1]
		view.Facts.Plan = &plan
		view.Facts.Inventory.DMI.ProductName = "Odd\xff\x00Name"
		return nil
	})
	for range 100 {
		changes <- Displays
	}
	var sig *dbus.Signal
	select {
	case sig = <-signals:
	case <-time.After(10 * time.Second):
		t.Fatal("nothing is told")
	}
	values, _ := sig.Body[1].(map[string]dbus.Variant)
	if sig.Path != MachinePath || sig.Body[0] != machineIface || len(values) < 2 || values["Status"].Value() != nil || values["Inputs"].Value() != nil {
		t.Errorf("told %v", sig)
	}
	if got := values["Displays"].Value().([]map[string]dbus.Variant); len(got) != 1 {
		t.Errorf("displays %v", got)
	}
	if got := values["Hardware"].Value().(map[string]dbus.Variant)["product"].Value(); got != "Odd\uFFFD\uFFFDName" {
		t.Errorf("product %q", got)
	}
	l.mu.Lock()
	if l.times != 2 || l.asked != Displays {
		t.Errorf("looked %d times, the last time at %d", l.times, l.asked)
	}
	l.mu.Unlock()
	if len(signals) > 0 {
		t.Errorf("more is told: %v", <-signals)
	}
}

// A look that fails, or a mistake in one, leaves the objects as they were.
func TestMachineSick(t *testing.T) {
	l, changes := &looked{}, make(chan Concern)
	v := serve(t, Options{Areas: []Area{l.machine(t, "seats/laptop-hdmi.txtar", told(changes),
		func() (func(context.Context, func(Concern)) error, error) { return nil, errors.New("no socket here") }).Area()}})
	before := v.get(t, MachinePath, machineIface, "Hardware").(map[string]dbus.Variant)["product"]
	for _, row := range []struct {
		spoil func(*View) error
		told  string
	}{
		{func(*View) error { return errors.New("no /sys") }, "looking at the machine: no /sys\n"},
		{func(*View) error { panic("oops") }, "a mistake in attune: oops"},
	} {
		l.then(row.spoil)
		changes <- Devices
		until(t, "it is told: "+row.told, func() bool { return strings.Contains(v.log.String(), row.told) })
	}
	if after := v.get(t, MachinePath, machineIface, "Hardware").(map[string]dbus.Variant)["product"]; before != after {
		t.Errorf("%v became %v", before, after)
	}
	if !strings.Contains(v.log.String(), "not all changes of the machine are noticed: no socket here\n") {
		t.Errorf("log:\n%s", v.log)
	}
}

// A machine that does not answer keeps nobody from the service for long.
func TestMachineHangs(t *testing.T) {
	hang := make(chan struct{})
	defer close(hang)
	m := Machine{Look: func(Concern) (View, error) { <-hang; return View{}, errors.New("late") }}
	begin := time.Now()
	v := serve(t, Options{Areas: []Area{m.Area()}})
	if took := time.Since(begin); took > firstLook+2*time.Second {
		t.Errorf("the name is there after %v", took)
	}
	if s := v.get(t, MachinePath, machineIface, "Status"); s != "" {
		t.Errorf("status %q of a machine nobody has seen", s)
	}
}

// All that is said of the machine is there, and for everybody alike.
func TestMachineIsStatus(t *testing.T) {
	l := &looked{}
	of := make(chan status.Status, 1)
	l.spoil = func(view *View) error { of <- status.Of(view.Facts); return nil }
	v := serve(t, Options{Areas: []Area{l.machine(t, "seats/tablet-turned.txtar").Area()}})
	want := <-of
	if got := v.get(t, MachinePath, machineIface, "Status"); got != string(want.Health) {
		t.Errorf("status %v, want %v", got, want.Health)
	}
	findings := v.get(t, MachinePath, machineIface, "Findings").([]map[string]dbus.Variant)
	if len(findings) != len(want.Findings) || len(findings) == 0 {
		t.Fatalf("%d findings, want %d", len(findings), len(want.Findings))
	}
	for i, f := range findings {
		if f["id"].Value() != want.Findings[i].ID || f["do"].Value() == "" {
			t.Errorf("finding %v, want %v", f, want.Findings[i])
		}
	}
	areas := v.get(t, MachinePath, machineIface, "Areas").(map[string]string)
	for _, a := range want.Areas {
		if areas[a.Name] != string(a.Health) {
			t.Errorf("area %s is %q, want %q", a.Name, areas[a.Name], a.Health)
		}
	}
	if got := v.get(t, MachinePath, machineIface, "Inputs").([]map[string]dbus.Variant); len(got) != len(want.Inputs) {
		t.Errorf("%d input devices, want %d", len(got), len(want.Inputs))
	}
}

func TestSettingsObject(t *testing.T) {
	l := &looked{}
	l.spoil = func(view *View) error {
		asked := fstest.MapFS{
			"usr/lib/attune/image.toml": {Data: []byte("[keyboard]\nlayout = \"fr\"\n[modules]\ndeny = [\"pcspkr\"]\n")},
			"etc/attune/site.toml":      {Data: []byte("[keyboard]\nlayout = \"de\"\n[modules]\ndeny = [\"nouveau\"]\nlayuot = 3\n")},
		}
		view.Settings, view.Wrong = settings.Read(asked, "", settings.Machine{})
		return nil
	}
	v := serve(t, Options{Areas: []Area{l.machine(t, "seats/laptop-hdmi.txtar").Area()}})
	want := []map[string]dbus.Variant{
		{"key": dbus.MakeVariant("keyboard.layout"), "value": dbus.MakeVariant("de"), "source": dbus.MakeVariant("/etc/attune/site.toml:2"), "rank": dbus.MakeVariant("site"), "lost": dbus.MakeVariant(uint32(1))},
		{"key": dbus.MakeVariant("modules.deny"), "value": dbus.MakeVariant("pcspkr,nouveau"), "source": dbus.MakeVariant("/etc/attune/site.toml:4"), "rank": dbus.MakeVariant("site"), "lost": dbus.MakeVariant(uint32(0))},
	}
	if got := v.get(t, SettingsPath, settingsIface, "InForce"); !reflect.DeepEqual(got, want) {
		t.Errorf("in force: %v, want %v", got, want)
	}
	if got := v.get(t, SettingsPath, settingsIface, "Warnings").([]string); len(got) != 1 || !strings.HasPrefix(got[0], "/etc/attune/site.toml:5: ") {
		t.Errorf("warnings %q", got)
	}
	explain := func(key string) (e map[string]dbus.Variant) {
		t.Helper()
		if err := v.at(SettingsPath).Call(t.Context(), settingsIface, "Explain", []any{&e}, key); err != nil {
			t.Fatal(err)
		}
		return e
	}
	e := explain("keyboard.layout")
	winners, losers := e["winners"].Value().([]map[string]dbus.Variant), e["losers"].Value().([]map[string]dbus.Variant)
	if len(winners) != 1 || winners[0]["value"].Value() != "de" || len(losers) != 1 || losers[0]["source"].Value() != "/usr/lib/attune/image.toml:2" || losers[0]["lost"].Value() == "" {
		t.Errorf("keyboard.layout: %v", e)
	}
	if e := explain("display.dpi"); e["set"].Value() != false || e["want"].Value() == "" || e["doc"].Value() == "" {
		t.Errorf("display.dpi: %v", e)
	}
	err := v.at(SettingsPath).Call(t.Context(), settingsIface, "Explain", nil, "keyboard.layuot")
	if errorName(err) != ErrNoSetting || !strings.Contains(err.Error(), "keyboard.layout") {
		t.Errorf("a setting that is none: %v", err)
	}
}
