package vm

// ovmf is UEFI for QEMU.
const ovmf = "/usr/share/ovmf/OVMF.fd"

// FailsafeMachines have no graphics driver but what the firmware left.
var FailsafeMachines = []Machine{
	{
		Name: "x-vesafb", Board: "q35", Packed: true, Append: "vga=0x344 nomodeset",
		Why:     "a framebuffer of the BIOS' on a card without a driver: X takes the card with one driver, the framebuffer with another, and stops over that",
		Devices: []string{"VGA,id=vid", "qemu-xhci,id=x", "usb-kbd,bus=x.0", "usb-mouse,bus=x.0"},
	},
	{
		Name: "x-ramfb", Board: "q35", Packed: true,
		Why:     "UEFI's framebuffer in memory: no PCI device at all",
		Devices: []string{"ramfb,id=vid", "-bios " + ovmf, "qemu-xhci,id=x", "usb-kbd,bus=x.0", "usb-mouse,bus=x.0"},
	},
	{
		Name: "x-undriven", Board: "q35", Packed: true, Append: "module_blacklist=bochs",
		Why:     "a card whose driver the kernel refuses, as a broken nouveau: the video BIOS is left, and with vga= its framebuffer",
		Devices: []string{"VGA,id=vid", "qemu-xhci,id=x", "usb-kbd,bus=x.0", "usb-mouse,bus=x.0"},
	},
}
