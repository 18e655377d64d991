package explain

import (
	"slices"
	"strings"
	"testing"

	"attune/detect"
	"attune/detect/kmod"
)

const card = "devices/pci0000:00/0000:00:03.0"

func nic(change func(*detect.Device)) detect.Device {
	d := detect.Device{Path: card, Subsystem: "pci", Modalias: []string{"pci:nic"}, Role: detect.RoleNet, Class: 0x020000, Vendor: 0x8086, Product: 0x100e}
	if change != nil {
		change(&d)
	}
	return d
}

// usb is an interface of a USB device.
func usb(class uint32, vendor uint16) detect.Device {
	return detect.Device{Path: "devices/x/usb1/1-2/1-2:1.0", Subsystem: "usb", Devtype: "usb_interface",
		Modalias: []string{"usb:if"}, Class: class, Vendor: vendor}
}

// acpi is a node of the firmware's tables.
func acpi(name, driver string) detect.Device {
	id, _, _ := strings.Cut(name, ":")
	return detect.Device{Path: "devices/LNXSYSTM:00/" + name, Subsystem: "acpi", Driver: driver, Modalias: []string{"acpi:" + id + ":"}}
}

// plans are several as one.
func plans(all ...kmod.Plan) kmod.Plan {
	var p kmod.Plan
	for _, more := range all {
		p.Steps = append(p.Steps, more.Steps...)
	}
	return p
}

func wants(device string, modules ...string) kmod.Plan {
	var p kmod.Plan
	for _, m := range modules {
		p.Steps = append(p.Steps, kmod.Step{Module: m, Why: []kmod.Why{{Device: device, Alias: "x", Table: "alias"}}})
	}
	return p
}

func denied(device string, d kmod.Denial) kmod.Plan {
	d.Why = []kmod.Why{{Device: device}}
	return kmod.Plan{Denied: []kmod.Denial{d}}
}

func denials(device string, all ...kmod.Denial) kmod.Plan {
	var p kmod.Plan
	for _, d := range all {
		p.Denied = append(p.Denied, denied(device, d).Denied...)
	}
	return p
}

func live(names ...string) []detect.Module {
	var all []detect.Module
	for _, n := range names {
		all = append(all, detect.Module{Name: n, InitState: "live"})
	}
	return all
}

