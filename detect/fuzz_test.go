package detect

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf8"
)

// Whatever a device's files hold, the scan ends, keeps the device's own words
// printable and hands every alias on unchanged.
func FuzzScan(f *testing.F) {
	f.Add("DRIVER=e1000\nPCI_CLASS=20000\nMODALIAS=pci:v1\n", "pci:v00008086d0000100Esv00001AF4sd00001100bc02sc00i00\n", "../../bus/pci", "1\n")
	f.Add("NAME=\"a=b\"\nPRODUCT=3/46d/c52b/111\nEV=1f\n", "input:b0003v046DpC52Be0111-e0,1\n", "../../class/input", "")
	f.Add("DEVTYPE=usb_interface\nINTERFACE=224/1/1\nPRODUCT=8087/a2b/1\nTYPE=224/1/1\n", "", "../../bus/usb", "0\n")
	f.Add("=\n==\n\x00=\xff\nMODALIAS1=x\n", "dmi:svnMICRO-STARINT'LCO.,LTD:\n", "", "(null)\n")
	f.Add("", "\n\n", "/", strings.Repeat("x", 5000))
	f.Fuzz(func(t *testing.T, uevent, modalias, subsystem, attr string) {
		sys := fstest.MapFS{}
		add := func(name, text string) { sys["devices/x/"+name] = &fstest.MapFile{Data: []byte(text)} }
		add("uevent", uevent)
		add("modalias", modalias)
		for _, names := range attributesOf {
			for _, name := range names {
				add(name, attr)
			}
		}
		sys["devices/x/subsystem"] = &fstest.MapFile{Data: []byte(subsystem), Mode: 0o777 | 1<<27}
		sys["kernel/debug/devices_deferred"] = &fstest.MapFile{Data: []byte(attr)}
		inv := Scan(sys)
		if len(inv.Devices) > 1 {
			t.Fatalf("%d devices out of one directory", len(inv.Devices))
		}
		for _, d := range inv.Devices {
			if !utf8.ValidString(d.Label) || strings.ContainsAny(d.Label, "\n\x1b\x00") || utf8.RuneCountInString(d.Label) > 128 {
				t.Errorf("label %q", d.Label)
			}
			same := sameInUevent[d.Subsystem] && len(aliases("", uevent)) > 0 // the file is not read then
			if first, _, _ := strings.Cut(modalias, "\n"); !same && first != "" && len(first) <= maxAlias && !slices.Contains(d.Modalias, first) {
				t.Errorf("alias %q is not in %q", first, d.Modalias)
			}
		}
	})
}

// An event's words come from the kernel by way of a socket that others can
// write to.
func FuzzFromEvent(f *testing.F) {
	f.Add("add", "/devices/pci0000:00/0000:00:03.0", "pci", "pci:x")
	f.Add("remove", "/../..", "", "")
	f.Fuzz(func(t *testing.T, action, path, subsystem, alias string) {
		d := FromEvent(twoCards(), map[string]string{"ACTION": action, "DEVPATH": path, "SUBSYSTEM": subsystem, "MODALIAS": alias})
		if strings.Contains("/"+d.Path+"/", "/../") || strings.HasPrefix(d.Path, "/") {
			t.Errorf("path %q leads out of /sys", d.Path)
		}
		if alias != "" && len(alias) <= maxAlias && !slices.Contains(d.Modalias, alias) {
			t.Errorf("alias %q is not in %q", alias, d.Modalias)
		}
	})
}
