package display

import "attune/xconfig"

// cannotTurn are kernel drivers on whose cards X has no turned picture. Seen with
// Xorg 21.1 on QEMU's cards, Linux 6.1: without a GPU that renders, modesetting draws a
// turned picture into a buffer of which it never tells the kernel, and these
// drivers show only what they are told of; X's own driver for qxl fails to set the
// mode, and X ends with it. bochs, which needs not be told, turns. A virtio card
// with 3D would, too; nothing that is read here tells it from others.
var cannotTurn = map[string]string{
	"virtio_gpu":  "the screen would be black: X does not bring a turned picture to a card of this kind",
	"cirrus":      "the screen would be black: X does not bring a turned picture to a card of this kind",
	"cirrus-qemu": "the screen would be black: X does not bring a turned picture to a card of this kind",
	"qxl":         "X would not start: its driver for this card cannot set a turned mode",
}

// dontTurn leaves a picture upright where X could only lose it.
func (d *displays) dontTurn(image xconfig.Image) {
	if image.XServer == "" {
		return
	}
	for _, h := range d.on() {
		why, cannot := cannotTurn[h.card.Driver]
		if !cannot || h.out.Rotate == "normal" {
			continue
		}
		d.note(h.conn.Name, "is not turned %s (%s): %s", h.out.Rotate, h.out.RotateWhy, why)
		h.out.Rotate, h.out.RotateWhy, h.out.PanelTurn = "normal", "", false
	}
}
