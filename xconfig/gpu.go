package xconfig

import (
	"fmt"
	"slices"
	"strings"

	"attune/detect"
)

// planGPU decides which GPU shows the picture and by which drivers. The notes
// tell of wishes that could not be met and of GPUs that cannot be used. Card
// numbers and the order of the facts have no say.
func planGPU(f Facts, p Preferences) (GPUPlan, []Note) {
	all := gpus(f)
	var notes []Note
	for _, g := range all {
		if g.unusable != "" {
			notes = append(notes, Note{g.id, g.unusable})
		}
	}
	usable := slices.DeleteFunc(slices.Clone(all), func(g gpu) bool { return g.unusable != "" })
	if plan, more, ok := planHeadless(usable, f.Image, p); ok || len(usable) == 0 {
		plan.Kind = kindWithout(plan, usable)
		return plan, append(notes, more...)
	} else {
		notes = append(notes, more...)
	}

	own := xOwnChoice(usable, all)
	chosen, why, more := chooseGPU(all, usable, own, p.GPU)
	notes = append(notes, more...)
	plan := GPUPlan{Why: why, Kind: kindOf(chosen, usable)}
	if chosen.card != nil {
		plan.Card = chosen.card.ID
	}
	plan.Device = chosen.path
	plan.Primary = chosen.id != own && chosen.card != nil
	plan.Offload = offload(chosen, usable)
	plan.Ladder = ladder(chosen, usable, f)
	more = plan.drive(f.Image, p.Driver)
	return plan, append(notes, more...)
}

// drive settles which rung is planned.
func (g *GPUPlan) drive(im Image, wish string) []Note {
	var notes []Note
	if wish == "failsafe" {
		g.Ladder = safeEnd(g.Ladder)
	} else if wish != "" {
		if !slices.Contains(im.Drivers, wish) {
			notes = append(notes, Note{"driver", fmt.Sprintf("X driver %q is asked for and not in this image: X's own choice instead", wish)})
		} else {
			g.Ladder = asked(g.Ladder, wish)
		}
	}
	if len(g.Ladder) > 0 && g.Ladder[0].Driver != autoDriver {
		g.Driver = g.Ladder[0].Driver
	}
	return notes
}

// planHeadless makes a picture nobody's cable leads to, where that is asked
// for and no display is, or may be, connected.
func planHeadless(usable []gpu, im Image, p Preferences) (GPUPlan, []Note, bool) {
	plan := GPUPlan{Why: "this machine has nothing that shows a picture"}
	if p.Headless == "" || p.Headless == "off" {
		return plan, nil, false
	}
	if g := slices.IndexFunc(usable, func(g gpu) bool { return g.shows > showsNothing }); g >= 0 {
		return plan, nil, false
	}
	if !slices.Contains(im.Drivers, "dummy") {
		return plan, []Note{{"headless", "a picture without a display is asked for, but this image has no dummy driver for X"}}, false
	}
	plan.Headless, plan.Driver = true, "dummy"
	plan.Why = "no display is connected and a picture of " + p.Headless + " is asked for"
	plan.Ladder = []Rung{{Driver: "dummy", Why: "a picture in memory"}}
	return plan, nil, true
}

func kindWithout(plan GPUPlan, usable []gpu) string {
	if plan.Headless || len(usable) > 0 {
		return "headless"
	}
	return "none"
}

// kindOf names the machine by the GPU that was chosen.
func kindOf(g gpu, usable []gpu) string {
	switch g.class {
	case classFirmware:
		return "firmware"
	case classBMC, classExternal:
		return string(g.class)
	case classVirtual:
		return "vm"
	}
	switch {
	case len(ownGPUs(usable)) > 1:
		return "hybrid"
	case g.card == nil && g.driver == "" && g.fb:
		return "firmware"
	case g.card == nil && g.xDriver == "":
		return "legacy"
	}
	return "single"
}

// ownGPUs leaves out what is no GPU of its own: the firmware's picture, the
// management controller's, and pictures over USB.
func ownGPUs(all []gpu) []gpu {
	return slices.DeleteFunc(slices.Clone(all), func(g gpu) bool {
		return g.class == classFirmware || g.class == classBMC || g.class == classUSB || g.card == nil && g.xDriver == ""
	})
}

// offload are the other cards with the means to draw or to show.
func offload(chosen gpu, usable []gpu) []string {
	var ids []string
	for _, g := range usable {
		if g.card != nil && g.id != chosen.id && g.class != classFirmware {
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
