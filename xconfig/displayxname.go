package xconfig

import (
	"slices"

	"attune/detect"
)

// xOwnDrivers are the X drivers which X prefers to modesetting for a card of a
// kernel driver, when the image has them: amdgpu's and radeon's by the OutputClass
// they install, the others by X's table of PCI vendors (xf86pciBus.c, Xorg
// 21.1, xf86VideoPtrToDriverList). cirrus and mga refuse cards with a kernel driver.
var xOwnDrivers = map[string]string{
	"amdgpu":     "amdgpu",
	"radeon":     "radeon",
	"nvidia-drm": "nvidia",
	"qxl":        "qxl",
	"vmwgfx":     "vmware",
}

// mayBeOwn are those where it depends on the card's generation, and on the
// distribution's patches to X, which of two drivers X takes.
var mayBeOwn = map[string]string{"i915": "intel", "nouveau": "nouveau"}

// xDriver is the X driver which will show the card's outputs, "" when that
// cannot be known.
func (d *displays) xDriver(card *detect.Card) string {
	if card.ID == d.plan.GPU.Card && d.plan.GPU.Driver != "" {
		return d.plan.GPU.Driver
	}
	kernel, have := drmName(card.Driver), d.image.Drivers
	switch {
	case slices.Contains(have, xOwnDrivers[kernel]):
		return xOwnDrivers[kernel]
	case slices.Contains(have, mayBeOwn[kernel]):
		return ""
	case slices.Contains(have, "modesetting"):
		return "modesetting"
	}
	return ""
}

// nameOutputs gives each output the name X's driver will have for it. rank
// counts the cards in the plan's order.
func (d *displays) nameOutputs() {
	rank, last := -1, ""
	for _, h := range d.heads {
		if h.card.ID != last {
			rank, last = rank+1, h.card.ID
		}
		h.out.XName, _ = XName(d.xDriver(h.card), rank, h.card.Connectors, h.conn.Name)
	}
}
