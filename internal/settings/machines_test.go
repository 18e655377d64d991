package settings_test

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"attune/detect"
	"attune/internal/settings"
)

const (
	macA  = "00:11:22:33:44:55"
	macB  = "00:11:22:33:44:66"
	uuidA = "4C4C4544-0042-3510-8052-B3C04F4B4E32"
)

// lab is one image for many machines: a disk that can be in any of them.
func lab(files ...string) fstest.MapFS {
	root := tree("etc/attune/site.toml", "keyboard.layout = \"de\"\ndisplay.dpi = 96\n")
	for i := 0; i+1 < len(files); i += 2 {
		root["etc/attune/machines/"+files[i]+".toml"] = file(files[i+1])
	}
	return root
}

// in puts the disk into a machine.
func in(disk fstest.MapFS, mac, uuid string) fstest.MapFS {
	root := fstest.MapFS{}
	for name, f := range disk {
		root[name] = f
	}
	root["sys/class/net/eno1"] = &fstest.MapFile{Data: []byte("../../devices/pci0000:00/0000:00:1f.6/net/eno1"), Mode: fs.ModeSymlink}
	dir := "sys/devices/pci0000:00/0000:00:1f.6/net/eno1/"
	root[dir+"address"], root[dir+"addr_assign_type"], root[dir+"type"] = file(mac+"\n"), file("0\n"), file("1\n")
	if uuid != "" {
		root["sys/class/dmi/id/product_uuid"] = file(uuid + "\n")
	}
	return root
}

func TestMachines(t *testing.T) {
	for _, row := range []struct {
		name    string
		files   []string
		root    func(fstest.MapFS) fstest.MapFS // nil: machine A
		cmdline string
		dpi     int
		layout  string
		warn    string
	}{
		{name: "by its address", files: []string{"lab7", "[match]\nmac = \"" + macA + "\"\n[display]\ndpi = 120\n"}, dpi: 120, layout: "de"},
		{name: "another's", files: []string{"lab7", "[match]\nmac = \"" + macB + "\"\n[display]\ndpi = 120\n"}, dpi: 96, layout: "de"},
		{name: "by the name of the file", files: []string{"00-11-22-33-44-55", "display.dpi = 120"}, dpi: 120, layout: "de"},
		{name: "by the name PXELINUX gives it", files: []string{"01-00-11-22-33-44-55", "display.dpi = 120"}, dpi: 120, layout: "de"},
		{name: "by a UUID, in another spelling", files: []string{"lab7", "match.uuid = \"" + strings.ToLower(strings.ReplaceAll(uuidA, "-", "")) + "\"\ndisplay.dpi = 120"}, dpi: 120, layout: "de"},
		{name: "one of a list", files: []string{"lab", "match.mac = [\"" + macB + "\", \"" + macA + "\"]\ndisplay.dpi = 120"}, dpi: 120, layout: "de"},
		{name: "booted by the card", files: []string{"lab7", "match.mac = \"52:54:00:12:34:56\"\ndisplay.dpi = 120"}, cmdline: "BOOTIF=01-52-54-00-12-34-56", dpi: 120, layout: "de"},
		{name: "a whole series, then this one", files: []string{"10-series", "match.product = \"OptiPlex*\"\ndisplay.dpi = 110\nkeyboard.layout = \"fr\"", "20-lab7", "match.mac = \"" + macA + "\"\ndisplay.dpi = 120"}, dpi: 120, layout: "fr"},
		{name: "all that is given has to hold", files: []string{"lab7", "match.product = \"Latitude*\"\nmatch.mac = \"00:11:22:*\"\ndisplay.dpi = 120"}, dpi: 96, layout: "de"},
		{name: "addresses of one maker", files: []string{"lab", "match.mac = \"00-11-22-*\"\ndisplay.dpi = 120"}, dpi: 120, layout: "de"},
		{
			name:  "two claim it by different things: neither",
			files: []string{"lab7", "match.mac = \"" + macA + "\"\ndisplay.dpi = 120", "lab8", "match.uuid = \"" + uuidA + "\"\nkeyboard.layout = \"fr\""},
			dpi:   96, layout: "de", warn: "/etc/attune/machines/lab7.toml: claims this machine by its mac, and /etc/attune/machines/lab8.toml by its uuid",
		},
		{
			name:  "two by the same thing: both",
			files: []string{"lab7", "match.mac = \"" + macA + "\"\ndisplay.dpi = 120", "lab8", "match.mac = \"" + macA + "\"\nkeyboard.layout = \"fr\""},
			dpi:   120, layout: "fr",
		},
		{
			name:  "one file whose address is this machine's and whose UUID is not",
			files: []string{"lab7", "match.mac = \"" + macA + "\"\nmatch.uuid = \"" + strings.Replace(uuidA, "42", "43", 1) + "\"\ndisplay.dpi = 120"},
			dpi:   96, layout: "de", warn: "/etc/attune/machines/lab7.toml:1: the mac is this machine's, the uuid is not",
		},
		{
			name:  "a UUID many boards have",
			files: []string{"lab7", "[match]\nuuid = \"03000200-0400-0500-0006-000700080009\"\n[display]\ndpi = 120"},
			root:  func(d fstest.MapFS) fstest.MapFS { return in(d, macA, "03000200-0400-0500-0006-000700080009") },
			dpi:   96, layout: "de", warn: "/etc/attune/machines/lab7.toml:1: match: uuid: it tells no machine from another",
		},
		{name: "no match", files: []string{"lab7", "display.dpi = 120"}, dpi: 96, layout: "de", warn: "/etc/attune/machines/lab7.toml:0: which machine?"},
		{name: "a key nobody knows", files: []string{"lab7", "match.mca = \"" + macA + "\"\ndisplay.dpi = 120"}, dpi: 96, layout: "de", warn: `there is no key "mca", is mac meant?`},
		{name: "no text", files: []string{"lab7", "match.mac = 5\ndisplay.dpi = 120"}, dpi: 96, layout: "de", warn: "mac: want text"},
		{name: "a profile for this one", files: []string{"lab7", "match.mac = \"" + macA + "\"\nprofile = \"kiosk\""}, dpi: 96, layout: "de", warn: `there is no profile "kiosk"`},
	} {
		t.Run(row.name, func(t *testing.T) {
			disk := lab(row.files...)
			root := in(disk, macA, uuidA)
			if row.root != nil {
				root = row.root(disk)
			}
			s, errs := settings.Read(root, row.cmdline, settings.Machine{DMI: detect.DMI{SysVendor: "Dell Inc.", ProductName: "OptiPlex 7070"}})
			if s.Preferences.DPI != row.dpi || s.Preferences.Keyboard.Layout != row.layout {
				t.Errorf("%d dpi, layout %s", s.Preferences.DPI, s.Preferences.Keyboard.Layout)
			}
			checkWarning(t, errs, row.warn)
		})
	}
}

