package boot

import (
	"slices"

	"attune/detect"
	"attune/detect/kmod"
	"attune/detect/kmod/load"
)

// fellThrough tries the next driver where a preferred one did not load.
func (b *Boot) fellThrough(res load.Result) {
	if b.planner == nil {
		return // it had a head start: the plan for what udevd leaves comes back to it
	}
	if res.Err != nil && len(b.planner.Waiting(res.Step.Module)) > 0 {
		b.next(res.Step.Module, res.Err.Error())
	}
}

// headsFailed tries the next driver where a preferred one was begun beside udevd
// and did not load.
func (b *Boot) headsFailed() {
	for _, l := range slices.Clone(b.report.Loads) {
		if l.Err != "" && len(b.planner.Waiting(l.Module)) > 0 {
			b.next(l.Module, l.Err)
		}
	}
}

// climb tries the next driver where a preferred one is in the kernel, through
// us or before us, and leaves its device alone. It goes by the last inventory,
// with no load under way.
func (b *Boot) climb() {
	unbound := map[string]bool{}
	for _, d := range b.report.Inventory.Devices {
		unbound[d.Path] = d.Driver == ""
	}
	for _, module := range b.planner.Holding() {
		var left []string
		for _, device := range b.planner.Waiting(module) {
			if unbound[device] {
				left = append(left, device)
			}
		}
		if len(left) > 0 {
			b.next(module, "it is in the kernel and does not take the device", left...)
		}
	}
}

func (b *Boot) next(module, because string, devices ...string) {
	steps := b.start(b.planner.Fallback(module, because, devices...))
	b.logEntry(Entry{Kind: KindLadder, Module: module, Why: because, Steps: stepNames(steps)})
}

// begin plans what does not hang on a device of the scan.
func (b *Boot) begin(inv detect.Inventory) {
	live, builtin := kmod.LoadedModules(inv)
	b.opt.Policy.Loaded = append(b.opt.Policy.Loaded, live...)
	b.planner = kmod.NewPlanner(b.resolver, b.opt.Policy)
	b.start(b.planner.Begin(builtin...))
}
