package detect

import (
	"fmt"
	"strings"
	"testing"

	"attune/internal/treetest"
)

// one scans a /sys with one device and gives it back.
func oneDevice(t *testing.T, name string, files map[string]string) Device {
	t.Helper()
	all := map[string]string{}
	for file, text := range files {
		if !strings.HasPrefix(file, "/") {
			file = name + "/" + file
		}
		all[strings.TrimPrefix(file, "/")] = text
	}
	return find(t, Scan(treetest.Of(all)), name)
}

func TestFacts(t *testing.T) {
	const (
		pci  = "devices/pci0000:00/0000:01:00.0"
		usb  = "devices/pci0000:00/0000:00:14.0/usb1/1-3"
		acpi = "devices/LNXSYSTM:00/LNXSYBUS:00/PNP0C50:00"
	)
	for _, row := range []struct {
		name  string
		at    string
		files map[string]string
		want  string // fields as fact prints them
	}{
		{"GPU before any driver", pci, map[string]string{
			"uevent": "PCI_CLASS=30000\nPCI_ID=8086:3E9B\n", "boot_vga": "1\n", "subsystem": "-> ../../../bus/pci"},
			"role=gpu class=030000 boot_vga"},
		{"3D controller", pci, map[string]string{"uevent": "PCI_CLASS=30200\nPCI_ID=10DE:1C90\n", "boot_vga": "0\n", "subsystem": "-> ../../../bus/pci"},
			"role=gpu class=030200"},
		{"display controller", pci, map[string]string{"modalias": "pci:v00001002d0000150Esv0000103Csd00008D01bc03sc80i00\n", "subsystem": "-> ../../../bus/pci"},
			"role=gpu class=038000"},
		{"class file alone", pci, map[string]string{"uevent": "", "class": "0x028000\n", "subsystem": "-> ../../../bus/pci"},
			"role=wifi class=028000"},
		{"kept for a guest", pci, map[string]string{"uevent": "", "driver_override": "vfio-pci\n", "subsystem": "-> ../../../bus/pci"},
			"override=vfio-pci"},
		{"deferred, with the driver's reason", pci, map[string]string{"uevent": "", "subsystem": "-> ../../../bus/pci",
			"/kernel/debug/devices_deferred": "0000:01:00.0\tfoo: supplier clk not ready\nother\n"},
			"waits=foo: supplier clk not ready"},
		{"firmware asked of user space", pci, map[string]string{"uevent": "", "subsystem": "-> ../../../bus/pci",
			"firmware/intel!iwl.ucode/uevent": "FIRMWARE=intel/iwl.ucode\n", "firmware/intel!iwl.ucode/subsystem": "-> ../../../../../class/firmware"},
			"firmware=intel/iwl.ucode"},
		{"Wi-Fi with a vendor's USB class", usb + "/1-3:1.0", map[string]string{
			"uevent": "DEVTYPE=usb_interface\nINTERFACE=255/255/255\nPRODUCT=bda/8179/0\n", "subsystem": "-> ../../../../../../bus/usb",
			"net/wlan0/uevent": "DEVTYPE=wlan\nINTERFACE=wlan0\n", "net/wlan0/subsystem": "-> ../../../../../../../../class/net"},
			"role=wifi class=ffffff"},
		{"USB device is what its interface is", usb, map[string]string{
			"uevent": "DEVTYPE=usb_device\nTYPE=0/0/0\nPRODUCT=8e6/4433/0\n", "subsystem": "-> ../../../../../bus/usb",
			"product": "Reader \x1b[31m\xff\n", "1-3:1.0/uevent": "DEVTYPE=usb_interface\nINTERFACE=11/0/0\n", "1-3:1.0/subsystem": "-> ../../../../../../bus/usb"},
			"role=reader label=Reader [31m"},
		{"USB device not authorized", usb, map[string]string{"uevent": "DEVTYPE=usb_device\n", "authorized": "0\n", "subsystem": "-> ../../../../../bus/usb"},
			"unauthorized"},
		{"Bluetooth interface", usb, map[string]string{"uevent": "DEVTYPE=usb_interface\nINTERFACE=224/1/1\n", "subsystem": "-> ../../../../../bus/usb"},
			"role=bluetooth class=e00101"},
		{"Bluetooth on the PCI bus is no hub of its USB children", "devices/pci0000:00/0000:00:14.0", map[string]string{
			"uevent": "PCI_CLASS=C0330\n", "subsystem": "-> ../../../bus/pci", "usb1/uevent": "DEVTYPE=usb_device\nTYPE=9/0/1\n", "usb1/subsystem": "-> ../../../../bus/usb"},
			"role=usb-host class=0c0330"},
		{"ACPI node switched off", acpi, map[string]string{"modalias": "acpi:PNP0C50:\n", "status": "0\n", "subsystem": "-> ../../../../bus/acpi"},
			"role=input disabled"},
		{"ACPI node with a twin", acpi, map[string]string{"modalias": "acpi:PNP0C50:\n", "status": "15\n", "subsystem": "-> ../../../../bus/acpi",
			"physical_node": "-> ../../../platform/x"},
			"role=input node=devices/platform/x"},
		{"ACPI status says functional, not present", acpi, map[string]string{"modalias": "acpi:X:\n", "uevent": "", "status": "8\n", "subsystem": "-> ../../../../bus/acpi"},
			"role=input"},
		{"input and who reads it", "devices/virtual/input/input5", map[string]string{
			"uevent": "NAME=\"ImExPS/2 = Mouse\"\n", "modalias": "input:b0011v0002p0006e0000-e0,1\n", "subsystem": "-> ../../../../class/input",
			"event4/uevent": "", "mouse0/uevent": "", "input5::capslock/uevent": ""},
			"role=input label=ImExPS/2 = Mouse handlers=[event4 mouse0]"},
		{"HDA codec", "devices/x/hdaudioC0D0", map[string]string{"modalias": "hdaudio:v10EC0257r00100001a01\n", "subsystem": "-> ../../../bus/hdaudio"},
			"role=sound class=000001 ids=10ec:0257"},
		{"disk", "devices/x/0:0:0:0", map[string]string{"modalias": "scsi:t-0x00\n", "vendor": "QEMU    \n", "model": "QEMU HARDDISK   \n", "uevent": "DEVTYPE=scsi_device\n", "subsystem": "-> ../../../bus/scsi"},
			"role=storage label=QEMU QEMU HARDDISK"},
		{"Wi-Fi on SDIO", "devices/x/mmc1:0001:1", map[string]string{"modalias": "sdio:c07v02D0dA9A6\n", "subsystem": "-> ../../../bus/sdio"},
			"role=wifi class=000007 ids=02d0:a9a6"},
		{"virtio GPU", "devices/x/virtio0", map[string]string{"modalias": "virtio:d00000010v00001AF4\n", "subsystem": "-> ../../../bus/virtio"},
			"role=gpu ids=1af4:0010"},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := fact(oneDevice(t, row.at, row.files)); got != row.want {
				t.Errorf("got  %s\nwant %s", got, row.want)
			}
		})
	}
}

