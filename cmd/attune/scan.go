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
	named := in.flags.Bool("names", false, "look names up in pci.ids and usb.ids, which takes a moment")
	m, err := in.start(in.open)
	if err != nil {
		return 0, err
	}
	defer m.Close()
	inv, err := m.scanWith(detect.Options{NoModules: !in.common.json, CardsOnly: !in.common.json && !*all})
	if err != nil {
		return 0, err
	}
	problems := scanProblems(inv)
	if len(inv.Devices) == 0 {
		problems = append(problems, detect.ErrNoDevices)
	}
	if in.common.json {
		return in.warn(problems), in.printJSON(inv)
	}
	text := describe
	if *named {
		text = m.names().Text
	}
	out := bufio.NewWriter(in.stdout)
	printDevices(out, inv, *all, text)
	return in.warn(problems), out.Flush()
}

// scan reads the machine's inventory; a root without /sys is a mistake worth
// an error.
func (m *machine) scan() (detect.Inventory, error) { return m.scanWith(detect.Options{}) }

func (m *machine) scanWith(o detect.Options) (detect.Inventory, error) {
	if _, err := fs.Stat(m.FS, "sys"); err != nil {
		return detect.Inventory{}, fmt.Errorf("scanning %s: %w", m.Name, err)
	}
	sys, err := fs.Sub(m.FS, "sys")
	if err != nil {
		return detect.Inventory{}, err
	}
	return detect.ScanWith(sys, o), nil
}

func printDevices(w io.Writer, inv detect.Inventory, all bool, text func(detect.Device) string) {
	for _, d := range inv.Devices {
		if all || worthNaming(d) {
			fmt.Fprintf(w, "%-10s %-24s %-16s %s\n", or(string(d.Role), "-"), deviceID(d), or(d.Driver, "no driver"), text(d))
		}
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
