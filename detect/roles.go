package detect

import (
	"path"
	"strings"
)

// A classRole gives every class whose masked bits are class a role.
type classRole struct {
	name        string
	class, mask uint32
	role        Role
}

// pciRoles is in order, the first that fits counts. Numbers: PCI Code and ID
// Assignment Specification, table 1-1.
var pciRoles = []classRole{
	{"VGA controller", 0x030000, 0xffff00, RoleGPU},
	{"3D controller", 0x030200, 0xffff00, RoleGPU},      // laptops' second GPU
	{"display controller", 0x038000, 0xffff00, RoleGPU}, // AMD Strix, bochs-display
	{"other display", 0x030000, 0xff0000, RoleGPU},
	{"VGA before PCI 2.0", 0x000100, 0xffff00, RoleGPU},
	{"network, other: Wi-Fi cards", 0x028000, 0xffff00, RoleWifi},
	{"network", 0x020000, 0xff0000, RoleNet},
	{"mass storage", 0x010000, 0xff0000, RoleStorage},
	{"video capture", 0x040000, 0xffff00, RoleCamera},
	{"audio, HD audio", 0x040000, 0xff0000, RoleSound},
	{"bridge", 0x060000, 0xff0000, RoleBridge},
	{"serial port", 0x070000, 0xffff00, RoleSerial},
	{"parallel port", 0x070100, 0xffff00, RolePrinter},
	{"multiport serial", 0x070200, 0xffff00, RoleSerial},
	{"modem", 0x070300, 0xffff00, RoleModem},
	{"SD host", 0x080500, 0xffff00, RoleStorage},
	{"input", 0x090000, 0xff0000, RoleInput},
	{"USB host", 0x0c0300, 0xffff00, RoleUSBHost},
	{"Bluetooth", 0x0d1100, 0xffff00, RoleBluetooth},
	{"802.11", 0x0d2000, 0xfff000, RoleWifi},
	{"mobile modem", 0x0d4000, 0xfffe00, RoleModem},
	{"encryption", 0x100000, 0xff0000, RoleCrypto},
}

// usbRoles is for interfaces. Numbers: USB-IF Defined Class Codes.
var usbRoles = []classRole{
	{"audio", 0x010000, 0xff0000, RoleSound},
	{"CDC Ethernet", 0x020600, 0xffff00, RoleNet},
	{"CDC EEM", 0x020c00, 0xffff00, RoleNet},
	{"CDC NCM", 0x020d00, 0xffff00, RoleNet},
	{"CDC MBIM", 0x020e00, 0xffff00, RoleModem},
	{"CDC ACM", 0x020200, 0xffff00, RoleModem},
	{"HID", 0x030000, 0xff0000, RoleInput},
	{"still image: PTP cameras, MTP players", 0x060000, 0xff0000, RoleCamera},
	{"printer", 0x070000, 0xff0000, RolePrinter},
	{"mass storage", 0x080000, 0xff0000, RoleStorage},
	{"hub", 0x090000, 0xff0000, RoleHub},
	{"smart card", 0x0b0000, 0xff0000, RoleReader},
	{"video", 0x0e0000, 0xff0000, RoleCamera},
	{"Bluetooth", 0xe00101, 0xffffff, RoleBluetooth},
	{"RNDIS", 0xe00103, 0xffffff, RoleNet},
	{"Bluetooth AMP", 0xe00104, 0xffffff, RoleBluetooth},
}

// scsiRoles is by peripheral device type, SPC-4 table 138.
var scsiRoles = []classRole{
	{"disk", 0x00, 0xff, RoleStorage},
	{"tape", 0x01, 0xff, RoleStorage},
	{"printer", 0x02, 0xff, RolePrinter},
	{"CD or DVD", 0x05, 0xff, RoleStorage},
	{"optical", 0x07, 0xff, RoleStorage},
	{"changer", 0x08, 0xff, RoleStorage},
	{"RAID", 0x0c, 0xff, RoleStorage},
	{"reduced disk", 0x0e, 0xff, RoleStorage},
	{"zoned disk", 0x14, 0xff, RoleStorage},
}

// sdioRoles is by function class, SDIO specification table 16-5.
var sdioRoles = []classRole{
	{"UART", 0x01, 0xff, RoleSerial},
	{"Bluetooth type A", 0x02, 0xff, RoleBluetooth},
	{"Bluetooth type B", 0x03, 0xff, RoleBluetooth},
	{"camera", 0x05, 0xff, RoleCamera},
	{"WLAN", 0x07, 0xff, RoleWifi},
	{"Bluetooth AMP", 0x09, 0xff, RoleBluetooth},
}

// virtioRoles is by device ID, Virtual I/O Device specification 1.3 §5.
var virtioRoles = []classRole{
	{"network", 1, 0xffff, RoleNet},
	{"block", 2, 0xffff, RoleStorage},
	{"console", 3, 0xffff, RoleSerial},
	{"SCSI host", 8, 0xffff, RoleStorage},
	{"GPU", 16, 0xffff, RoleGPU},
	{"input", 18, 0xffff, RoleInput},
	{"crypto", 20, 0xffff, RoleCrypto},
	{"sound", 25, 0xffff, RoleSound},
	{"Bluetooth", 40, 0xffff, RoleBluetooth},
}

