package vm

// The X log calls them by these names.
const (
	usbKeyboard = "QEMU QEMU USB Keyboard"
	usbTablet   = "QEMU QEMU USB Tablet"
)

// XMachines are the machines X is started on: every graphics card of QEMU's
// that a driver in Debian takes, alone and in company. Their keyboard is on
// USB, the bus is x, so that more can be plugged in.
var XMachines = []Machine{
	{
		Name: "x-std", Board: "q35",
		Why:     "standard VGA, an EDID with a mode of its own",
		Devices: []string{"VGA,id=vid,edid=on,xres=1600,yres=900", "qemu-xhci,id=x", "usb-kbd,bus=x.0", "usb-mouse,bus=x.0"},
	},
	{
		Name: "x-virtio", Board: "q35",
		Why: "two outputs of one card; the second appears when a viewer asks for its size",
		Devices: []string{"virtio-vga,id=vid,edid=on,xres=1600,yres=900,max_outputs=2",
			"-vnc unix:{dir}/head0,display=vid,head=0,id=v0", "-vnc unix:{dir}/head1,display=vid,head=1,id=v1",
			"qemu-xhci,id=x", "usb-kbd,bus=x.0", "usb-mouse,bus=x.0"},
	},
	{
		Name: "x-qxl", Board: "q35",
		Why:     "four connectors without EDID, one of them in use; a driver of its own",
		Devices: []string{"qxl-vga,id=vid", "qemu-xhci,id=x", "usb-kbd,bus=x.0", "usb-mouse,bus=x.0"},
	},
	{
		Name: "x-cirrus", Board: "q35",
		Why:     "no EDID; X's own driver for it refuses where the kernel has one",
		Devices: []string{"cirrus-vga,id=vid", "qemu-xhci,id=x", "usb-kbd,bus=x.0", "usb-mouse,bus=x.0"},
	},
	{
		Name: "x-vmware", Board: "q35",
		Why:     "the kernel's driver turns QEMU's model down: no /dev/dri at all, X drives the chip by itself",
		Devices: []string{"vmware-svga,id=vid", "qemu-xhci,id=x", "usb-kbd,bus=x.0", "usb-mouse,bus=x.0"},
	},
	{
		Name: "x-two-gpus", Board: "q35",
		Why: "a VGA card the firmware chose and a second card without VGA, each with a screen",
		Devices: []string{"VGA,id=vid,edid=on,xres=1280,yres=1024", "virtio-gpu-pci,id=second,edid=on,xres=1440,yres=900",
			"qemu-xhci,id=x", "usb-kbd,bus=x.0", "usb-mouse,bus=x.0"},
	},
}
