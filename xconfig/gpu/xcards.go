package gpu

import (
	"slices"
	"strings"

	"attune/detect"
	"attune/xconfig"
)

// An XCard is a card as X will have it.
type XCard struct {
	Driver string // X driver, "" when there is none in the image
	Rank   int    // 0 shows X's screen, n is the n-th GPU X adds to it
}

// XCards says by which driver and in which place X will have each card, by
// Card.ID. Further GPUs come driver by driver, in the order X tries drivers
// in, and those of one driver in the order of their paths:
// xf86PlatformMatchDriver and xf86platformAddGPUDevices in xf86platformBus.c.
func XCards(f xconfig.Facts, plan xconfig.GPUPlan) map[string]XCard {
	cards := slices.Clone(f.Graphics.Cards)
	slices.SortFunc(cards, func(a, b detect.Card) int {
		if first := oneIf(b.ID == plan.Card) - oneIf(a.ID == plan.Card); first != 0 {
			return first
		}
		return strings.Compare(a.Device+"/"+a.ID, b.Device+"/"+b.ID)
	})
	order := make([]string, 0, len(cards)) // drivers as X tries them
	drivers := map[string]string{}
	for _, c := range cards {
		d := xDriverOf(c, f.Image)
		if c.ID == plan.Card && plan.Driver != "" {
			d = plan.Driver
		}
		drivers[c.ID] = d
		if !slices.Contains(order, d) && d != "modesetting" {
			order = append(order, d)
		}
	}
	order = append(order, "modesetting")
	out, rank := map[string]XCard{}, 0
	for _, d := range order {
		for _, c := range cards {
			switch {
			case drivers[c.ID] != d:
			case c.ID == plan.Card:
				out[c.ID] = XCard{d, 0}
			case len(c.Connectors) == 0 || isPassedThrough(c.Driver):
			default:
				rank++
				out[c.ID] = XCard{d, rank}
			}
		}
	}
	return out
}

// An xPreference is an X driver that is preferred to modesetting for the cards
// of a kernel driver, where it is installed.
type xPreference struct {
	kernel, driver string
	products       []uint16 // these alone; nil for all
	why            string
}

var xPreferences = []xPreference{
	{"amdgpu", "amdgpu", nil, "10-amdgpu.conf of its package says so"},
	{"radeon", "radeon", nil, "10-radeon.conf of its package says so"},
	{"nvidia", "nvidia", nil, "its package's file, or ours, says so"},
	{"qxl", "qxl", nil, "X's table of PCI ids"},
	{"vmwgfx", "vmware", nil, "X's table of PCI ids"},
	{"vboxvideo", "vboxvideo", nil, "X's table of PCI ids"},
	// X as its authors write it takes intel for every Intel GPU. Debian, Ubuntu
	// and Fedora change that to those before the fourth generation.
	{"i915", "intel", []uint16{0x3577, 0x2562, 0x3582, 0x358e, 0x2572, 0x2582, 0x258a, 0x2592, 0x2772, 0x27a2,
		0x27ae, 0x29b2, 0x29c2, 0x29d2, 0xa001, 0xa011}, "X's table of PCI ids, as distributions have it"},
}

// xDriverOf is the driver X finds by itself for a card. For nouveau's older
// cards it may be nouveau's: the names of outputs are the same.
func xDriverOf(c detect.Card, im xconfig.Image) string {
	for _, p := range xPreferences {
		if p.kernel == c.Driver && slices.Contains(im.Drivers, p.driver) && (p.products == nil || slices.Contains(p.products, c.Product)) {
			return p.driver
		}
	}
	if slices.Contains(im.Drivers, "modesetting") {
		return "modesetting"
	}
	return ""
}
