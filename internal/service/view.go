package service

import (
	"github.com/godbus/dbus/v5"

	"attune/internal/desktop"
	"attune/internal/settings"
	"attune/internal/status"
	"attune/xconfig"
)

// A View is a machine as it was when it was looked at.
type View struct {
	Facts    status.Facts
	Settings settings.Settings
	Wrong    []error // about settings
}

// properties are those of org.attune1.Machine.
func (v View) properties() map[string]any {
	s := status.Of(v.Facts)
	p := map[string]any{
		"Status":   string(s.Health),
		"Areas":    areasOf(s),
		"Findings": each(s.Findings, findingOf),
		"Hardware": map[string]dbus.Variant(hardwareOf(s)),
		"LastBoot": map[string]dbus.Variant(bootOf(s.Boot)),
	}
	plan := v.Facts.Plan // of what is there now, which the record of the boot may not be about yet
	if plan == nil {
		plan = v.Facts.Decided()
	}
	if plan == nil {
		plan = &desktop.Plan{}
	}
	p["Displays"] = each(plan.Displays.Outputs, displayOf)
	p["Inputs"] = each(plan.Inputs.Devices, inputOf)
	p["Keyboard"] = map[string]dbus.Variant(keyboardOf(plan.Inputs))
	return p
}

// unseen are the properties before the machine was looked at.
func unseen() map[string]any {
	return map[string]any{
		"Status": "", "Areas": map[string]string{}, "Findings": []map[string]dbus.Variant{},
		"Hardware": map[string]dbus.Variant{}, "LastBoot": map[string]dbus.Variant{},
		"Displays": []map[string]dbus.Variant{}, "Inputs": []map[string]dbus.Variant{}, "Keyboard": map[string]dbus.Variant{},
	}
}

func areasOf(s status.Status) map[string]string {
	areas := map[string]string{}
	for _, a := range s.Areas {
		areas[legible(a.Name)] = string(a.Health)
	}
	return areas
}

func findingOf(t status.Told) fields {
	f := fields{}
	f.text("id", t.ID)
	f.text("level", string(t.Level))
	f.text("subject", t.Subject)
	f.text("text", t.Text)
	f.text("means", t.Means)
	f.text("do", t.Do)
	return f
}

func hardwareOf(s status.Status) fields {
	f := fields{}
	f.text("vendor", s.Machine.Vendor)
	f.text("product", s.Machine.Product)
	f.text("version", s.Machine.Version)
	f.text("firmware", s.Machine.BIOS)
	f.text("kernel", s.Machine.Kernel)
	f.put("devices", uint32(s.Machine.Devices))
	f.put("drivers-missing", uint32(len(s.Drivers.Trouble)))
	f.text("gpu", s.GPU.Card)
	f.text("gpu-driver", s.GPU.Driver)
	f.text("gpu-why", s.GPU.Why)
	return f
}

func bootOf(b *status.Boot) fields {
	f := fields{}
	if b == nil {
		return f
	}
	f.text("kernel", b.Kernel)
	f.put("settled", b.Settled)
	f.put("took-ms", b.TookMS)
	f.put("loaded", uint32(b.Loaded))
	f.put("failed", uint32(b.Failed))
	f.put("udevd", b.Udevd)
	f.put("dry-run", b.DryRun)
	f.text("waiting-for", b.WaitingFor)
	f.texts("running", b.Running)
	f.text("slowest", b.Slowest)
	if b.Written != nil {
		f.put("written", b.Written.Unix())
	}
	return f
}

func displayOf(o xconfig.Output) fields {
	f := fields{}
	f.text("connector", o.Connector)
	f.text("state", o.State)
	f.text("why", o.Why)
	f.text("name", o.Name)
	f.put("internal", o.Internal)
	if o.State != "on" {
		return f
	}
	f.text("mode", status.ModeText(o))
	f.text("mode-why", o.ModeWhy)
	w, h := o.Extent()
	f.put("x", int32(o.X))
	f.put("y", int32(o.Y))
	f.put("width", int32(w))
	f.put("height", int32(h))
	f.put("scale", o.Scale)
	f.text("rotate", o.Rotate)
	f.put("primary", o.Primary)
	f.text("mirrors", o.Mirrors)
	return f
}

func inputOf(u xconfig.InputUse) fields {
	f := fields{}
	f.text("name", u.Name)
	f.text("use", u.Use)
	f.text("why", u.Why)
	f.text("output", u.Output)
	f.text("output-why", u.OutputWhy)
	return f
}

func keyboardOf(p xconfig.InputPlan) fields {
	f := fields{}
	f.text("layout", p.Keyboard.Layout)
	f.text("variant", p.Keyboard.Variant)
	f.text("model", p.Keyboard.Model)
	f.text("options", p.Keyboard.Options)
	if len(p.KeyboardWhy) > 0 {
		f.text("source", p.KeyboardWhy[0].Subject)
		f.text("why", p.KeyboardWhy[0].Text)
	}
	return f
}
