package main

import (
	"bufio"
	"fmt"
	"io"

	"attune/detect"
	"attune/internal/inspect"
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
	inv, err := m.ScanWith(detect.Options{NoModules: !in.common.json, CardsOnly: !in.common.json && !*all})
	if err != nil {
		return 0, err
	}
	problems := inspect.ScanProblems(inv)
	if len(inv.Devices) == 0 {
		problems = append(problems, detect.ErrNoDevices)
	}
	if in.common.json {
		return in.warn(problems), in.printJSON(inv)
	}
	text := describe
	if *named {
		text = m.Names().Text
	}
	out := bufio.NewWriter(in.stdout)
	printDevices(out, inv, *all, text)
	return in.warn(problems), out.Flush()
}

func printDevices(w io.Writer, inv detect.Inventory, all bool, text func(detect.Device) string) {
	for _, d := range inv.Devices {
		if all || inspect.WorthNaming(d) {
			fmt.Fprintf(w, "%-10s %-24s %-16s %s\n", or(string(d.Role), "-"), deviceID(d), or(d.Driver, "no driver"), text(d))
		}
	}
}