// fact prints what a device has beyond path, bus and alias.
func fact(d Device) string {
	var w []string
	add := func(yes bool, format string, args ...any) {
		if yes {
			w = append(w, fmt.Sprintf(format, args...))
		}
	}
	add(d.Role != "", "role=%s", d.Role)
	add(d.Class != 0, "class=%06x", d.Class)
	add(d.BootVGA, "boot_vga")
	add(d.DriverOverride != "", "override=%s", d.DriverOverride)
	add(d.WaitingFor != "", "waits=%s", d.WaitingFor)
	add(d.RequestsFirmware != "", "firmware=%s", d.RequestsFirmware)
	add(d.Unauthorized, "unauthorized")
	add(d.Disabled, "disabled")
	add(d.PhysicalNode != "", "node=%s", d.PhysicalNode)
	add(d.Label != "", "label=%s", d.Label)
	add(d.Handlers != nil, "handlers=%v", d.Handlers)
	add(d.Vendor != 0 && d.Subsystem != "pci" && d.Subsystem != "usb" && d.Subsystem != "input", "ids=%04x:%04x", d.Vendor, d.Product)
	return strings.Join(w, " ")
}

func TestDMI(t *testing.T) {
	inv := Scan(treetest.Of(map[string]string{
		"devices/virtual/dmi/id/uevent":       "MODALIAS=dmi:x:\n",
		"devices/virtual/dmi/id/subsystem":    "-> ../../../../class/dmi",
		"devices/virtual/dmi/id/sys_vendor":   "LENOVO \n",
		"devices/virtual/dmi/id/product_name": "To be filled by O.E.M.\n",
		"devices/virtual/dmi/id/product_sku":  "  \n",
		"devices/virtual/dmi/id/bios_date":    "02/22/2012\n",
		"devices/virtual/dmi/id/chassis_type": "10\n",
	}))
	if inv.DMI.SysVendor != "LENOVO" || inv.DMI.ChassisType != "10" || inv.DMI.BIOSDate != "02/22/2012" || inv.DMI.Squeezed {
		t.Errorf("got %+v", inv.DMI)
	}
	if fmt.Sprint(inv.DMI.Placeholders) != "[product_name]" {
		t.Errorf("placeholders %v", inv.DMI.Placeholders)
	}
}

