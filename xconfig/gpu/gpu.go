// Package gpu decides which graphics card shows the picture and by which X
// driver, with what to try in turn when X fails. It knows kernel and X drivers,
// the card X would take by itself, and what X's drivers call the outputs; what
// the outputs show it does not know.
package gpu

import (
	"fmt"
	"slices"
	"strings"

	"attune/detect"
	"attune/xconfig"
)

// Plan decides which GPU shows the picture and by which drivers. The notes
// tell of wishes that could not be met and of GPUs that cannot be used. Card
// numbers and the order of the facts have no say.
func Plan(f xconfig.Facts, p xconfig.Preferences) (xconfig.GPUPlan, []xconfig.Note) {
	all := gpus(f)
	var notes []xconfig.Note
	for _, g := range all {
		if g.unusable != "" && !g.routine {
			notes = append(notes, xconfig.Note{Subject: g.id, Text: g.unusable})
		}
	}
	usable := slices.DeleteFunc(slices.Clone(all), func(g gpu) bool { return g.unusable != "" })
	plan, more, done := planHeadless(all, usable, f.Image, p)
	notes = append(notes, more...)
	if done {
		return plan, notes
	}

	own := xOwnChoice(usable, all)
	chosen, why, more := chooseGPU(all, usable, own, p.GPU)
	notes = append(notes, more...)
	plan = xconfig.GPUPlan{Why: why, Kind: kindOf(chosen, all)}
	if chosen.card != nil {
		plan.Card, plan.Kernel = chosen.card.ID, drmName(chosen.driver)
	}
	plan.Device = chosen.path
	plan.Offload = offload(chosen, all)
	s := situation{gpu: chosen, all: all, own: own, facts: f}
	plan.Ladder = ladder(s)
	if s.led() && len(plan.Ladder) > 0 {
		plan.Primary = plan.Ladder[0].Driver != autoDriver
		if !plan.Primary {
			notes = append(notes, xconfig.Note{Subject: chosen.id, Text: "X will take " + own + " first: this image has no driver by which X could be told otherwise"})
		}
	}
	more = drive(&plan, chosen, f.Image, p.Driver)
	return plan, append(notes, append(more, fallBack(&plan, p.Fallback)...)...)
}

// drive settles which rung is planned.
func drive(g *xconfig.GPUPlan, chosen gpu, im xconfig.Image, wish string) []xconfig.Note {
	var notes []xconfig.Note
	switch why := unfit(chosen, im, wish); {
	case wish == "failsafe":
		g.Ladder = safeEnd(g.Ladder)
	case why != "":
		notes = append(notes, xconfig.Note{Subject: "driver", Text: fmt.Sprintf("X driver %q is asked for, but %s: chosen by itself instead", wish, why)})
	case wish != "":
		g.Ladder = asked(g.Ladder, wish)
	}
	if len(g.Ladder) > 0 && g.Ladder[0].Driver != autoDriver {
		g.Driver = g.Ladder[0].Driver
	}
	return notes
}

// planHeadless is the plan of a machine on which nothing is shown: because
// there is nothing to show it with, or because no display is, or may be,
// connected and a picture is asked for all the same.
func planHeadless(all, usable []gpu, im xconfig.Image, p xconfig.Preferences) (plan xconfig.GPUPlan, notes []xconfig.Note, done bool) {
	plan.Kind, plan.Why = "none", "this machine has no GPU and no framebuffer"
	if len(all) > 0 {
		plan.Kind, plan.Why = "headless", "nothing here can show a picture: "+all[0].id+": "+all[0].unusable
	}
	dark := !slices.ContainsFunc(usable, func(g gpu) bool { return g.shows > showsNothing })
	wanted := p.Headless != "" && p.Headless != "off"
	if !wanted || !dark {
		return plan, nil, len(usable) == 0
	}
	if !slices.Contains(im.Drivers, "dummy") {
		return plan, []xconfig.Note{{Subject: "headless", Text: "a picture without a display is asked for, but this image has no dummy driver for X"}}, len(usable) == 0
	}
	return xconfig.GPUPlan{Kind: "headless", Headless: true, Driver: "dummy",
		Why:    "no display is connected and a picture of " + p.Headless + " is asked for",
		Ladder: []xconfig.Rung{{Driver: "dummy", Why: "a picture in memory"}}}, nil, true
}

// kindOf names the machine by the GPU that was chosen.
func kindOf(g gpu, all []gpu) string {
	switch g.class {
	case classFirmware:
		return "firmware"
	case classBMC, classExternal:
		return string(g.class)
	case classVirtual:
		return "vm"
	}
	switch {
	case len(ownGPUs(all)) > 1:
		return "hybrid"
	case g.card == nil && g.driver == "" && g.fb:
		return "firmware"
	case g.card == nil && g.xDriver == "":
		return "legacy"
	}
	return "single"
}

// ownGPUs are those in use that are GPUs of their own: not the firmware's
// picture, not the management controller's, not pictures over USB, and not
// the part of a SoC which draws for the part that shows.
func ownGPUs(all []gpu) []gpu {
	return slices.DeleteFunc(slices.Clone(all), func(g gpu) bool {
		switch {
		case g.class == classFirmware, g.class == classBMC, g.class == classUSB:
			return true
		case g.draws:
			return !strings.HasPrefix(g.id, "pci-")
		}
		return g.unusable != "" || g.card == nil && g.xDriver == ""
	})
}

// offload are the other cards with the means to draw or to show.
func offload(chosen gpu, all []gpu) []string {
	var ids []string
	for _, g := range all {
		if g.card != nil && g.id != chosen.id && g.class != classFirmware && (g.unusable == "" || g.draws) {
			ids = append(ids, g.card.ID)
		}
	}
	return ids
}

// busID is a PCI device's name in X's words: decimal, the domain after an @.
// "" for what is not PCI. xorg.conf(5), BusID.
func busID(path string) string {
	var domain, bus, dev, fn int
	name := path[strings.LastIndexByte(path, '/')+1:]
	if n, err := fmt.Sscanf(name, "%x:%x:%x.%x", &domain, &bus, &dev, &fn); n != 4 || err != nil {
		return ""
	}
	return fmt.Sprintf("PCI:%d@%d:%d:%d", bus, domain, dev, fn)
}

// isDisplay says whether a PCI device is there to show pictures.
func isDisplay(d detect.Device) bool {
	return d.Subsystem == "pci" && (d.Class>>16 == 0x03 || d.Class>>8 == 0x0001)
}
