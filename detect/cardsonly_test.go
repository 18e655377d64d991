package detect

import (
	"io/fs"
	"reflect"
	"testing"
	"testing/fstest"
)

// A scan for cards alone leaves out the kernel's own inventions, and knows the
// machine all the same: settings and quirks go by who made it.
func TestCardsOnlyKnowsTheMachine(t *testing.T) {
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	link := func(to string) *fstest.MapFile {
		return &fstest.MapFile{Data: []byte(to), Mode: 0o777 | fs.ModeSymlink}
	}
	sys := fstest.MapFS{
		"devices/virtual/dmi/id/uevent":       file("MODALIAS=dmi:bvnSeaBIOS:svnQEMU:pnQ35:\n"),
		"devices/virtual/dmi/id/subsystem":    link("../../../../class/dmi"),
		"devices/virtual/dmi/id/sys_vendor":   file("QEMU\n"),
		"devices/virtual/dmi/id/product_name": file("Q35\n"),
		"devices/virtual/tty/tty1/uevent":     file("MAJOR=4\nMINOR=1\nDEVNAME=tty1\n"),
		"devices/virtual/tty/tty1/subsystem":  link("../../../../class/tty"),
	}
	whole, cards := ScanWith(sys, Options{}), ScanWith(sys, Options{CardsOnly: true})
	if cards.DMI.SysVendor != "QEMU" || !reflect.DeepEqual(cards.DMI, whole.DMI) {
		t.Errorf("%+v, want %+v", cards.DMI, whole.DMI)
	}
	for _, d := range cards.Devices {
		if d.Subsystem != "dmi" {
			t.Errorf("%s was read", d.Path)
		}
	}
}
