package main

import (
	"bufio"
	"fmt"
	"io"
	"io/fs"

	"attune/detect"
)

// scan prints the inventory. Without --all it leaves out what no person would
// call a device: bridges, firmware nodes, the kernel's own inventions.
func scan(in *invocation) (int, error) {
	all := in.flags.Bool("all", false, "every device the kernel knows, not only those a person would name")
	if err := in.parse(); err != nil {
		return 0, err
	}
	if err := in.noArgs(); err != nil {
		return 0, err
	}
	m, err := in.open()
	if err != nil {
		return 0, err
	}
	defer m.Close()
	inv, err := m.scan()
	if err != nil {
		return 0, err
	}
	if in.common.json {
		return exitDone, in.printJSON(inv)
	}
	out := bufio.NewWriter(in.stdout)
	printDevices(out, inv, *all)
	return exitDone, out.Flush()
}

// scan reads the machine's inventory; a root without /sys is a mistake worth
// an error.
func (m *machine) scan() (detect.Inventory, error) {
	if _, err := fs.Stat(m.FS, "sys"); err != nil {
		return detect.Inventory{}, fmt.Errorf("scanning %s: %w", m.Name, err)
	}
	sys, err := fs.Sub(m.FS, "sys")
	if err != nil {
		return detect.Inventory{}, err
	}
	return detect.Scan(sys), nil
}

func printDevices(w io.Writer, inv detect.Inventory, all bool) {
	for _, d := range inv.Devices {
		if all || worthNaming(d) {
			fmt.Fprintf(w, "%-10s %-24s %-16s %s\n", or(string(d.Role), "-"), deviceID(d), or(d.Driver, "no driver"), describe(d))
		}
	}
	for _, p := range inv.Problems {
		fmt.Fprintf(w, "%-10s %-24s %-16s %s\n", "problem", p.Path, "", p.Err)
	}
}

// worthNaming picks the one row of a device: the card, not each of the nodes
// the kernel makes for it.
func worthNaming(d detect.Device) bool {
	switch d.Subsystem {
	case "pci", "usb", "sdio", "mmc", "vmbus", "nvme":
		return d.Role != "" && d.Role != detect.RoleBridge && d.Role != detect.RoleHub
	case "virtio", "scsi":
		return d.Role != ""
	}
	return false
}