// Each row is one device whose verdict is looked at: the first of the
// inventory. Every outcome has a row, and every mechanism behind one.
var outcomes = []struct {
	name    string
	devices []detect.Device
	modules []detect.Module
	facts   Facts
	want    Outcome
	says    string // part of Why
	by      string
	hint    string // part of Hint
}{
	{name: "bound", devices: []detect.Device{nic(func(d *detect.Device) { d.Driver, d.Module = "e1000", "e1000" })}, modules: live("e1000"),
		want: Bound, says: "e1000 drives it"},
	// The mmc bus gives its drivers no owner, so driver/module is missing there.
	{name: "bound by a module whose driver does not say so", modules: live("mmc_block"), facts: Facts{Plan: wants("devices/m/mmc0:4567", "mmc_block")}, want: Bound,
		devices: []detect.Device{{Path: "devices/m/mmc0:4567", Subsystem: "mmc", Driver: "mmcblk", Modalias: []string{"mmc:block"}}}},
	{name: "bound in a capture that has no /sys/module", devices: []detect.Device{nic(func(d *detect.Device) { d.Driver = "e1000" })},
		facts: Facts{Plan: wants(card, "e1000")}, want: Bound},
	{name: "built in: the driver has no module", devices: []detect.Device{nic(func(d *detect.Device) { d.Driver = "serial" })}, modules: live("e1000"),
		want: BoundBuiltin, says: "part of the kernel"},
	{name: "built in: its module has no initstate", devices: []detect.Device{nic(func(d *detect.Device) { d.Driver, d.Module = "virtio-pci", "virtio_pci" })},
		modules: []detect.Module{{Name: "virtio_pci"}}, want: BoundBuiltin},
	{name: "built in: the plan says so", devices: []detect.Device{nic(func(d *detect.Device) { d.Driver = "ahci" })},
		facts: Facts{Plan: kmod.Plan{Builtin: []kmod.Match{{Device: card, Module: "ahci"}}}}, want: BoundBuiltin},
	{name: "bound in spite of everything the log says", devices: []detect.Device{nic(func(d *detect.Device) { d.Driver, d.Module = "r8169", "r8169" })},
		facts: Facts{Log: "r8169 0000:00:03.0: Unable to load firmware rtl_nic/rtl8168.fw (-2)\n"}, want: Bound},

	{name: "interface of a card", devices: []detect.Device{{Path: card + "/net/eth0", Subsystem: "net"}, nic(nil)}, want: PartOf, says: "pci 0000:00:03.0"},
	{name: "input with handlers", devices: []detect.Device{{Path: "devices/x/input/input3", Subsystem: "input", Modalias: []string{"input:b"}, Handlers: []string{"event3", "mouse0"}}},
		want: PartOf, says: "event3, mouse0"},
	{name: "ACPI node of a device", devices: []detect.Device{{Path: "devices/LNXSYSTM:00/PNP0303:00", Subsystem: "acpi", Modalias: []string{"acpi:PNP0303:"}, PhysicalNode: "devices/pnp0/00:01"}},
		want: PartOf, says: "00:01"},
	{name: "ACPI node without link, twin by name", devices: []detect.Device{{Path: "devices/LNXSYSTM:00/ELAN900C:00", Subsystem: "acpi", Modalias: []string{"acpi:ELAN900C:PNP0C50:"}},
		{Path: "devices/x/i2c-1/i2c-ELAN900C:00", Subsystem: "i2c", Driver: "i2c_hid"}}, want: PartOf, says: "i2c-ELAN900C:00"},
	{name: "ACPI node without link, twin by PNP ID", devices: []detect.Device{{Path: "devices/LNXSYSTM:00/PNP0501:00", Subsystem: "acpi", Modalias: []string{"acpi:PNP0501:"}},
		{Path: "devices/pnp0/00:02", Subsystem: "pnp", Modalias: []string{"pnp:dPNP0501"}}}, want: PartOf, says: "pnp 00:02"},
	{name: "platform device whose ACPI node has the driver", devices: []detect.Device{{Path: "devices/platform/PNP0C0C:00", Subsystem: "platform", Modalias: []string{"acpi:PNP0C0C:"}}, acpi("PNP0C0C:00", "button")},
		facts: Facts{Plan: wants("devices/platform/PNP0C0C:00", "button")}, want: PartOf, says: "acpi PNP0C0C:00"},
	{name: "PNP device whose ACPI node has the driver", devices: []detect.Device{{Path: "devices/pnp0/00:01", Subsystem: "pnp", Modalias: []string{"acpi:ACPI0003:"}},
		{Path: "devices/LNXSYSTM:00/ACPI0003:00", Subsystem: "acpi", Driver: "ac", PhysicalNode: "devices/pnp0/00:01"}}, want: PartOf, says: "acpi ACPI0003:00"},
	{name: "platform device whose ACPI node has none", devices: []detect.Device{{Path: "devices/platform/PNP0C0C:00", Subsystem: "platform", Modalias: []string{"acpi:PNP0C0C:"}}, acpi("PNP0C0C:00", "")},
		facts: Facts{Plan: wants("devices/platform/PNP0C0C:00", "button")}, want: NotLoaded},
	{name: "SDIO card", devices: []detect.Device{{Path: "devices/m/mmc1:0001", Subsystem: "mmc", Modalias: []string{"mmc:block"}},
		{Path: "devices/m/mmc1:0001/mmc1:0001:1", Subsystem: "sdio", Driver: "brcmfmac"}}, want: PartOf, says: "mmc1:0001:1"},

	{name: "smart card reader", devices: []detect.Device{usb(0x0b0000, 0x08e6)}, want: UserSpace, says: "pcscd"},
	{name: "MTP player", devices: []detect.Device{usb(0x060101, 0x46f4)}, want: UserSpace, says: "libmtp"},
	{name: "IPP over USB", devices: []detect.Device{usb(0x070104, 0x03f0)}, want: UserSpace, says: "ipp-usb"},
	{name: "printer whose driver libusb has put aside", devices: []detect.Device{usb(0x070102, 0x03f0)}, modules: live("usblp"),
		facts: Facts{Plan: wants("devices/x/usb1/1-2/1-2:1.0", "usblp")}, want: UserSpace, says: "print system"},
	{name: "fingerprint reader", devices: []detect.Device{usb(0xff0000, 0x138a)}, want: UserSpace, says: "fprintd"},
	{name: "opened by a program", devices: []detect.Device{func() detect.Device { d := usb(0xff0000, 1); d.Driver = "usbfs"; return d }()}, want: UserSpace},

	{name: "taken for a guest", devices: []detect.Device{nic(func(d *detect.Device) { d.Driver, d.Module = "vfio-pci", "vfio_pci" })}, want: Taken, says: "virtual machine"},
	{name: "kept by pci-stub", devices: []detect.Device{nic(func(d *detect.Device) { d.Driver = "pci-stub" })}, want: Taken},
	{name: "lent to another host", devices: []detect.Device{func() detect.Device { d := usb(0x080650, 1); d.Driver = "usbip-host"; return d }()}, want: Taken},
	{name: "reserved for a guest", devices: []detect.Device{nic(func(d *detect.Device) { d.DriverOverride = "vfio-pci" })}, facts: Facts{Plan: wants(card, "e1000")}, want: Taken},

	{name: "processor", devices: []detect.Device{{Path: "devices/system/cpu", Subsystem: "cpu", Modalias: []string{"cpu:type:x86"}}},
		facts: Facts{Plan: wants("devices/system/cpu", "kvm_amd")}, want: NoDriver},
	{name: "identity", devices: []detect.Device{{Path: "devices/virtual/dmi/id", Subsystem: "dmi", Modalias: []string{"dmi:x"}}}, want: NoDriver},
	{name: "host bridge", devices: []detect.Device{nic(func(d *detect.Device) { d.Class = 0x060000 })}, want: NoDriver, says: "PCI core"},
	{name: "edu", devices: []detect.Device{nic(func(d *detect.Device) { d.Class, d.Vendor, d.Product = 0x00ff00, 0x1234, 0x11e8 })}, want: NoDriver, says: "teaching"},
	{name: "no alias", devices: []detect.Device{nic(func(d *detect.Device) { d.Modalias = nil })}, want: NoDriver, says: "no alias"},
	{name: "alias that could not be read", devices: []detect.Device{nic(func(d *detect.Device) {
		d.Modalias, d.Unread = nil, []string{"uevent: no such process", "modalias: input/output error"}
	})},
		want: Unreadable, says: "its alias could not be read: uevent: no such process, modalias: input/output error"},
	{name: "directory that could not be read", devices: []detect.Device{{Path: card, Unread: []string{"directory: permission denied"}}}, want: Unreadable, says: "directory: permission denied"},
	{name: "host bridge that could not be read", devices: []detect.Device{{Path: card, Subsystem: "pci_express", Unread: []string{"modalias: permission denied"}}}, want: Unreadable},
	{name: "driver link that could not be read", devices: []detect.Device{nic(func(d *detect.Device) { d.Unread = []string{"driver: input/output error"} })},
		facts: Facts{Plan: wants(card, "e1000")}, want: Unreadable, says: "whether a driver has it could not be read: driver: input/output error"},
	{name: "alias in one of two files", devices: []detect.Device{nic(func(d *detect.Device) { d.Unread = []string{"uevent: input/output error"} })}, want: NoModule, says: "pci:nic"},
	{name: "bound whatever could not be read", devices: []detect.Device{nic(func(d *detect.Device) {
		d.Driver, d.Modalias, d.Unread = "e1000", nil, []string{"modalias: input/output error"}
	})}, want: Bound},
	{name: "WMI", devices: []detect.Device{{Path: "devices/w/X", Subsystem: "wmi", Modalias: []string{"wmi:X"}}}, want: NoDriver},

	{name: "host bridge with a module counts as any device", devices: []detect.Device{nic(func(d *detect.Device) { d.Class = 0x060000 })}, modules: live("ie31200_edac"),
		facts: Facts{Plan: wants(card, "ie31200_edac")}, want: LoadedNotBound},
	{name: "no module", devices: []detect.Device{nic(nil)}, want: NoModule, says: "pci:nic"},
	{name: "no module for this kernel at all", devices: []detect.Device{nic(nil)}, facts: Facts{NoTree: "this image has no modules for kernel 6.1.0"}, want: NoModule, says: "6.1.0"},
	{name: "named and not in the image", devices: []detect.Device{nic(nil)}, facts: Facts{Plan: kmod.Plan{Missing: []kmod.Match{{Device: card, Module: "e1000"}}}}, want: NoModule, says: "e1000"},
	{name: "nobody loaded it", devices: []detect.Device{nic(nil)}, modules: live("x"), facts: Facts{Plan: wants(card, "e1000")}, want: NotLoaded, says: "e1000 for it and nobody has loaded it"},
	{name: "attune loaded others", devices: []detect.Device{nic(nil)}, facts: Facts{Plan: wants(card, "e1000"), Loads: map[string]Load{"x": {}}}, want: NotLoaded, says: "nobody has loaded it"},
	{name: "a capture without /sys/module", devices: []detect.Device{nic(nil)}, facts: Facts{Plan: wants(card, "e1000")}, want: NotLoaded, says: "does not say whether it is loaded"},
	{name: "its driver drives another device", devices: []detect.Device{acpi("80860F14:00", ""), acpi("80860F14:01", "sdhci-acpi")},
		facts: Facts{Plan: wants("devices/LNXSYSTM:00/80860F14:00", "sdhci_acpi")}, want: LoadedNotBound, says: "sdhci_acpi is in the kernel"},
	{name: "its module drives another device", devices: []detect.Device{nic(nil), {Path: "devices/x", Subsystem: "usb", Driver: "asix", Module: "ax"}},
		facts: Facts{Plan: wants(card, "ax")}, want: LoadedNotBound},
	{name: "another card has the only driver its alias names", devices: []detect.Device{{Path: "devices/m/mmc0:2", Subsystem: "mmc", Modalias: []string{"mmc:block"}}, {Path: "devices/m/mmc0:1", Subsystem: "mmc", Driver: "mmcblk"}},
		facts: Facts{Plan: plans(wants("devices/m/mmc0:2", "mmc_block"), wants("devices/m/mmc0:1", "mmc_block"))}, want: LoadedNotBound, says: "mmc_block is in the kernel"},
	{name: "a port's general driver is no proof", devices: []detect.Device{nic(nil), {Path: "devices/p", Subsystem: "pci", Driver: "pcieport"}},
		facts: Facts{Plan: plans(wants(card, "shpchp"), wants("devices/p", "shpchp"))}, want: NotLoaded},
	{name: "a guest's driver is no proof", devices: []detect.Device{nic(nil), {Path: "devices/p", Subsystem: "pci", Driver: "vfio-pci"}},
		facts: Facts{Plan: plans(wants(card, "e1000"), wants("devices/p", "e1000"))}, want: NotLoaded},
	{name: "attune=off", devices: []detect.Device{nic(nil)}, facts: Facts{Plan: wants(card, "e1000"), Cmdline: "quiet attune=off"}, want: NotLoaded, by: "attune=off"},

	{name: "an install command stands in its place", devices: []detect.Device{nic(nil)}, modules: live("x"),
		facts: Facts{Plan: kmod.Plan{Steps: []kmod.Step{{Module: "e1000", Install: "/sbin/mine --fast", Why: []kmod.Why{{Device: card}}}}}},
		want:  NotLoaded, says: "e1000", hint: "/sbin/mine --fast"},
	{name: "damaged index", devices: []detect.Device{nic(nil)}, facts: Facts{Plan: kmod.Plan{Unsure: []kmod.Match{{Device: card, Alias: "pci:nic"}}}}, want: Unreadable, says: "module index is damaged"},
	{name: "damaged index, one module not found", devices: []detect.Device{nic(nil)}, facts: Facts{Plan: kmod.Plan{Unsure: []kmod.Match{{Device: card, Alias: "pci:nic", Module: "e1000"}},
		Missing: []kmod.Match{{Device: card, Module: "e100"}}}}, want: Unreadable, says: "module index is damaged"},
	{name: "damaged index that answered another alias", devices: []detect.Device{nic(nil)}, modules: live("e1000"),
		facts: Facts{Plan: kmod.Plan{Steps: wants(card, "e1000").Steps, Unsure: []kmod.Match{{Device: card, Alias: "pci:nic"}}}}, want: LoadedNotBound},
	{name: "damaged index, driven by a program all the same", devices: []detect.Device{usb(0x0b0000, 0x08e6)}, facts: Facts{Plan: kmod.Plan{Unsure: []kmod.Match{{Device: "devices/x/usb1/1-2/1-2:1.0"}}}}, want: UserSpace},
	{name: "no index at all", devices: []detect.Device{nic(nil)}, facts: Facts{NoTree: "no modules for 6.1.0", Plan: kmod.Plan{Unsure: []kmod.Match{{Device: card}}}}, want: NoModule, says: "no modules for 6.1.0"},

	{name: "blacklist", devices: []detect.Device{nic(nil)}, facts: Facts{Plan: denied(card, kmod.Denial{Module: "e1000", By: kmod.ByBlacklist, Source: "/etc/modprobe.d/x.conf:3"})},
		want: Denied, says: "blacklist", by: "/etc/modprobe.d/x.conf:3"},
	{name: "install false", devices: []detect.Device{nic(nil)}, facts: Facts{Plan: denied(card, kmod.Denial{Module: "e1000", By: kmod.ByInstallFalse, Source: "/etc/modprobe.d/y.conf:1"})},
		want: Denied, says: "install", by: "/etc/modprobe.d/y.conf:1"},
	{name: "modprobe.blacklist", devices: []detect.Device{nic(nil)}, facts: Facts{Plan: denied(card, kmod.Denial{Module: "e1000", By: kmod.ByModprobeCmdline, Source: "modprobe.blacklist=e1000"})},
		want: Denied, says: "modprobe.blacklist", by: "modprobe.blacklist=e1000"},
	{name: "module_blacklist", devices: []detect.Device{nic(nil)}, facts: Facts{Plan: denied(card, kmod.Denial{Module: "e1000", By: kmod.ByKernelCmdline, Source: "module_blacklist=e1000"})},
		want: Denied, says: "refuse", by: "module_blacklist=e1000"},
	{name: "denied by what it needs", devices: []detect.Device{nic(nil)}, facts: Facts{Plan: denied(card, kmod.Denial{Module: "a", Needs: "b", By: kmod.ByInstallFalse, Source: "f:1"})},
		want: Denied, says: "a needs b", by: "f:1"},
	{name: "a person's word comes before our own table", devices: []detect.Device{nic(nil)}, facts: Facts{Plan: denials(card,
		kmod.Denial{Module: "radeonfb", By: kmod.ByNever, Source: "framebuffer drivers"},
		kmod.Denial{Module: "r128", By: kmod.ByLadder},
		kmod.Denial{Module: "radeon", By: kmod.ByBlacklist, Source: "/etc/modprobe.d/x.conf:3"})},
		want: Denied, says: "radeon is denied: modprobe.d", by: "/etc/modprobe.d/x.conf:3"},
	{name: "the driver comes before the framebuffer", devices: []detect.Device{nic(nil)}, facts: Facts{Plan: denials(card,
		kmod.Denial{Module: "matroxfb_base", By: kmod.ByBlacklist, Source: "f:1"},
		kmod.Denial{Module: "radeonfb", By: kmod.ByBlacklist, Source: "f:2"},
		kmod.Denial{Module: "radeon", By: kmod.ByKernelCmdline, Source: "module_blacklist=radeon"})},
		want: Denied, says: "by module_blacklist=radeon; matroxfb_base is denied: modprobe.d keeps it from loading by itself (blacklist), by f:1; radeonfb is denied",
		by: "module_blacklist=radeon"},
	{name: "three denials are named, each once", devices: []detect.Device{nic(nil)}, facts: Facts{Plan: denials(card,
		kmod.Denial{Module: "a", By: kmod.ByBlacklist, Source: "f:1"}, kmod.Denial{Module: "a", By: kmod.ByBlacklist, Source: "f:1"},
		kmod.Denial{Module: "b", By: kmod.ByBlacklist, Source: "f:2"}, kmod.Denial{Module: "c", By: kmod.ByBlacklist, Source: "f:3"}, kmod.Denial{Module: "d", By: kmod.ByBlacklist, Source: "f:4"})},
		want: Denied, says: "by f:1; b is denied: modprobe.d keeps it from loading by itself (blacklist), by f:2; c is denied: modprobe.d keeps it from loading by itself (blacklist), by f:3; and 1 more", by: "f:1"},
	{name: "not authorized", devices: []detect.Device{func() detect.Device { d := usb(0x080650, 1); d.Unauthorized = true; return d }()}, want: Denied, by: "authorized"},
	{name: "driver_override", devices: []detect.Device{nic(func(d *detect.Device) { d.DriverOverride = "e100" })}, want: Denied, by: "driver_override"},

	{name: "load failed", devices: []detect.Device{nic(nil)}, facts: Facts{Plan: wants(card, "e1000"), Loads: map[string]Load{"e1000": {Err: "loading e1000: the kernel does not trust its key: key was rejected by service"}}},
		want: LoadFailed, says: "e1000 could not be loaded: the kernel does not trust its key: key was rejected by service"},
	{name: "load failed without a number", devices: []detect.Device{nic(nil)}, facts: Facts{Plan: wants(card, "e1000"), Loads: map[string]Load{"e1000": {Err: "loading e1000: its file is cut off"}}},
		want: LoadFailed, says: "e1000 could not be loaded: its file is cut off"},
	{name: "loaded, not bound", devices: []detect.Device{nic(nil)}, modules: live("virtio_pci"), facts: Facts{Plan: wants(card, "virtio_pci")}, want: LoadedNotBound, says: "virtio_pci is in the kernel"},
	{name: "loaded by us, not bound", devices: []detect.Device{nic(nil)}, facts: Facts{Plan: wants(card, "e1000"), Loads: map[string]Load{"e1000": {}}}, want: LoadedNotBound},
	{name: "loaded before the plan, not bound", devices: []detect.Device{nic(nil)}, modules: live("e1000"),
		facts: Facts{Plan: kmod.Plan{Loaded: []kmod.Match{{Device: card, Module: "e1000"}}}}, want: LoadedNotBound},
	{name: "two modules, one failed", devices: []detect.Device{nic(nil)}, modules: live("8139too"),
		facts: Facts{Plan: wants(card, "8139cp", "8139too"), Loads: map[string]Load{"8139cp": {Err: "x"}}}, want: LoadedNotBound},
	{name: "probe failed", devices: []detect.Device{nic(nil)}, modules: live("vmwgfx"),
		facts: Facts{Plan: wants(card, "vmwgfx"), Log: "[    3.1] vmwgfx: probe of 0000:00:03.0 failed with error -38\n"}, want: LoadedNotBound, says: "this kernel cannot do it (-38)"},

	{name: "firmware", devices: []detect.Device{nic(nil)}, modules: live("iwlwifi"),
		facts: Facts{Plan: wants(card, "iwlwifi"), Log: "[    5.14] iwlwifi 0000:00:03.0: Direct firmware load for iwlwifi-7260-17.ucode failed with error -2\n"},
		want:  FirmwareMissing, says: "iwlwifi-7260-17.ucode"},
	{name: "firmware asked of user space", devices: []detect.Device{nic(func(d *detect.Device) { d.RequestsFirmware, d.Driver = "a/b.bin", "x" })}, want: FirmwareMissing, says: "a/b.bin"},

	{name: "deferred, the kernel says why", devices: []detect.Device{nic(func(d *detect.Device) { d.WaitingFor = "foo: supplier clk not ready" })}, want: Deferred, says: "clk"},
	{name: "deferred, in the log", devices: []detect.Device{nic(nil)}, modules: live("x"),
		facts: Facts{Plan: wants(card, "x"), Log: "x 0000:00:03.0: probe with driver x failed with error -517\n"}, want: Deferred},
	{name: "waits, driver there", devices: []detect.Device{nic(func(d *detect.Device) { d.WaitingFor = "?" })}, modules: live("x"), facts: Facts{Plan: wants(card, "x")}, want: Deferred},
	{name: "waits, but nothing could drive it", devices: []detect.Device{nic(func(d *detect.Device) { d.WaitingFor = "?" })}, want: NoModule},

	{name: "nomodeset", devices: []detect.Device{nic(func(d *detect.Device) { d.Role, d.Class = detect.RoleGPU, 0x030000 })}, modules: live("i915"),
		facts: Facts{Plan: wants(card, "i915"), Cmdline: "ro nomodeset"}, want: Hidden, by: "nomodeset"},
	{name: "i915.modeset=0", devices: []detect.Device{nic(func(d *detect.Device) { d.Role, d.Class = detect.RoleGPU, 0x030000 })}, modules: live("i915"),
		facts: Facts{Plan: wants(card, "i915"), Cmdline: "i915.modeset=0"}, want: Hidden, by: "i915.modeset=0"},
	{name: "nomodeset behind -- is not the kernel's", devices: []detect.Device{nic(func(d *detect.Device) { d.Role = detect.RoleGPU })}, modules: live("i915"),
		facts: Facts{Plan: wants(card, "i915"), Cmdline: "ro -- nomodeset"}, want: LoadedNotBound},
	{name: "nomodeset is nothing to a network card", devices: []detect.Device{nic(nil)}, facts: Facts{Cmdline: "nomodeset"}, want: NoModule},
	{name: "PS/2 mouse left alone", devices: []detect.Device{{Path: "devices/pnp0/00:03", Subsystem: "pnp", Modalias: []string{"acpi:PNP0F13:"}}}, facts: Facts{Cmdline: "i8042.noaux"}, want: Hidden, by: "i8042.noaux"},
	{name: "the keyboard is no mouse", devices: []detect.Device{{Path: "devices/pnp0/00:02", Subsystem: "pnp", Modalias: []string{"acpi:PNP0303:"}}}, facts: Facts{Cmdline: "i8042.noaux"}, want: NoDriver},
	{name: "USB locked", devices: []detect.Device{func() detect.Device { d := usb(0x080650, 1); d.Unauthorized = true; return d }()},
		facts: Facts{Cmdline: "usbcore.authorized_default=0"}, want: Hidden, by: "usbcore.authorized_default=0"},
	{name: "attune.skip", devices: []detect.Device{nic(nil)}, facts: Facts{Cmdline: "ro attune.skip=usb,pci"}, want: Hidden, says: "leave the pci bus alone", by: "attune.skip=pci"},
	{name: "attune.skip of another bus", devices: []detect.Device{nic(nil)}, facts: Facts{Cmdline: "attune.skip=usb"}, want: NoModule},
	{name: "attune.skip, bound in spite of it", devices: []detect.Device{nic(func(d *detect.Device) { d.Driver = "e1000" })}, facts: Facts{Cmdline: "attune.skip=pci"}, want: Bound},
	{name: "nowatchdog is about the kernel's own lockup detectors", devices: []detect.Device{nic(func(d *detect.Device) { d.Role = detect.RoleWatchdog })}, modules: live("iTCO_wdt"),
		facts: Facts{Plan: wants(card, "iTCO_wdt"), Cmdline: "nowatchdog"}, want: LoadedNotBound},
	{name: "pcie_ports has no value off", devices: []detect.Device{nic(func(d *detect.Device) { d.Class = 0x060400 })}, facts: Facts{Cmdline: "pcie_ports=off"}, want: NoDriver},
	{name: "switched off by the firmware", devices: []detect.Device{{Path: "devices/LNXSYSTM:00/X:00", Subsystem: "acpi", Modalias: []string{"acpi:X:"}, Disabled: true, PhysicalNode: "p"}}, want: Hidden, by: "firmware"},
}