// Two machines whose maker left the same UUID are never taken for each other:
// the file of one, by its address, does not count on the other, and one by
// that UUID on neither.
func TestSamePlaceholderUUID(t *testing.T) {
	const left = "03000200-0400-0500-0006-000700080009"
	disk := lab("one", "match.mac = \""+macA+"\"\ndisplay.dpi = 120", "other", "match.mac = \""+macB+"\"\ndisplay.dpi = 130", "shared", "match.uuid = \""+left+"\"\nkeyboard.layout = \"fr\"")
	for mac, want := range map[string]int{macA: 120, macB: 130, "00:11:22:33:44:77": 96} {
		s, _ := settings.Read(in(disk, mac, left), "", settings.Machine{})
		if s.Preferences.DPI != want || s.Preferences.Keyboard.Layout != "de" {
			t.Errorf("%s: %d dpi, layout %s", mac, s.Preferences.DPI, s.Preferences.Keyboard.Layout)
		}
	}
}

// The same disk in another machine has that one's values, and none of the
// first's; back in the first all is as before.
func TestDiskMoved(t *testing.T) {
	disk := lab("one", "match.mac = \""+macA+"\"\ndisplay.dpi = 120\nkeyboard.layout = \"fr\"", "other", "match.mac = \""+macB+"\"\ndisplay.scale = 2")
	disk["usr/lib/attune/quirks.d/q.toml"] = file("[[quirk]]\ncomment = \"c\"\nlink = \"https://l\"\nmatch.dmi.product_name = \"A\"\nset.display.no-blank = true\n")
	for range 2 {
		a, _ := settings.Read(in(disk, macA, ""), "", settings.Machine{DMI: detect.DMI{ProductName: "A"}})
		b, _ := settings.Read(in(disk, macB, ""), "", settings.Machine{DMI: detect.DMI{ProductName: "B"}})
		if p := a.Preferences; p.DPI != 120 || p.Keyboard.Layout != "fr" || p.Scale != 0 || !p.NoBlank {
			t.Errorf("in A: %+v", p)
		}
		if p := b.Preferences; p.DPI != 96 || p.Keyboard.Layout != "de" || p.Scale != 2 || p.NoBlank {
			t.Errorf("in B: %+v", p)
		}
	}
}

// A file in /etc masks the image's of the same name, here too.
func TestMaskedMachine(t *testing.T) {
	disk := lab("lab7", "")
	disk["usr/lib/attune/machines/lab7.toml"] = file("match.mac = \"" + macA + "\"\ndisplay.dpi = 120")
	s, errs := settings.Read(in(disk, macA, ""), "", settings.Machine{})
	if s.Preferences.DPI != 96 || len(errs) > 0 {
		t.Errorf("%d, %v", s.Preferences.DPI, errs)
	}
}

// rootsOnly keeps the UUID from us.
type rootsOnly struct{ fstest.MapFS }

func (d rootsOnly) ReadFile(name string) ([]byte, error) {
	if strings.HasPrefix(name, "sys/class/dmi/id/") {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
	}
	return d.MapFS.ReadFile(name)
}

// An ordinary user is told, once, that some files may be about this machine.
func TestMachinesNotRoot(t *testing.T) {
	disk := lab("a", "match.uuid = \""+uuidA+"\"", "b", "match.uuid = \""+strings.Replace(uuidA, "42", "43", 1)+"\"", "c", "match.mac = \""+macA+"\"\ndisplay.dpi = 120")
	s, errs := settings.Read(rootsOnly{in(disk, macA, uuidA)}, "", settings.Machine{})
	if s.Preferences.DPI != 120 {
		t.Error("what can be told does not count")
	}
	checkWarning(t, errs, "2 files ask for the uuid, of which /sys/class/dmi/id/product_uuid: only root may read it")
}

// Without one file that asks for it, nobody reads serial numbers.
func TestIdentityOnlyWhenAsked(t *testing.T) {
	s, _ := settings.Read(in(lab(), macA, uuidA), "", settings.Machine{})
	if len(s.Identity.IDs) > 0 {
		t.Errorf("%+v", s.Identity)
	}
}
