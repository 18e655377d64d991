package kmod

import "slices"

// A NeverRow is modules which are never loaded because an alias names them,
// as if each was in a modprobe.d blacklist. A dependency, attune.load and a
// person's modprobe still get them.
type NeverRow struct {
	Name    string
	Modules []string
	Why     string
	Link    string
}

// neverRows: the list is short on purpose. What udevd loads, this loads;
// watchdogs and the PC speaker are harmless until somebody opens them.
var neverRows = []NeverRow{{
	Name: "framebuffer drivers",
	Modules: []string{
		// Debian's list, lib/modprobe.d/fbdev-blacklist.conf of its udev package.
		"arkfb", "aty128fb", "atyfb", "radeonfb", "cirrusfb", "cyber2000fb", "kyrofb", "matroxfb_base",
		"mb862xxfb", "neofb", "pm2fb", "pm3fb", "s3fb", "savagefb", "sisfb", "tdfxfb", "tridentfb", "vt8623fb",
		// Built elsewhere; each has taken a GPU from its DRM driver.
		"cyblafb", "gx1fb", "gxfb", "i740fb", "i810fb", "intelfb", "lxfb", "nvidiafb", "rivafb",
	},
	Why:  "an fbdev driver takes the GPU from its DRM driver or from X's own, and leaves a console nobody asked for",
	Link: "https://sources.debian.org/src/systemd/bookworm/debian/extra/make-fbdev-blacklist/",
}, {
	Name:    "event logger",
	Modules: []string{"evbug"},
	Why:     "its alias fits every input device and it writes every key, passwords too, into the kernel log",
	Link:    "https://github.com/torvalds/linux/blob/master/drivers/input/evbug.c",
}, {
	Name:    "boot protocol drivers",
	Modules: []string{"usbkbd", "usbmouse"},
	Why:     "they fit every USB keyboard and mouse, drive the half of it, and keep usbhid away",
	Link:    "https://github.com/torvalds/linux/blob/master/drivers/hid/usbhid/Kconfig",
}}

// never finds the row which forbids a module.
func (p *Policy) never(module string) *NeverRow {
	for i := range p.Never {
		if slices.Contains(p.Never[i].Modules, module) {
			return &p.Never[i]
		}
	}
	return nil
}
