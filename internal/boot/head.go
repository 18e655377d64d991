package boot

import (
	"context"
	"slices"
	"strings"

	"attune/detect"
	"attune/detect/kmod"
)

// headStart loads, beside a busy udevd, what a picture and those in front of it
// wait for: the drivers of the displays that must come, of input devices, and of
// the hosts those hang on. udevd has all devices of the machine in its queue, and
// comes to these when it does. A driver that is in the kernel already it passes
// over, and one that is just being loaded the kernel gives to both.
func (b *Boot) headStart(ctx context.Context, devices ...detect.Device) {
	if b.opt.Ready == nil || b.env.Load == nil {
		return
	}
	for _, d := range b.opt.keep(devices) {
		if isInput(d) && d.Driver == "" && !slices.Contains(b.pic.inputs, d.Path) {
			b.pic.inputs = append(b.pic.inputs, d.Path) // udevd may come to it later
		}
		if !b.udevd.busy || !b.urgent(d) {
			continue
		}
		if gpu, ok := virtioGPU(d); ok && d.Driver != "" {
			d = gpu // its host has its driver; it has none
		}
		b.head(ctx, d)
	}
}

// head loads what one device wants, unless a command is part of it: udevd may be
// running that one.
func (b *Boot) head(ctx context.Context, d detect.Device) {
	planner := kmod.NewPlanner(b.modules(ctx), b.opt.Policy)
	steps := slices.DeleteFunc(planner.Devices(d), func(s kmod.Step) bool { return detect.ModuleRuns(b.env.Root, s.Module) })
	if slices.ContainsFunc(steps, func(s kmod.Step) bool { return s.Install != "" }) {
		return
	}
	if steps = b.start(steps); len(steps) > 0 {
		b.logEntry(Entry{Kind: KindDevice, Device: d.Path, Why: "before udevd comes to it", Steps: stepNames(steps)})
	}
}

// urgent tells what is not left for when udevd has done its part.
func (b *Boot) urgent(d detect.Device) bool {
	if slices.ContainsFunc(b.pic.promised, func(p Promise) bool {
		return p.State == "" && !p.firmware && (p.Device == d.Path || strings.HasPrefix(d.Path, p.Device+"/"))
	}) {
		return true
	}
	return d.Driver == "" && (isInput(d) || d.Role == detect.RoleUSBHost)
}

// isInput tells a device that input devices are to come from.
func isInput(d detect.Device) bool {
	return d.Role == detect.RoleInput && d.Subsystem != "input" && len(d.Modalias) > 0
}
