package gpu

import (
	"slices"
	"strings"
)

// xOwnChoice is the ID of the GPU X makes the primary one when nobody tells
// it: the card the firmware booted with, else a PCI device without a card the
// firmware booted with, else the only VGA device, else the first card in the
// order of the devices' paths. An earlier simpledrm card is taken before any
// of them. Xorg 21.1: xf86platformProbe, xf86platformProbeDev and
// xf86platformPrimary in xf86platformBus.c, xf86PciProbe in xf86pciBus.c,
// xf86BusConfig in xf86Bus.c.
func xOwnChoice(usable, all []gpu) string {
	cards := slices.DeleteFunc(slices.Clone(all), func(g gpu) bool { return g.card == nil })
	slices.SortFunc(cards, func(a, b gpu) int { return strings.Compare(a.path+"/"+a.id, b.path+"/"+b.id) })
	primary := xPrimary(cards, all)
	for _, c := range cards {
		if c.id == primary || drmName(c.driver) == "simpledrm" {
			return c.id
		}
	}
	if slices.ContainsFunc(usable, func(g gpu) bool { return g.id == primary }) {
		return primary
	}
	if len(cards) > 0 {
		return cards[0].id // nothing could be done with the primary: X asks again without one
	}
	return ""
}

// xPrimary is what X calls the primary bus.
func xPrimary(cards, all []gpu) string {
	primary := ""
	for _, c := range cards {
		if c.bootVGA {
			primary = c.id // the last wins
		}
	}
	if primary != "" {
		return primary
	}
	if i := slices.IndexFunc(all, func(g gpu) bool { return g.bootVGA }); i >= 0 {
		return all[i].id
	}
	vga := slices.DeleteFunc(slices.Clone(all), func(g gpu) bool { return g.pciClass>>8 != 0x0300 })
	if len(vga) == 1 && vga[0].driver != "" {
		return vga[0].id
	}
	if len(vga) == 0 && len(cards) > 0 {
		return cards[0].id
	}
	return ""
}
