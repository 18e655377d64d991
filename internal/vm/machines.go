package vm

// Machines is every machine that is booted. QEMU has one model of each chip
// and few drivers mind their neighbours, so rows pack what can share a board;
// one row, "biggest", packs nearly everything to find who is in whose way.
// README figures about time are measured on that one.
var Machines = []Machine{
	{
		Name: "q35-bare", Board: "q35",
		Why: "nothing but the board: what every other q35 row has besides",
	},
	{
		Name: "pc-bare", Board: "pc",
		Why: "the same for the older board: PIIX3 IDE, no PCI Express",
	},
	Biggest,

	// Network.
	{
		Name: "pc-e1000", Board: "pc",
		Why:     "three Intel gigabit chips of one driver; UHCI with keyboard and mouse",
		Devices: []string{"e1000,netdev=*", "e1000-82544gc,netdev=*", "e1000-82545em,netdev=*", "piix3-usb-uhci,id=u", "usb-kbd,bus=u.0", "usb-mouse,bus=u.0"},
	},
	{
		Name: "pc-i8255x", Board: "pc",
		Why:     "the Intel 100 Mbit family: four PCI ids, one driver; an i6300ESB watchdog",
		Devices: []string{"i82550,netdev=*", "i82557b,netdev=*", "i82559er,netdev=*", "i82801,netdev=*", "i6300esb"},
	},
	{
		Name: "pc-rtl8139", Board: "pc",
		Why:     "one id, two drivers (8139cp turns the chip down, 8139too takes it); AC97 sound",
		Devices: []string{"rtl8139,netdev=*", "AC97,audiodev=*"},
	},
	{
		Name: "pc-ne2k", Board: "pc",
		Why:     "the NE2000 on PCI and on ISA: the second has no modalias at all; ES1370 sound",
		Devices: []string{"ne2k_pci,netdev=*", "ne2k_isa,netdev=*", "ES1370,audiodev=*"},
	},
	{
		Name: "pc-tulip", Board: "pc",
		Why:     "DEC 21143 and AMD PCnet network chips, Cirrus graphics with a blacklisted fbdev twin",
		Devices: []string{"tulip,netdev=*", "pcnet,netdev=*", "cirrus-vga"},
	},
	{
		Name: "q35-vmware", Board: "q35",
		Why:     "what VMware shows a guest: vmxnet3, pvscsi with a disk, SVGA which vmwgfx turns down",
		Devices: []string{"vmxnet3,netdev=*", "pvscsi,id=s", "scsi-hd,drive=*,bus=s.0", "vmware-svga"},
	},
	{
		Name: "q35-e1000e", Board: "q35",
		Why:     "a desktop of 2010: e1000e, HD audio, xHCI with keyboard and tablet",
		Devices: []string{"e1000e,netdev=*", "ich9-intel-hda,id=h", "hda-duplex,bus=h.0,audiodev=*", "qemu-xhci,id=x", "usb-kbd,bus=x.0", "usb-tablet,bus=x.0"},
	},

	// Disks.
	{
		Name: "pc-lsi", Board: "pc",
		Why:     "LSI SCSI 53C810 and 53C895A: the bus scan takes seconds inside the module's init",
		Devices: []string{"lsi53c895a,id=s", "scsi-hd,drive=*,bus=s.0", "lsi53c810,id=l", "scsi-cd,drive=*,bus=l.0"},
	},
	{
		Name: "pc-am53c974", Board: "pc",
		Why:     "AMD SCSI with a disk, serial cards of which only the built-in driver knows",
		Devices: []string{"am53c974,id=s", "scsi-hd,drive=*,bus=s.0", "pci-serial,chardev=*", "pci-serial-2x,chardev1=*,chardev2=*"},
	},
	{
		Name: "pc-ide", Board: "pc",
		Why:     "disk and CD on the old IDE port, floppy drive, ISA parallel port and sound without modalias",
		Devices: []string{"ide-hd,drive=*,bus=ide.0", "ide-cd,drive=*,bus=ide.1", "isa-fdc,id=f", "floppy,drive=*", "isa-parallel,chardev=*", "sb16,audiodev=*"},
	},
	{
		Name: "q35-megasas", Board: "q35",
		Why:     "both MegaRAID generations, each with a disk",
		Devices: []string{"megasas,id=s", "scsi-hd,drive=*,bus=s.0", "megasas-gen2,id=g", "scsi-hd,drive=*,bus=g.0"},
	},
	{
		Name: "q35-mptsas", Board: "q35",
		Why:     "LSI SAS1068: attaches, no disk of it is ever seen",
		Devices: []string{"mptsas1068,id=s", "scsi-hd,drive=*,bus=s.0"},
	},
	{
		Name: "q35-ahci", Board: "q35",
		Why:     "SATA disk and CD, a second AHCI card; EHCI with its UHCI companion",
		Devices: []string{"ide-hd,drive=*,bus=ide.0", "ide-cd,drive=*,bus=ide.1", "ich9-ahci,id=a", "ide-hd,drive=*,bus=a.0", "ich9-usb-ehci1,id=e", "ich9-usb-uhci1,masterbus=e.0,firstport=0,multifunction=on", "usb-mouse,bus=e.0"},
	},
	{
		Name: "q35-nvme", Board: "q35",
		Why:     "two NVMe drives, SD card behind SDHCI: its alias is in uevent alone",
		Devices: []string{"nvme,drive=*,serial=a", "nvme,drive=*,serial=b", "sdhci-pci", "sd-card,drive=*"},
	},
	{
		Name: "q35-virtio", Board: "q35",
		Why:     "everything virtio: disks, network, GPU, console, crypto, rng, balloon, three inputs",
		Devices: []string{"virtio-scsi-pci,id=s", "scsi-hd,drive=*,bus=s.0", "virtio-blk-pci,drive=*", "virtio-net-pci,netdev=*", "virtio-gpu-pci", "virtio-serial-pci,id=c", "virtconsole,chardev=*,bus=c.0", "virtio-crypto-pci,cryptodev=*", "virtio-rng-pci", "virtio-balloon-pci", "virtio-keyboard-pci", "virtio-tablet-pci", "virtio-mouse-pci"},
	},

	// USB.
	{
		Name: "q35-usb-storage", Board: "q35",
		Why:     "three ways to a USB disk: usb-storage (two modules claim it), UAS, bulk only; usb_storage waits a second",
		Devices: []string{"qemu-xhci,id=x", "usb-storage,drive=*,bus=x.0", "usb-uas,id=u,bus=x.0", "scsi-hd,drive=*,bus=u.0", "usb-bot,id=b,bus=x.0", "scsi-cd,drive=*,bus=b.0,lun=0"},
	},
	{
		Name: "q35-usb-mix", Board: "q35",
		Why:     "USB network, sound, Wacom tablet, keyboard behind a hub, smart card and media reader which user space drives",
		Devices: []string{"nec-usb-xhci,id=x", "usb-net,netdev=*,bus=x.0", "usb-audio,audiodev=*,bus=x.0", "usb-hub,bus=x.0,port=3", "usb-wacom-tablet,bus=x.0,port=3.1", "usb-kbd,bus=x.0,port=3.2", "usb-ccid,bus=x.0,port=4", "usb-mtp,bus=x.0,rootdir=/,port=3.3"},
	},
	{
		Name: "pc-usb-old", Board: "pc",
		Why:     "UHCI, OHCI and EHCI side by side, a serial adapter and a mouse",
		Devices: []string{"piix4-usb-uhci,id=u", "pci-ohci,id=o", "usb-ehci,id=e", "usb-mouse,bus=u.0", "usb-serial,chardev=*,bus=o.0", "usb-braille,chardev=*,bus=o.0", "usb-tablet,bus=e.0"},
	},

	// Graphics.
	{
		Name: "q35-vga", Board: "q35",
		Why:     "standard VGA; HD audio of the older kind with the small codec",
		Devices: []string{"VGA", "intel-hda,id=h", "hda-micro,bus=h.0,audiodev=*"},
	},
	{
		Name: "q35-two-gpus", Board: "q35",
		Why:     "VGA and a second GPU without VGA, the stand-in for a hybrid laptop",
		Devices: []string{"virtio-vga", "bochs-display", "virtio-net-pci,netdev=*"},
	},
	{
		Name: "q35-qxl", Board: "q35",
		Why:     "QXL with four connectors, a secondary VGA, SPICE-like company: virtio console port",
		Devices: []string{"qxl-vga", "secondary-vga", "virtio-serial-pci,id=c", "virtserialport,chardev=*,name=com.redhat.spice.0,bus=c.0"},
	},
	{
		Name: "q35-ati", Board: "q35",
		Why:     "Rage 128: amdgpu by class wildcard, aty128fb by id and blacklisted; none takes it",
		Devices: []string{"ati-vga"},
	},
	{
		Name: "q35-rv100", Board: "q35",
		// radeon's probe never returns on QEMU's model of it, whoever loads it.
		Why:     "Radeon RV100: amdgpu, radeon and radeonfb all claim it, and radeon is denied on the command line",
		Devices: []string{"ati-vga,model=rv100"},
		Append:  "modprobe.blacklist=radeon",
	},

	// The rest.
	{
		Name: "q35-misc", Board: "q35",
		Why:     "devices without a driver or with an odd one: edu, ivshmem, pvpanic, IPMI over PCI, PCI serial, ERST, the test device",
		Devices: []string{"edu", "ivshmem-plain,memdev=*", "pvpanic-pci", "ipmi-bmc-sim,id=bmc0", "pci-ipmi-kcs,bmc=bmc0", "pci-serial,chardev=*", "pci-testdev", "acpi-erst,memdev=*"},
	},
	{
		Name: "pc-isa", Board: "pc",
		Why:     "ISA cards the firmware tells of (IPMI, serial, pvpanic) and does not (gus, adlib, ib700)",
		Devices: []string{"ipmi-bmc-sim,id=bmc0", "isa-ipmi-kcs,bmc=bmc0", "isa-serial,chardev=*", "pvpanic", "gus,audiodev=*", "adlib,audiodev=*", "ib700"},
	},
	{
		Name: "q35-bridges", Board: "q35",
		Why:     "devices behind PCI Express ports and a PCI bridge, where a scan has to go down",
		Devices: []string{"pcie-root-port,id=r1,chassis=1,slot=1", "x3130-upstream,id=u1,bus=r1", "xio3130-downstream,id=d1,bus=u1,chassis=2,slot=2", "e1000e,netdev=*,bus=d1", "pcie-root-port,id=r2,chassis=3,slot=3", "nvme,drive=*,serial=n,bus=r2", "pcie-pci-bridge,id=b1", "rtl8139,netdev=*,bus=b1,addr=1"},
	},
	{
		Name: "q35-explain", Board: "q35",
		Why:     "seven different ends of a device in one machine: built in, alias without binding, nothing, two modules, fbdev beside a wildcard, user space, no modalias",
		Devices: []string{"pci-serial,chardev=*", "ivshmem-plain,memdev=*", "edu", "rtl8139,netdev=*", "ati-vga", "qemu-xhci,id=x", "usb-ccid,bus=x.0", "ne2k_isa,netdev=*"},
	},
}

// Biggest packs nearly everything into one machine.
var Biggest = Machine{
	Name: "q35-biggest", Board: "q35",
	Why: "nearly everything at once: the machine for comparing times",
	Devices: []string{
		"e1000e,netdev=*", "virtio-net-pci,netdev=*", "rtl8139,netdev=*",
		"qemu-xhci,id=x", "usb-tablet,bus=x.0", "usb-kbd,bus=x.0", "usb-storage,drive=*,bus=x.0", "usb-audio,audiodev=*,bus=x.0",
		"nvme,drive=*,serial=n", "sdhci-pci", "sd-card,drive=*",
		"intel-hda,id=h", "hda-duplex,bus=h.0,audiodev=*",
		"bochs-display", "virtio-gpu-pci",
		"virtio-rng-pci", "virtio-balloon-pci", "virtio-tablet-pci",
		"i6300esb", "pci-serial,chardev=*",
		"megasas,id=m", "scsi-hd,drive=*,bus=m.0", "lsi53c895a,id=l", "scsi-hd,drive=*,bus=l.0",
	},
	Mem: 2048,
}