func TestDMIFromAlias(t *testing.T) {
	inv := Scan(treetest.Of(map[string]string{
		"devices/virtual/dmi/id/uevent": "MODALIAS=dmi:bvnLENOVO:bvrG7ET:bd02/22/2012:br2.50:efr1.13:svnLENOVO:pn2353CTO:pvrThinkPadT430s:" +
			"rvnLENOVO:rn2353CTO:rvrDefaultstring:cvnLENOVO:ct10:cvrNotAvailable:skuX:\n",
		"devices/virtual/dmi/id/subsystem": "-> ../../../../class/dmi",
	}))
	m := inv.DMI
	if m.SysVendor != "LENOVO" || m.ProductName != "2353CTO" || m.ProductVersion != "ThinkPadT430s" || m.BIOSVersion != "G7ET" || !m.Squeezed {
		t.Errorf("got %+v", m)
	}
	if fmt.Sprint(m.Placeholders) != "[board_version]" {
		t.Errorf("placeholders %v", m.Placeholders)
	}
}

func TestIsPlaceholder(t *testing.T) {
	for _, s := range []string{"", "   ", "To be filled by O.E.M.", "To Be Filled By O.E.M", "Default string", "System Product Name",
		"0123456789", "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF", "00000000-0000-0000-0000-000000000000", "0", "xxxxxxx", "...", "N/A",
		"Not Specified", "03000200-0400-0500-0006-000700080009", "OEM"} {
		if !IsPlaceholder(s) {
			t.Errorf("%q is a placeholder", s)
		}
	}
	for _, s := range []string{"LENOVO", "10", "3", "2353CTO", "Latitude E6430", "X", "F", "440BX Desktop Reference Platform", "4C4C4544-0043"} {
		if IsPlaceholder(s) {
			t.Errorf("%q is not", s)
		}
	}
}

