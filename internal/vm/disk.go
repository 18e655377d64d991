package vm

import (
	"path/filepath"

	"attune/internal/vm/job"
)

// Buses are what a guest's disks can hang on: the device QEMU gives the root
// image and the state disk, and what has to be there for them.
var Buses = map[string]struct{ root, state, needs string }{
	"":     {root: "virtio-blk-pci,drive=root,serial=" + job.RootDisk, state: "virtio-blk-pci,drive=state,serial=state"},
	"sata": {root: "ide-hd,drive=root,bus=ide.0", state: "ide-hd,drive=state,bus=ide.1"}, // IDE on an older board
	"nvme": {root: "nvme,drive=root,serial=root", state: "nvme,drive=state,serial=state"},
	"usb":  {root: "usb-storage,drive=root,bus=rootx.0", state: "usb-storage,drive=state,bus=rootx.0", needs: "qemu-xhci,id=rootx"},
}

// disks are QEMU's arguments for the root image and the state disk. A disk on
// IDE cannot be read-only, so there what a guest would write is thrown away.
func disks(g Guest) []string {
	bus := Buses[g.Bus]
	if g.Bus == BusNBD {
		bus = Buses[""] // of the state disk
	}
	var args []string
	if bus.needs != "" {
		args = append(args, "-device", bus.needs)
	}
	protect := "readonly=on"
	if g.Bus == "sata" {
		protect = "snapshot=on"
	}
	if g.Bus == BusNBD {
		args = append(args, g.net...)
	} else {
		args = append(args, "-drive", "if=none,id=root,format=raw,cache=unsafe,"+protect+",file="+filepath.Join(g.Kernel.Dir, "root.erofs"), "-device", bus.root)
	}
	if g.State != "" {
		locked := ""
		if g.ReadOnly {
			locked = "readonly=on,"
		}
		args = append(args, "-drive", "if=none,id=state,format=raw,cache=unsafe,"+locked+"file="+g.State, "-device", bus.state)
	}
	return args
}
