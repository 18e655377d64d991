package settings_test

import (
	"strings"
	"testing"

	"attune/detect"
	"attune/internal/settings"
	"attune/xconfig"
)

// laptop is what the quirks of the table are tried on.
var laptop = settings.Machine{
	DMI: detect.DMI{
		SysVendor: "LENOVO", ProductName: "20L5CTO1WW", ProductVersion: "ThinkPad T480", ProductFamily: "ThinkPad T480",
		BoardName: "20L5CTO1WW", ChassisType: "10", BIOSVersion: "N24ET59W (1.34 )", BIOSDate: "11/08/2019",
	},
	Devices: []detect.Device{
		{Subsystem: "pci", Vendor: 0x8086, Product: 0x5917, SubVendor: 0x17aa, SubDevice: 0x225d, Class: 0x030000},
		{Subsystem: "pci", Vendor: 0x10de, Product: 0x1d10, SubVendor: 0x17aa, SubDevice: 0x225e, Class: 0x030200},
		{Subsystem: "usb", Devtype: "usb_device", Vendor: 0x04f2, Product: 0xb604},
	},
	Displays: []settings.Display{{Vendor: "AUO", Product: "573d", Name: ""}, {Vendor: "DEL", Product: "a0b1", Name: "DELL U2412M"}},
}

// quirk is a file with one that sets display.dpi to 123 where it matches.
func quirk(match string) string {
	return "[[quirk]]\ncomment = \"what is wrong\"\nlink = \"https://example.org/1\"\n[quirk.match]\n" + match + "\n[quirk.set]\ndisplay.dpi = 123\n"
}

func TestQuirkMatches(t *testing.T) {
	for _, row := range []struct {
		name  string
		match string
		want  bool
		warn  string
	}{
		{name: "DMI, exact", match: `dmi.product_version = "ThinkPad T480"`, want: true},
		{name: "DMI, in another case", match: `dmi.product_version = "thinkpad t480"`, want: true},
		{name: "DMI, with a wildcard", match: `dmi.product_version = "ThinkPad T4*"`, want: true},
		{name: "DMI, the beginning alone is not the whole", match: `dmi.product_version = "ThinkPad"`},
		{name: "DMI, another", match: `dmi.product_version = "ThinkPad T490"`},
		{name: "DMI, two fields, both", match: "dmi.sys_vendor = \"LENOVO\"\ndmi.chassis_type = \"10\"", want: true},
		{name: "DMI, two fields, one", match: "dmi.sys_vendor = \"LENOVO\"\ndmi.chassis_type = \"31\""},
		{name: "DMI, any of a list", match: `dmi.product_name = ["20L6*", "20L5*"]`, want: true},
		{name: "DMI, a slash and brackets in it", match: "dmi.bios_date = \"11/*/2019\"\ndmi.bios_version = \"N24ET59W (1.34 )\"", want: true},
		{name: "DMI, a field the machine does not fill", match: `dmi.board_version = "*"`},
		{name: "DMI, no such field", match: `dmi.product = "x"`, warn: `there is no field "product"`},
		{name: "PCI, vendor and device", match: `pci = "8086:5917"`, want: true},
		{name: "PCI, capitals", match: `pci = "10DE:1D10"`, want: true},
		{name: "PCI, a whole vendor", match: `pci = "10de:*"`, want: true},
		{name: "PCI, with the subsystem", match: `pci = "8086:5917:17aa:225d"`, want: true},
		{name: "PCI, the other card's subsystem", match: `pci = "8086:5917:17aa:225e"`},
		{name: "PCI, one of a list", match: `pci = ["8086:0046", "8086:59??"]`, want: true},
		{name: "PCI, not there", match: `pci = "1002:*"`},
		{name: "PCI, what a USB device has", match: `pci = "04f2:b604"`},
		{name: "PCI, no ID", match: `pci = "8086"`, warn: "want VENDOR:DEVICE in hex"},
		{name: "PCI, as lspci's option has it", match: `pci = "0x8086:0x5917"`, warn: "want VENDOR:DEVICE in hex"},
		{name: "PCI class", match: `pci-class = "0302"`, want: true},
		{name: "PCI class, every display controller", match: `pci-class = "03"`, want: true},
		{name: "PCI class, none", match: `pci-class = "0c03"`},
		{name: "PCI class, words", match: `pci-class = "vga"`, warn: "want two, four or six hex digits"},
		{name: "USB", match: `usb = "04f2:b604"`, want: true},
		{name: "USB, another", match: `usb = "04f2:b605"`},
		{name: "EDID, vendor", match: `edid = { vendor = "DEL" }`, want: true},
		{name: "EDID, vendor and product of one display", match: `edid = { vendor = "DEL", product = "A0B1" }`, want: true},
		{name: "EDID, of two displays", match: `edid = { vendor = "DEL", product = "573d" }`},
		{name: "EDID, name", match: `edid = { name = "*U24??M" }`, want: true},
		{name: "EDID, a display without a name", match: `edid = { vendor = "AUO", name = "x*" }`},
		{name: "all that is given, both", match: "dmi.sys_vendor = \"LENOVO\"\npci = \"10de:*\"", want: true},
		{name: "all that is given, one", match: "dmi.sys_vendor = \"LENOVO\"\npci = \"1002:*\""},
		{name: "nothing", match: ``, warn: "which hardware?"},
		{name: "a key nobody knows", match: `pcii = "8086:*"`, warn: `there is no key "pcii", is pci meant?`},
		{name: "an empty list", match: `usb = []`, warn: "an empty list"},
		{name: "an empty pattern, which anything would match", match: `dmi.sys_vendor = " "`, warn: "want text"},
	} {
		t.Run(row.name, func(t *testing.T) {
			w := &world{root: tree("etc/attune/quirks.d/a.toml", quirk(row.match)), machine: laptop}
			s, errs := w.read()
			if got := s.Preferences.DPI == 123; got != row.want {
				t.Errorf("matched: %v", got)
			}
			checkWarning(t, errs, row.warn)
		})
	}
}

