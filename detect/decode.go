package detect

import (
	"path"
	"strconv"
	"strings"
	"unicode"
)

// decode makes a Device out of what its directory holds.
func decode(r *raw) Device {
	d := Device{
		Path:           r.path,
		Subsystem:      subsystemOf(r),
		Modalias:       aliases(r.files["modalias"], r.files["uevent"]),
		DriverOverride: override(r.files["driver_override"]),
		BootVGA:        line(r.files["boot_vga"]) == "1",
		Unauthorized:   line(r.files["authorized"]) == "0",
		Unread:         r.unread,
	}
	if target, ok := r.links["driver"]; ok {
		d.Driver = path.Base(target)
	}
	number(&d)
	env := fromUevent(&d, r.files["uevent"])
	fromFiles(&d, r, env)
	d.Role = role(&d, r, env)
	return d
}

// fromUevent fills in what the uevent file says and gives it back as a map.
func fromUevent(d *Device, text string) map[string]string {
	env := map[string]string{}
	for key, value := range uevent(text) {
		env[key] = value
	}
	d.Devtype = env["DEVTYPE"]
	d.Devname = strings.TrimPrefix(env["DEVNAME"], "/dev/")
	if d.Driver == "" {
		d.Driver = env["DRIVER"] // the kernel writes it only while bound
	}
	if d.Subsystem == "net" {
		d.Ifname = env["INTERFACE"]
	}
	switch d.Subsystem {
	case "pci":
		pair(env["PCI_ID"], ":", 16, &d.Vendor, &d.Product)
		pair(env["PCI_SUBSYS_ID"], ":", 16, &d.SubVendor, &d.SubDevice)
		if d.Class == 0 {
			d.Class = uint32(hex(env["PCI_CLASS"], 32))
		}
	case "usb":
		pair(env["PRODUCT"], "/", 16, &d.Vendor, &d.Product)
		if class := triple(env["INTERFACE"]); class != 0 || d.Class == 0 {
			d.Class = class
		}
		if d.Devtype == "usb_device" {
			d.Class = triple(env["TYPE"])
		}
	}
	d.Label = clean(first(env["HID_NAME"], unquote(env["NAME"]), env["MMC_NAME"]))
	return env
}

// fromFiles fills in what only attributes say.
func fromFiles(d *Device, r *raw, env map[string]string) {
	switch d.Subsystem {
	case "pci":
		d.Revision = uint16(hex(line(r.files["revision"]), 16))
		if d.Class == 0 {
			d.Class = uint32(hex(line(r.files["class"]), 32))
		}
	case "usb":
		d.Label = clean(line(r.files["product"]))
	case "scsi":
		d.Label = clean(line(r.files["vendor"]) + " " + line(r.files["model"]))
	case "mmc":
		d.Label = clean(first(line(r.files["name"]), env["MMC_NAME"]))
	case "sound":
		d.Label = clean(line(r.files["id"]))
	case "thunderbolt":
		d.Label = clean(line(r.files["device_name"]))
	case "net":
		if d.Ifname == "" {
			d.Ifname = path.Base(d.Path)
		}
	case "acpi":
		fromACPI(d, r)
	case "input":
		for _, dir := range r.dirs {
			if isNumbered(dir, "event") || isNumbered(dir, "mouse") || isNumbered(dir, "js") {
				d.Handlers = append(d.Handlers, dir)
			}
		}
	}
}

// acpiPresent is bit 0 of _STA, acpiFunctional bit 3: a node with neither is
// not there (a device the firmware switched off). ACPI 6.5 §6.3.7.
const acpiPresent, acpiFunctional = 1, 8

func fromACPI(d *Device, r *raw) {
	if status, err := strconv.ParseUint(line(r.files["status"]), 10, 32); err == nil {
		d.Disabled = status&(acpiPresent|acpiFunctional) == 0
	}
	if target, ok := r.links["physical_node"]; ok {
		d.PhysicalNode = path.Join(d.Path, target)
	}
}

// number takes IDs and class from the first alias that has any.
func number(d *Device) {
	for _, alias := range d.Modalias {
		bus, i := parseModalias(alias)
		if i == (ids{}) {
			continue
		}
		if bus == "hdaudio" { // both halves in one number
			i.vendor, i.product = i.vendor>>16, i.vendor&0xffff
		}
		d.Vendor, d.Product = uint16(i.vendor), uint16(i.product)
		d.SubVendor, d.SubDevice = uint16(i.subvendor), uint16(i.subproduct)
		d.Class, d.Revision = i.class, uint16(i.revision)
		return
	}
}

// override reads driver_override, which is "(null)" while unset.
func override(text string) string {
	if s := line(text); s != "(null)" {
		return s
	}
	return ""
}

// line is the first line of an attribute without the space around it.
func line(text string) string {
	s, _, _ := strings.Cut(text, "\n")
	return strings.TrimSpace(s)
}

func first(all ...string) string {
	for _, s := range all {
		if s != "" {
			return s
		}
	}
	return ""
}

func unquote(s string) string { return strings.TrimSuffix(strings.TrimPrefix(s, `"`), `"`) }

// clean makes a device's own words fit to print: valid UTF-8, no control
// characters (a USB stick may call itself an escape sequence), one space
// between words, 128 letters at most.
func clean(s string) string {
	s = strings.Map(func(r rune) rune {
		if r == unicode.ReplacementChar || !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, " "))
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > 128 {
		return string(r[:128])
	}
	return s
}

func hex(s string, bits int) uint64 {
	v, err := strconv.ParseUint(strings.TrimPrefix(s, "0x"), 16, bits)
	if err != nil {
		return 0
	}
	return v
}

// pair reads "8086:2723" or "46d/c52b/2410" into two numbers, and leaves them
// alone when there is nothing to read.
func pair(s, sep string, bits int, a, b *uint16) {
	one, rest, ok := strings.Cut(s, sep)
	if !ok {
		return
	}
	two, _, _ := strings.Cut(rest, sep)
	*a, *b = uint16(hex(one, bits)), uint16(hex(two, bits))
}

// triple reads a USB class as uevent writes it, "224/1/1" in decimal, into 24 bits.
func triple(s string) uint32 {
	var v uint32
	for _, part := range strings.SplitN(s, "/", 3) {
		n, err := strconv.ParseUint(part, 10, 8)
		if err != nil {
			return 0
		}
		v = v<<8 | uint32(n)
	}
	return v
}
