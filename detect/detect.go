// Package detect reads what hardware a machine has from its sysfs tree.
//
// Scan only reads. It takes the tree as an fs.FS, so the live /sys and a
// captured machine go through the same code. It states facts and never
// decides: which module to load is kmod's business, what to tell a person
// about a device that does not work is explain's.
package detect

import "errors"

// An Inventory is everything one scan found.
type Inventory struct {
	Devices []Device `json:"devices"` // sorted by Path
	DMI     DMI      `json:"dmi"`     // who made the machine
	// Compression is /sys/module/compression: "xz", "zstd" or "gzip" when the
	// kernel can unpack a module file itself, "" when it cannot (or is older than 6.4).
	Compression string    `json:"compression,omitempty"`
	Modules     []Module  `json:"modules,omitempty"`  // /sys/module, sorted by name
	Problems    []Problem `json:"problems,omitempty"` // what could not be read
}

// A Device is one kernel device: a directory under /sys/devices with a uevent
// file.
type Device struct {
	Path      string   `json:"path"`                // "devices/pci0000:00/0000:00:02.0", relative to /sys
	Subsystem string   `json:"subsystem"`           // base name of the subsystem link: "pci", "usb", "input"
	Devtype   string   `json:"devtype,omitempty"`   // DEVTYPE of uevent: "usb_device", "wlan"
	Modalias  []string `json:"modalias,omitempty"`  // modalias file first, then MODALIAS* of uevent; no duplicates
	Driver    string   `json:"driver,omitempty"`    // base name of the driver link, "" while unbound
	Module    string   `json:"module,omitempty"`    // base name of driver/module, "" when the driver is built in
	Role      Role     `json:"role,omitempty"`      // what a person would call it
	Class     uint32   `json:"class,omitempty"`     // PCI class (24 bits) or USB interface class (24 bits: class, subclass, protocol)
	Vendor    uint16   `json:"vendor,omitempty"`    // PCI, USB or HID vendor
	Product   uint16   `json:"product,omitempty"`   // PCI device or USB product
	SubVendor uint16   `json:"subvendor,omitempty"` // PCI subsystem_vendor
	SubDevice uint16   `json:"subdevice,omitempty"` // PCI subsystem_device
	Revision  uint16   `json:"revision,omitempty"`  // PCI revision, USB bcdDevice
	Label     string   `json:"label,omitempty"`     // what the device calls itself: USB product, input or HID name
	Ifname    string   `json:"ifname,omitempty"`    // subsystem net: the interface's name
	Devname   string   `json:"devname,omitempty"`   // DEVNAME of uevent, without /dev/

	Handlers     []string `json:"handlers,omitempty"`      // subsystem input: what reads it: "event3", "mouse0", "js0"
	PhysicalNode string   `json:"physical_node,omitempty"` // subsystem acpi: path of the device this node describes

	BootVGA          bool   `json:"boot_vga,omitempty"`          // PCI boot_vga
	DriverOverride   string `json:"driver_override,omitempty"`   // driver_override, "" when unset
	WaitingFor       string `json:"waiting_for,omitempty"`       // the supplier a deferred probe waits for, "?" when the kernel does not say which
	RequestsFirmware string `json:"requests_firmware,omitempty"` // ID of a pending /sys/class/firmware request under this device
	Unauthorized     bool   `json:"unauthorized,omitempty"`      // USB or thunderbolt authorized == 0
	Disabled         bool   `json:"disabled,omitempty"`          // ACPI status says not present

	// Unread is what of modalias, uevent, driver and the "directory" itself could
	// not be read, and why: "modalias: permission denied". What is not there, or
	// went away meanwhile, is not in it.
	Unread []string `json:"unread,omitempty"`
}

// A Module is one entry of /sys/module.
type Module struct {
	Name      string `json:"name"`
	InitState string `json:"initstate,omitempty"` // "live", "coming", "going"; "" for built-in code
	Taint     string `json:"taint,omitempty"`     // letters: O out of tree, E unsigned, P proprietary
}

// DMI is the identity the firmware gives the machine, /sys/class/dmi/id.
// A placeholder ("To be filled by O.E.M.") is kept out of the fields and
// listed in Placeholders.
type DMI struct {
	SysVendor      string `json:"sys_vendor,omitempty"`
	ProductName    string `json:"product_name,omitempty"`
	ProductVersion string `json:"product_version,omitempty"`
	ProductSKU     string `json:"product_sku,omitempty"`
	ProductFamily  string `json:"product_family,omitempty"`
	BoardVendor    string `json:"board_vendor,omitempty"`
	BoardName      string `json:"board_name,omitempty"`
	BoardVersion   string `json:"board_version,omitempty"`
	ChassisType    string `json:"chassis_type,omitempty"`
	BIOSVendor     string `json:"bios_vendor,omitempty"`
	BIOSVersion    string `json:"bios_version,omitempty"`
	BIOSDate       string `json:"bios_date,omitempty"`

	Placeholders []string `json:"placeholders,omitempty"` // names of the files that held one
	Squeezed     bool     `json:"squeezed,omitempty"`     // taken from the dmi: alias, which has no spaces: never compare
}

// A Problem is something the scan wanted to read and could not.
type Problem struct {
	Path string `json:"path"` // relative to /sys
	Err  string `json:"err"`
}

// Error makes a Problem an error, for those who tell all that went wrong.
func (p Problem) Error() string { return "reading " + p.Path + ": " + p.Err }

// ErrNoDevices is what an inventory without one device most likely means. A
// scan does not give it; it is for those who print one.
var ErrNoDevices = errors.New("there is not one device under sys/devices: is /sys mounted?")

// A Role says what a device is for, in a word a person would use.
type Role string

// The roles. A device that serves none of these has no role.
const (
	RoleGPU       Role = "gpu"
	RoleNet       Role = "net"
	RoleWifi      Role = "wifi"
	RoleBluetooth Role = "bluetooth"
	RoleSound     Role = "sound"
	RoleInput     Role = "input"
	RoleStorage   Role = "storage"
	RolePrinter   Role = "printer"
	RoleCamera    Role = "camera"
	RoleModem     Role = "modem"
	RoleReader    Role = "reader" // smart card and fingerprint readers
	RoleBridge    Role = "bridge"
	RoleHub       Role = "hub"
	RoleUSBHost   Role = "usb-host"
	RoleSerial    Role = "serial"
	RoleSensor    Role = "sensor"
	RoleWatchdog  Role = "watchdog"
	RoleCrypto    Role = "crypto"
)