func TestQuirks(t *testing.T) {
	for _, row := range []struct {
		name string
		text string
		want func(settings.Settings) bool
		warn string
	}{
		{
			name: "rules for displays and touchscreens, lines named",
			text: "[[quirk]]\ncomment = \"a\"\nlink = \"https://l\"\nmatch.pci = \"ffff:*\"\n[[quirk.output]]\nrole = \"any\"\noff = true\n" +
				"[[quirk]]\ncomment = \"b\"\nlink = \"https://l\"\nmatch.pci = \"8086:*\"\n[[quirk.output]]\nconnector = \"eDP-1\"\nrotate = \"left\"\n[[quirk.touch]]\ndevice = \"0457:*\"\noutput = \"internal\"\n",
			want: func(s settings.Settings) bool {
				p := s.Preferences
				return len(p.Outputs) == 1 && p.Outputs[0] == xconfig.OutputRule{Match: xconfig.Match{Connector: "eDP-1"}, Rotate: "left", Source: "/etc/attune/quirks.d/a.toml:12"} &&
					len(p.Touch) == 1 && p.Touch[0].Source == "/etc/attune/quirks.d/a.toml:15"
			},
		},
		{
			name: "one that matches nothing here is checked all the same",
			text: strings.Replace(quirk(`pci = "ffff:*"`), "comment", "coment", 1),
			want: func(s settings.Settings) bool { return s.Preferences.DPI == 0 }, warn: `/etc/attune/quirks.d/a.toml:2: there is no key "coment", is comment meant?`,
		},
		{
			name: "no comment", text: strings.Replace(quirk(`pci = "8086:*"`), "what is wrong", " ", 1),
			want: func(s settings.Settings) bool { return s.Preferences.DPI == 0 }, warn: "/etc/attune/quirks.d/a.toml:1: a quirk needs a comment",
		},
		{
			name: "no link", text: strings.Replace(quirk(`pci = "8086:*"`), "link = \"https://example.org/1\"\n", "", 1),
			want: func(s settings.Settings) bool { return s.Preferences.DPI == 0 }, warn: "/etc/attune/quirks.d/a.toml:1: a quirk needs a link",
		},
		{
			name: "a setting nobody knows costs its line", text: quirk(`pci = "8086:*"`) + "display.dpii = 4\n",
			want: func(s settings.Settings) bool { return s.Preferences.DPI == 123 }, warn: `/etc/attune/quirks.d/a.toml:8: there is no setting "display.dpii", is display.dpi meant?`,
		},
		{
			name: "settings outside of a quirk", text: "display.dpi = 120\n",
			want: func(s settings.Settings) bool { return s.Preferences.DPI == 0 }, warn: "/etc/attune/quirks.d/a.toml:1: display: in quirks.d everything stands below [[quirk]]",
		},
		{
			name: "no table", text: "quirk = 5",
			want: func(s settings.Settings) bool { return s.Preferences.DPI == 0 }, warn: "/etc/attune/quirks.d/a.toml:1: quirk: want quirks",
		},
		{
			name: "numbers in a list of quirks", text: "quirk = [5]",
			want: func(s settings.Settings) bool { return s.Preferences.DPI == 0 }, warn: "/etc/attune/quirks.d/a.toml:1: a quirk needs a comment",
		},
		{
			name: "modules and a profile",
			text: "[[quirk]]\ncomment = \"a\"\nlink = \"https://l\"\nmatch.usb = \"04f2:*\"\nset.modules.deny = [\"uvcvideo\"]\nset.boot.deadline = 60\n",
			want: func(s settings.Settings) bool {
				return len(s.Boot.Deny) == 1 && s.Boot.Deny[0] == settings.Named{Name: "uvcvideo", Source: "/etc/attune/quirks.d/a.toml:5"} && s.Boot.Deadline.Seconds() == 60
			},
		},
	} {
		t.Run(row.name, func(t *testing.T) {
			w := &world{root: tree("etc/attune/quirks.d/a.toml", row.text), machine: laptop}
			s, errs := w.read()
			if !row.want(s) {
				t.Errorf("%+v", s)
			}
			checkWarning(t, errs, row.warn)
		})
	}
}

