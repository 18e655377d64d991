package explain

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"attune/detect"
)

// A kind is a sort of device that no driver binds to, and why.
type kind struct {
	name      string
	subsystem string
	class     uint32   // with mask: PCI class
	mask      uint32   // 0: any class
	ids       []string // ACPI or PNP IDs, platform names, parts of an of: alias; none: any
	vendor    uint16   // 0: any
	product   uint16   // with vendor, 0: any
	why       string
}

// never are kinds that no driver can bind to, whatever modules their aliases
// load: they describe the machine.
var never = []kind{
	{name: "the processor", subsystem: "cpu", why: "it names the processor's abilities; modules load by it and none binds to it"},
	{name: "the machine's identity", subsystem: "dmi", why: "it names the machine; modules load by it and none binds to it"},
	{name: "processor in ACPI", ids: []string{"LNXCPU", "ACPI0007"}, why: "it is where the firmware describes a processor; modules load by it and none binds to it"},
}

// rarely are kinds that normally have no driver. They are asked after the
// modules: where the image has one, it counts.
var rarely = []kind{
	{name: "PCI host bridge", subsystem: "pci", class: 0x060000, mask: 0xffff00, why: "it is the way from the processor to the PCI bus; the kernel's PCI core uses it without a driver"},
	{name: "ISA bridge", subsystem: "pci", class: 0x060100, mask: 0xffff00, why: "it is the way to the old ISA bus and works without a driver"},
	{name: "EISA, MCA bridge", subsystem: "pci", class: 0x060200, mask: 0xfffe00, why: "it is a bridge that works without a driver"},
	{name: "PCI bridge", subsystem: "pci", class: 0x060400, mask: 0xffff00, why: "it is a bridge between PCI buses; the kernel's PCI core uses it without a driver"},
	{name: "other bridge", subsystem: "pci", class: 0x068000, mask: 0xffff00, why: "it is a bridge of the chipset (power management, often) that works without a driver"},
	{name: "RAM", subsystem: "pci", class: 0x050000, mask: 0xffff00, why: "it is memory of the chipset; nothing needs to drive it"},
	{name: "memory controller", subsystem: "pci", class: 0x058000, mask: 0xffff00, why: "it is a memory controller, set up by the firmware; at most an error counter (EDAC) binds to it"},
	{name: "interrupt controller", subsystem: "pci", class: 0x080000, mask: 0xffff00, why: "it is an interrupt controller, set up by the kernel itself"},
	{name: "IOMMU", subsystem: "pci", class: 0x080600, mask: 0xffff00, why: "it is the IOMMU; the kernel itself drives it"},
	{name: "root complex event collector", subsystem: "pci", class: 0x080700, mask: 0xffff00, why: "it collects errors of the PCI bus; the kernel's PCI core uses it"},
	{name: "system peripheral", subsystem: "pci", class: 0x088000, mask: 0xffff00, why: "it is a part of the chipset that Linux leaves alone"},
	{name: "SMBus", subsystem: "pci", class: 0x0c0500, mask: 0xffff00, why: "it is the chipset's SMBus; without a driver only sensors behind it are missing"},
	{name: "SPI flash", subsystem: "pci", class: 0x0c8000, mask: 0xffff00, why: "it is a serial bus of the chipset, mostly the way to the firmware's flash, which Linux leaves alone"},
	{name: "performance counters", subsystem: "pci", class: 0x110100, mask: 0xffff00, why: "it counts events of the processor; at most a counter driver binds to it"},
	{name: "signal processing", subsystem: "pci", class: 0x118000, mask: 0xffff00, why: "it is a part of the processor or chipset (temperature, telemetry) that works without a driver"},
	{name: "instrumentation", subsystem: "pci", class: 0x130000, mask: 0xff0000, why: "it is the maker's instrumentation; nothing needs to drive it"},
	{name: "management engine", subsystem: "pci", class: 0x078000, mask: 0xffff00, vendor: 0x8086, why: "it is the chipset's management engine; nothing a desktop needs"},
	{name: "QEMU edu", subsystem: "pci", vendor: 0x1234, product: 0x11e8, why: "it is QEMU's device for teaching driver writing; Linux has no driver for it"},
	{name: "QEMU pci-testdev", subsystem: "pci", vendor: 0x1b36, product: 0x0005, why: "it is QEMU's device for testing PCI; Linux has no driver for it"},
	{name: "QEMU acpi-erst", subsystem: "pci", vendor: 0x1b36, product: 0x0012, why: "it is QEMU's storage for ACPI errors; the kernel reaches it through ACPI"},
	{name: "QEMU ivshmem", subsystem: "pci", vendor: 0x1af4, product: 0x1110, why: "it is memory shared between guests; programs map it, Linux has no driver for it"},

	{name: "PCI root in ACPI", ids: []string{"PNP0A03", "PNP0A08", "ACPI0016", "ACPI0017"}, why: "it is where the firmware describes the PCI bus; the kernel's ACPI core uses it"},
	{name: "container", ids: []string{"PNP0A05", "PNP0A06", "ACPI0004", "ACPI0010"}, why: "it groups other devices in the firmware's tables"},
	{name: "root of the ACPI tree", ids: []string{"LNXSYSTM", "LNXSYBUS"}, why: "it is the root of the firmware's tables"},
	{name: "board resources", ids: []string{"PNP0C01", "PNP0C02", "PNP0C04", "PNP0000", "PNP0100", "PNP0103", "PNP0200", "PNP0B00", "PNP0800", "INT0800", "PNP0C09"}, why: "it reserves addresses of the board (timer, clock, interrupt controller); the kernel itself uses what lies there"},
	{name: "interrupt link", ids: []string{"PNP0C0F"}, why: "it describes how an interrupt is wired; the kernel's ACPI core uses it"},
	{name: "processor power", ids: []string{"INT33A1", "PNP0D80", "INT3398", "ACPI000E", "ACPI0011", "ACPI0013", "PNP0C10", "PNP0C33", "PNP0C80", "LNXPOWER"}, why: "it describes abilities of the platform; the kernel's ACPI core or nobody uses it"},
	{name: "any other ACPI node", subsystem: "acpi", why: "it is a line in the firmware's tables of which the kernel has made no device"},

	{name: "WMI", subsystem: "wmi", why: "it is a firmware function for the maker's own programs; Linux knows a few of these and not this one"},
	{name: "management engine client", subsystem: "mei", why: "it is a service inside the management engine; Linux uses a few of these and not this one"},
	{name: "SCSI controller", subsystem: "scsi", ids: []string{"t-0x0c", "t-0x1f", "t-0x03"}, why: "it is the controller's own entry on its bus; programs talk to it through sg"},
	{name: "SCSI enclosure", subsystem: "scsi", ids: []string{"t-0x0d"}, why: "it is the case around the disks; the ses module shows its slots where the image has it"},
	{name: "PNP without an ID", subsystem: "pnp", why: "it reserves addresses; the PNP core keeps them free"},
	{name: "device-tree node", ids: []string{"Csimple-bus", "Csyscon", "Csimple-mfd", "Csimple-pm-bus", "Carm,psci", "Cfixed-clock", "Coperating-points", "Cramoops", "Cregulator-fixed", "Carm,amba-bus", "NsocT", "NfirmwareT", "NcpusT", "NamlT"}, why: "it groups or describes other devices in the device tree"},
	{name: "made by kernel code", subsystem: "platform", ids: []string{"Fixed MDIO bus", "reg-dummy", "alarmtimer", "eisa", "platform-framebuffer", "snd-soc-dummy", "regulatory", "microcode", "kgdboc"}, why: "kernel code made it for its own use"},
	{name: "I2C memory", subsystem: "i2c", ids: []string{"eeprom", "dummy"}, why: "it reserves an address on the bus"},
	{name: "part of a PCI port", subsystem: "pci_express", why: "it is a service of a PCI port that this kernel does not use"},
}