func TestFromEvent(t *testing.T) {
	sys := twoCards()
	card := find(t, Scan(sys), nic)
	t.Run("the event adds an alias", func(t *testing.T) {
		d := FromEvent(sys, map[string]string{"ACTION": "add", "DEVPATH": "/" + nic, "SUBSYSTEM": "pci", "MODALIAS": "pci:new", "MODALIAS1": card.Modalias[0]})
		if d.Driver != "e1000" || d.Module != "e1000" || fmt.Sprint(d.Modalias) != fmt.Sprint([]string{card.Modalias[0], "pci:new"}) {
			t.Errorf("got %+v", d)
		}
	})
	t.Run("the kernel's own need no uevent file", func(t *testing.T) {
		sys := treetest.Of(map[string]string{
			"devices/pci0000:00/0000:00:1f.6/uevent":          "PCI_CLASS=1\n",
			"devices/pci0000:00/0000:00:1f.6/driver_override": "vfio-pci\n",
			"devices/pci0000:00/0000:00:1f.6/subsystem":       "-> ../../../bus/pci",
		})
		d := FromEvent(sys, map[string]string{"ACTION": "add", "DEVPATH": "/devices/pci0000:00/0000:00:1f.6", "SUBSYSTEM": "pci", "SEQNUM": "7",
			"PCI_CLASS": "30000", "PCI_ID": "8086:3E9B"})
		if d.Role != RoleGPU || d.Vendor != 0x8086 || d.DriverOverride != "" {
			t.Errorf("got %+v", d)
		}
	})
	t.Run("the device is gone already", func(t *testing.T) {
		d := FromEvent(sys, map[string]string{"ACTION": "add", "DEVPATH": "/devices/y/mmc0:0001", "SUBSYSTEM": "mmc", "MODALIAS": "mmc:block", "DEVTYPE": "x"})
		if d.Path != "devices/y/mmc0:0001" || d.Subsystem != "mmc" || fmt.Sprint(d.Modalias) != "[mmc:block]" || d.Devtype != "x" {
			t.Errorf("got %+v", d)
		}
	})
	t.Run("removal reads nothing", func(t *testing.T) {
		d := FromEvent(sys, map[string]string{"ACTION": "remove", "DEVPATH": "/" + nic, "SUBSYSTEM": "pci"})
		if d.Driver != "" || d.Path != nic {
			t.Errorf("got %+v", d)
		}
	})
	for _, path := range []string{"", "/", "/../../etc", "relative", "/devices/../../x", "/devices/a\x00b", "/class/net/eth0"} {
		t.Run(fmt.Sprintf("odd path %q", path), func(t *testing.T) {
			d := FromEvent(sys, map[string]string{"ACTION": "add", "DEVPATH": path, "MODALIAS": "x:y"})
			if fmt.Sprint(d.Modalias) != "[x:y]" || d.Driver != "" {
				t.Errorf("got %+v", d)
			}
		})
	}
}

// The IDs an alias spells out are those the kernel gives beside it.
func TestParseModalias(t *testing.T) {
	for alias, want := range map[string]ids{
		"pci:v00008086d0000A30Esv00001028sd00000919bc06sc01i00": {0x8086, 0xa30e, 0x1028, 0x919, 0, 0x060100},
		"usb:v046DpC52Bd2410dc00dsc00dp00ic03isc01ip01in00":     {vendor: 0x46d, product: 0xc52b, revision: 0x2410, class: 0x030101},
		"usb:v0A5Cp5800d0101dc00dsc00dp00icFEisc00ip00":         {vendor: 0xa5c, product: 0x5800, revision: 0x101, class: 0xfe0000},
		"hid:b0003g0001v0000046Dp0000C52B":                      {vendor: 0x46d, product: 0xc52b},
		"input:b0003v046DpC52Be0111-e0,1,2,4,k110,ram4,l0,sfw":  {vendor: 0x46d, product: 0xc52b, revision: 0x111},
		"virtio:d00000001v00001AF4":                             {vendor: 0x1af4, product: 1},
		"pci:v00008086d0000":                                    {vendor: 0x8086},
		"pci:v8086":                                             {},
		"pci:":                                                  {},
		"pci":                                                   {},
		":":                                                     {},
		"acpi:PNP0C0A:":                                         {},
	} {
		if _, got := parseModalias(alias); got != want {
			t.Errorf("%s: got %+v, want %+v", alias, got, want)
		}
	}
}