// subsystemRoles is for subsystems all of whose devices are for one thing.
// Class devices among them (net, sound) give their role to what they come from.
var subsystemRoles = map[string]Role{
	"net": RoleNet, "ieee80211": RoleWifi, "bluetooth": RoleBluetooth,
	"drm": RoleGPU, "sound": RoleSound, "input": RoleInput, "block": RoleStorage,
	"nvme": RoleStorage, "mmc": RoleStorage, "memstick": RoleStorage, "ide": RoleStorage,
	"hid": RoleInput, "serio": RoleInput, "gameport": RoleInput, "rmi4": RoleInput,
	"hdaudio": RoleSound, "ac97": RoleSound, "soundwire": RoleSound, "snd_seq": RoleSound,
	"serial": RoleSerial, "usb-serial": RoleSerial, "serial-base": RoleSerial,
	"video4linux": RoleCamera, "watchdog": RoleWatchdog, "iio": RoleSensor, "tpm": RoleCrypto,
	"wwan": RoleModem, "mdio_bus": RoleNet, "usbmisc": "",
}

// nameRoles is for buses without classes: the role by ID or name of the
// device, as it stands in the alias behind "acpi:", "pnp:d" or "platform:".
var nameRoles = []struct {
	name   string
	prefix string
	role   Role
}{
	{"AT keyboard", "PNP03", RoleInput},
	{"PS/2 mouse", "PNP0F", RoleInput},
	{"serial port", "PNP050", RoleSerial},
	{"parallel port", "PNP040", RolePrinter},
	{"HID over I2C", "PNP0C50", RoleInput},
	{"HID over I2C, later ID", "ACPI0C50", RoleInput},
	{"power button", "PNP0C0C", RoleInput},
	{"sleep button", "PNP0C0E", RoleInput},
	{"lid", "PNP0C0D", RoleInput},
	{"power button, fixed", "LNXPWRBN", RoleInput},
	{"TPM", "MSFT0101", RoleCrypto},
	{"TPM 1.2", "PNP0C31", RoleCrypto},
	{"ambient light", "ACPI0008", RoleSensor},
	{"thermal zone", "LNXTHERM", RoleSensor},
	{"host bridge", "PNP0A0", RoleBridge},
	{"Intel watchdog", "iTCO_wdt", RoleWatchdog},
	{"AMD watchdog", "sp5100-tco", RoleWatchdog},
	{"CPU temperature", "coretemp", RoleSensor},
	{"PS/2 controller", "i8042", RoleInput},
	{"PC speaker", "pcspkr", RoleSound},
	{"serial ports", "serial8250", RoleSerial},
	{"boot framebuffer", "simple-framebuffer", RoleGPU},
	{"EFI framebuffer", "efi-framebuffer", RoleGPU},
	{"VESA framebuffer", "vesa-framebuffer", RoleGPU},
	{"buttons", "gpio-keys", RoleInput},
}

// role finds what a device is for.
func role(d *Device, r *raw, env map[string]string) Role {
	switch d.Subsystem {
	case "pci":
		return byClass(pciRoles, d.Class)
	case "usb":
		return byClass(usbRoles, d.Class)
	case "scsi":
		if d.Devtype != "" && d.Devtype != "scsi_device" {
			return "" // hosts and targets are not what is plugged in
		}
		return scsiRole(d, r)
	case "sdio":
		return byClass(sdioRoles, d.Class)
	case "virtio":
		return byClass(virtioRoles, uint32(d.Product))
	case "mmc":
		if t := line(r.files["type"]); t == "SDIO" {
			return "" // its functions have the roles
		}
	case "net":
		if d.Devtype == "wlan" || r.has["phy80211"] || r.has["wireless"] {
			return RoleWifi
		}
		if d.Devtype == "wwan" {
			return RoleModem
		}
	case "acpi", "pnp", "platform", "i2c":
		return byName(d)
	}
	return subsystemRoles[d.Subsystem]
}

func byClass(table []classRole, class uint32) Role {
	for _, row := range table {
		if class&row.mask == row.class {
			return row.role
		}
	}
	return ""
}

func scsiRole(d *Device, r *raw) Role {
	if len(d.Modalias) == 0 && r.files["type"] == "" {
		return ""
	}
	return byClass(scsiRoles, d.Class)
}

// byName looks at each ID of the aliases, then at the device's own name.
func byName(d *Device) Role {
	for _, alias := range d.Modalias {
		_, list, _ := strings.Cut(alias, ":")
		for id := range strings.SplitSeq(list, ":") {
			if role := named(strings.TrimPrefix(id, "d")); role != "" {
				return role
			}
			if role := named(id); role != "" {
				return role
			}
		}
	}
	return named(path.Base(d.Path))
}

func named(id string) Role {
	for _, row := range nameRoles {
		if strings.HasPrefix(id, row.prefix) {
			return row.role
		}
	}
	return ""
}