func TestOutcomes(t *testing.T) {
	for _, row := range outcomes {
		t.Run(row.name, func(t *testing.T) {
			all := Explain(detect.Inventory{Devices: row.devices, Modules: row.modules}, row.facts)
			check(t, row.devices, all)
			got := all[0]
			if got.Outcome != row.want || !strings.Contains(got.Why, row.says) || got.By != row.by || !strings.Contains(got.Hint, row.hint) {
				t.Errorf("got  %+v\nwant %s, saying %q, by %q, with hint %q", got, row.want, row.says, row.by, row.hint)
			}
		})
	}
}

// check holds verdicts to their promises: one for each device, in order, with
// an outcome of the list and a sentence.
func check(t *testing.T, devices []detect.Device, all []Verdict) {
	t.Helper()
	if len(all) != len(devices) {
		t.Fatalf("%d verdicts for %d devices", len(all), len(devices))
	}
	for i, v := range all {
		switch {
		case v.Device != devices[i].Path:
			t.Errorf("verdict %d is of %s, want %s", i, v.Device, devices[i].Path)
		case !slices.Contains(Outcomes, v.Outcome):
			t.Errorf("%s: %q is no outcome", v.Device, v.Outcome)
		case v.Why == "":
			t.Errorf("%s: %s without a why", v.Device, v.Outcome)
		case v.Outcome == FirmwareMissing && v.File == "":
			t.Errorf("%s: firmware without a name", v.Device)
		case (v.Outcome == Denied || v.Outcome == Hidden) && v.By == "":
			t.Errorf("%s: %s by nobody", v.Device, v.Outcome)
		}
	}
}

// The table above has a row for each outcome there is.
func TestNoOutcomeForgotten(t *testing.T) {
	rows := map[Outcome]int{}
	for _, row := range outcomes {
		rows[row.want]++
	}
	for _, o := range Outcomes {
		if rows[o] == 0 {
			t.Errorf("no row ends in %s", o)
		}
	}
	if len(rows) != len(Outcomes) {
		t.Errorf("rows end in %d outcomes, the list has %d", len(rows), len(Outcomes))
	}
}