// Who asks is told what the quirk is for.
func TestQuirkSaysWhy(t *testing.T) {
	w := &world{root: tree("etc/attune/quirks.d/a.toml", quirk(`pci = "8086:*"`)), machine: laptop}
	s, _ := w.read()
	if e, _ := s.Explain("display.dpi"); len(e.Winner) != 1 || e.Winner[0].Why != "what is wrong (https://example.org/1)" {
		t.Errorf("%+v", e)
	}
}

// A quirk belongs where quirks are; anywhere else it would be taken for the
// administrator's wish.
func TestQuirkElsewhere(t *testing.T) {
	w := &world{root: tree("etc/attune/a.toml", quirk(`pci = "8086:*"`)), machine: laptop}
	s, errs := w.read()
	if s.Preferences.DPI != 0 {
		t.Error("it counts")
	}
	checkWarning(t, errs, "/etc/attune/a.toml:1: [[quirk]] belongs into a file of quirks.d")
}

// What only the dmi: alias tells has lost its blanks; quirks match all the same.
func TestQuirkOnAnAlias(t *testing.T) {
	m := settings.Machine{DMI: detect.DMI{ProductVersion: "ThinkPadT480", Squeezed: true}}
	w := &world{root: tree("etc/attune/quirks.d/a.toml", quirk(`dmi.product_version = "ThinkPad T4*"`)), machine: m}
	if s, _ := w.read(); s.Preferences.DPI != 123 {
		t.Error("no match")
	}
}