func neverBound(v *view, d *detect.Device) (Verdict, bool)  { return fromTable(v, d, never) }
func rarelyBound(v *view, d *detect.Device) (Verdict, bool) { return fromTable(v, d, rarely) }

func fromTable(v *view, d *detect.Device, table []kind) (Verdict, bool) {
	for _, k := range table {
		if k.fits(d) {
			w := v.asked(d)
			verdict := Verdict{Outcome: NoDriver, Why: k.why}
			if len(w.denied) > 0 {
				verdict.Hint = fmt.Sprintf("%s was asked for and denied by %s", w.denied[0].Module, w.denied[0].Source)
			}
			return verdict, true
		}
	}
	return Verdict{}, false
}

func (k kind) fits(d *detect.Device) bool {
	switch {
	case k.subsystem != "" && k.subsystem != d.Subsystem,
		k.mask != 0 && d.Class&k.mask != k.class,
		k.vendor != 0 && k.vendor != d.Vendor, k.product != 0 && k.product != d.Product:
		return false
	}
	return len(k.ids) == 0 || slices.ContainsFunc(k.ids, func(id string) bool { return hasID(d, id) })
}

// hasID looks for an ID in the aliases and in the device's own name. An ID is
// a whole word of an alias, but for of: aliases, which run their words together.
func hasID(d *detect.Device, id string) bool {
	if strings.HasPrefix(path.Base(d.Path), id) && (d.Subsystem == "acpi" || d.Subsystem == "platform" || d.Subsystem == "pnp") {
		return true
	}
	for _, alias := range d.Modalias {
		bus, rest, _ := strings.Cut(alias, ":")
		if bus == "of" && strings.Contains(rest, id) {
			return true
		}
		for word := range strings.SplitSeq(rest, ":") {
			if word == id || bus == "pnp" && word == "d"+id {
				return true
			}
		}
	}
	return false
}
