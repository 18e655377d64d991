package names

import (
	"bytes"
	"fmt"

	"attune/detect"
)

// usbFiles is where distributions keep usb.ids: Debian, Fedora and Arch, and
// where usbutils' own update script puts it.
var usbFiles = []string{"usr/share/misc/usb.ids", "usr/share/hwdata/usb.ids", "var/lib/usbutils/usb.ids"}

func (db *DB) ofUSB(d detect.Device) Name {
	db.usbOnce.Do(func() {
		if _, db.usb = db.read(usbFiles); len(db.usb) > maxDB {
			db.usb = nil
		}
	})
	n := Name{Device: d.Label}
	vendor := section(db.usb, fmt.Sprintf("%04x  ", d.Vendor))
	n.Vendor = title(vendor)
	if n.Device == "" {
		n.Device = title(section(vendor, fmt.Sprintf("\t%04x  ", d.Product)))
	}
	n.Class = usbClass(db.usb, d.Class)
	return n
}

// usbClass reads the "C 03  Human Interface Device" part of the file.
func usbClass(b []byte, class uint32) string {
	c := section(b, fmt.Sprintf("C %02x  ", class>>16))
	if sub := title(section(c, fmt.Sprintf("\t%02x  ", class>>8&0xff))); sub != "" {
		return sub
	}
	return title(c)
}

// section finds the line that starts with prefix and gives it without the
// prefix, with the lines below it that are indented deeper. The file is read
// this way instead of into maps: a machine asks for a dozen of its 20,000 lines.
func section(b []byte, prefix string) []byte {
	start := -1
	if bytes.HasPrefix(b, []byte(prefix)) {
		start = 0
	} else if i := bytes.Index(b, []byte("\n"+prefix)); i >= 0 {
		start = i + 1
	}
	if start < 0 {
		return nil
	}
	b = b[start+len(prefix):]
	depth := 0
	for depth < len(prefix) && prefix[depth] == '\t' {
		depth++
	}
	end := 0
	for {
		i := bytes.IndexByte(b[end:], '\n')
		if i < 0 {
			return b
		}
		end += i + 1
		if !bytes.HasPrefix(b[end:], bytes.Repeat([]byte("\t"), depth+1)) {
			return b[:end]
		}
	}
}

func title(section []byte) string {
	line, _, _ := bytes.Cut(section, []byte("\n"))
	return clean(string(line[:min(len(line), 200)]))
}
