package names

import (
	"bytes"
	"compress/gzip"
	"strings"
	"testing"
	"testing/fstest"

	"attune/detect"
)

const pciIDs = `# a comment
8086  Intel Corporation
	2723  Wi-Fi 6 AX200
		8086 0084  Wi-Fi 6 AX200NGW
	100e  82540EM
10de  NVIDIA Corporation
C 02  Network controller
	80  Network controller, other
	00  Ethernet controller
		01  odd
C 03  Display controller
`

const usbIDs = "# a comment\n046d  Logitech, Inc.\n\tc52b  Unifying Receiver\n\t0825  Webcam C270\n0001  Fry\xe9's\nC 03  Human Interface Device\n\t01  Boot Interface Subclass\n\t\t01  Keyboard\nC 0b  Smart Card\n"

var (
	wifi     = detect.Device{Subsystem: "pci", Vendor: 0x8086, Product: 0x2723, SubVendor: 0x8086, SubDevice: 0x84, Class: 0x028000}
	receiver = detect.Device{Subsystem: "usb", Vendor: 0x46d, Product: 0xc52b, Class: 0x030101}
)

func root(files map[string]string) fstest.MapFS {
	m := fstest.MapFS{}
	for name, text := range files {
		m[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return m
}

func packed(text string) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	z.Write([]byte(text))
	z.Close()
	return b.String()
}

func TestPCI(t *testing.T) {
	for name, files := range map[string]map[string]string{
		"Debian":     {"usr/share/misc/pci.ids": pciIDs},
		"Fedora":     {"usr/share/hwdata/pci.ids": pciIDs},
		"compressed": {"usr/share/misc/pci.ids.gz": packed(pciIDs)},
	} {
		t.Run(name, func(t *testing.T) {
			got := New(root(files)).Of(wifi)
			want := Name{Vendor: "Intel Corporation", Device: "Wi-Fi 6 AX200", Class: "Network controller, other", Subsystem: "Wi-Fi 6 AX200NGW"}
			if got != want {
				t.Errorf("got %+v", got)
			}
		})
	}
}

func TestUSB(t *testing.T) {
	for _, file := range usbFiles {
		got := New(root(map[string]string{file: usbIDs})).Of(receiver)
		want := Name{Vendor: "Logitech, Inc.", Device: "Unifying Receiver", Class: "Boot Interface Subclass"}
		if got != want {
			t.Errorf("%s: got %+v", file, got)
		}
	}
}

func TestText(t *testing.T) {
	full := New(root(map[string]string{"usr/share/misc/pci.ids": pciIDs, "usr/share/misc/usb.ids": usbIDs}))
	none := New(root(nil))
	for _, row := range []struct {
		name string
		db   *DB
		d    detect.Device
		want string
	}{
		{"PCI", full, wifi, "Intel Corporation Wi-Fi 6 AX200"},
		{"PCI, vendor alone", full, detect.Device{Subsystem: "pci", Vendor: 0x10de, Product: 1}, "NVIDIA Corporation [10de:0001]"},
		{"PCI without pci.ids", none, wifi, "[8086:2723]"},
		{"USB", full, receiver, "Logitech, Inc. Unifying Receiver"},
		{"USB, its own words first", full, detect.Device{Subsystem: "usb", Vendor: 0x46d, Product: 0xc52b, Label: "USB Receiver"}, "Logitech, Inc. USB Receiver"},
		{"USB without usb.ids", none, receiver, "[046d:c52b]"},
		{"Latin-1 in the database", full, detect.Device{Subsystem: "usb", Vendor: 1, Product: 2}, "Fry?'s [0001:0002]"},
		{"a label", none, detect.Device{Subsystem: "input", Label: "Power Button"}, "Power Button"},
		{"an alias", none, detect.Device{Subsystem: "acpi", Modalias: []string{"acpi:PNP0C0A:"}}, "acpi:PNP0C0A:"},
		{"nothing", none, detect.Device{Path: "devices/platform/x"}, "x"},
	} {
		if got := row.db.Text(row.d); got != row.want {
			t.Errorf("%s: got %q, want %q", row.name, got, row.want)
		}
	}
}

// A capture has no databases: the next root is asked.
func TestSecondRoot(t *testing.T) {
	db := New(root(nil), root(map[string]string{"usr/share/misc/pci.ids": pciIDs}))
	if got := db.Of(wifi).Vendor; got != "Intel Corporation" {
		t.Errorf("got %q", got)
	}
}

// pcidb cuts lines without looking; none of these may end the program.
func TestBrokenPCIDatabase(t *testing.T) {
	for _, text := range []string{"", "\n", "C", "C 0", "8", "8086", "\t", "\t\t", "\t1", "\t\t\t", "8086  Intel\n\t1\n\t\t2\n", "C 02  N\n\t8\n\t\t1\n",
		"\t0002  orphan\n", "\t\t0e11 4091  orphan\n", "8\n\t0002  orphan of a short line\n", strings.Repeat("x", 1<<17) + "\n8086  Intel\n", "\xff\xfe\x00", "8086  \xff\n"} {
		db := New(root(map[string]string{"usr/share/misc/pci.ids": text}))
		if got := db.Text(wifi); got == "" {
			t.Errorf("%.20q: no name at all", text)
		}
	}
}

func FuzzDatabases(f *testing.F) {
	f.Add([]byte(pciIDs), uint16(0x8086), uint16(0x2723))
	f.Add([]byte(usbIDs), uint16(0x46d), uint16(0xc52b))
	f.Add([]byte("8086\n\t\nC\n"), uint16(0x8086), uint16(0))
	f.Fuzz(func(t *testing.T, data []byte, vendor, product uint16) {
		text := string(data)
		db := New(root(map[string]string{"usr/share/misc/pci.ids": text, "usr/share/misc/usb.ids": text}))
		for _, bus := range []string{"pci", "usb"} {
			got := db.Text(detect.Device{Subsystem: bus, Vendor: vendor, Product: product, Path: "x"})
			if got == "" || strings.ContainsAny(got, "\n\x1b\x00") {
				t.Errorf("%s: %q", bus, got)
			}
		}
	})
}
