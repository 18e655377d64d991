package display

import (
	"fmt"

	"attune/xconfig"
)

// leaveOutUnreachable takes out the outputs of further cards where X cannot
// bring them its picture. X draws on the first card and copies from there, for
// which its modesetting driver needs that card to render (glamor; without it
// the card is no "Source Output" of RandR, drivers/modesetting/driver.c of Xorg
// 21.1). A card without a render node never does: those of virtual machines,
// of management controllers, and what the firmware left.
func (d *displays) leaveOutUnreachable(image xconfig.Image) {
	if image.XServer == "" || !d.firstCannotRender() {
		return
	}
	for _, h := range d.heads {
		if h.card.ID != d.plan.GPU.Card && h.out.State == "on" {
			h.out.State, h.out.Why = "unreachable", fmt.Sprintf("X draws on %s, which cannot render and so cannot share its picture", d.plan.GPU.Card)
		}
	}
}

// firstCannotRender: a card that shows something and has no render node.
// Where nothing hangs on it, X has no picture to lose by trying.
func (d *displays) firstCannotRender() bool {
	shows := false
	for _, h := range d.heads {
		if h.card.ID != d.plan.GPU.Card {
			continue
		}
		if h.card.Render != "" {
			return false
		}
		shows = shows || h.out.State == "on"
	}
	return shows
}
