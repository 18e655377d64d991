// Package image reads what an image brings for display servers: the X server
// and its drivers, the configuration others left for it, the keyboard database,
// the keyboard as the system states it, and how X would find a directory in
// scratch space.
//
// It reads files alone and states what is there. What the machine has, and what
// follows from both, it does not know. Files are read as data: no shell and no
// interpreter ever sees them.
package image

import (
	"io/fs"

	"attune/xconfig"
)

// Read reads the image in the tree of a machine, rooted at "/". What is absent
// or unreadable is left empty: an image without X is an image.
func Read(root fs.FS) xconfig.Image {
	t := tree{root}
	im := xconfig.Image{
		XServer:     t.xServer(),
		Drivers:     t.drivers("drivers"),
		InputDrv:    t.drivers("input"),
		XorgConf:    t.xorgConf(),
		ConfFiles:   t.confFiles(),
		VConsole:    t.assignments("etc/vconsole.conf"),
		DefaultKbd:  t.assignments("etc/default/keyboard"),
		Locale:      t.locale(),
		Credentials: t.credentials(),
	}
	im.NvidiaPaths = t.nvidiaPaths()
	if len(im.NvidiaPaths) > 0 {
		im.Drivers = with(im.Drivers, t.nvidiaDriver(im.NvidiaPaths))
	}
	im.XKBLayouts, im.XKBModels = t.keyboardDatabase()
	im.Reach = t.reach(im.XServer)
	return im
}
