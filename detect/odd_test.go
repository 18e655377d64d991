package detect

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"

	"attune/internal/treetest"
)

// A sickFS fails or blocks at some paths.
type sickFS struct {
	fstest.MapFS
	fail  map[string]error
	block map[string]chan struct{}
}

// Sub keeps what is below sick; a MapFS's own does not know of it.
func (s sickFS) Sub(dir string) (fs.FS, error) {
	type files interface {
		fs.ReadFileFS
		fs.ReadDirFS
		fs.ReadLinkFS
	}
	return fs.Sub(struct{ files }{s}, dir)
}

func (s sickFS) check(name string) error {
	if c := s.block[name]; c != nil {
		<-c
	}
	return s.fail[name]
}

func (s sickFS) ReadFile(name string) ([]byte, error) {
	if err := s.check(name); err != nil {
		return nil, &fs.PathError{Op: "read", Path: name, Err: err}
	}
	return s.MapFS.ReadFile(name)
}

func (s sickFS) ReadDir(name string) ([]fs.DirEntry, error) {
	if err := s.check(name); err != nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	return s.MapFS.ReadDir(name)
}

func (s sickFS) ReadLink(name string) (string, error) {
	if err := s.check(name); err != nil {
		return "", &fs.PathError{Op: "readlink", Path: name, Err: err}
	}
	return s.MapFS.ReadLink(name)
}

const (
	nic  = "devices/pci0000:00/0000:00:03.0"
	disk = "devices/pci0000:00/0000:00:04.0"
)

func twoCards() fstest.MapFS {
	return treetest.Of(map[string]string{
		nic + "/uevent":           "DRIVER=e1000\nPCI_CLASS=20000\nPCI_ID=8086:100E\nMODALIAS=pci:v00008086d0000100Esv00001AF4sd00001100bc02sc00i00\n",
		nic + "/modalias":         "pci:v00008086d0000100Esv00001AF4sd00001100bc02sc00i00\n",
		nic + "/revision":         "0x03\n",
		nic + "/subsystem":        "-> ../../../bus/pci",
		nic + "/driver":           "-> ../../../bus/pci/drivers/e1000",
		nic + "/driver_override":  "(null)\n",
		nic + "/net/eth0/uevent":  "INTERFACE=eth0\nIFINDEX=2\n",
		nic + "/net/eth0/address": "52:54:00:12:34:56\n",

		nic + "/net/eth0/subsystem": "-> ../../../../../class/net",
		disk + "/uevent":            "PCI_CLASS=10802\nPCI_ID=1B36:0010\n",
		disk + "/modalias":          "pci:v00001B36d00000010sv00001AF4sd00001100bc01sc08i02\n",
		disk + "/subsystem":         "-> ../../../bus/pci",

		"bus/pci/drivers/e1000/module": "-> ../../../../module/e1000",
		"module/e1000/initstate":       "live\n",
		"module/e1000/taint":           "OE\n",
		"module/kernel/parameters/p":   "1\n",
		"module/compression":           "xz\n",
	})
}

func find(t *testing.T, inv Inventory, name string) Device {
	t.Helper()
	for _, d := range inv.Devices {
		if d.Path == name {
			return d
		}
	}
	t.Fatalf("%s is not in the inventory", name)
	return Device{}
}

func TestScanTwoCards(t *testing.T) {
	inv := Scan(twoCards())
	if len(inv.Devices) != 3 || len(inv.Problems) != 0 {
		t.Fatalf("got %d devices, problems %v", len(inv.Devices), inv.Problems)
	}
	d := find(t, inv, nic)
	want := Device{Path: nic, Subsystem: "pci", Driver: "e1000", Module: "e1000", Role: RoleNet, Class: 0x020000,
		Modalias: []string{"pci:v00008086d0000100Esv00001AF4sd00001100bc02sc00i00"},
		Vendor:   0x8086, Product: 0x100e, SubVendor: 0x1af4, SubDevice: 0x1100, Revision: 3}
	if fmt.Sprint(d) != fmt.Sprint(want) {
		t.Errorf("got  %+v\nwant %+v", d, want)
	}
	if d := find(t, inv, nic+"/net/eth0"); d.Ifname != "eth0" || d.Role != RoleNet {
		t.Errorf("interface: %+v", d)
	}
	if d := find(t, inv, disk); d.Driver != "" || d.Class != 0x010802 || d.Role != RoleStorage {
		t.Errorf("disk: %+v", d)
	}
	if fmt.Sprint(inv.Modules) != "[{e1000 live OE} {kernel  }]" || inv.Compression != "xz" {
		t.Errorf("modules: %v, compression %q", inv.Modules, inv.Compression)
	}
}

// Machines lack whole parts of /sys. None of that is a problem to speak of.
func TestScanOddMachines(t *testing.T) {
	long := "cpu:type:x86,ven0000fam0006mod009E:feature:" + strings.Repeat(",0123", 700)
	page := "x:" + strings.Repeat("a", maxAlias-2)
	for _, row := range []struct {
		name    string
		files   map[string]string
		devices int
		alias   string // one that must be there
	}{
		{"nothing at all", nil, 0, ""},
		{"no PCI bus, no USB bus: a virtio-mmio guest", map[string]string{
			"devices/platform/a000000.virtio_mmio/virtio0/uevent":    "MODALIAS=virtio:d00000001v554D4551\n",
			"devices/platform/a000000.virtio_mmio/virtio0/subsystem": "-> ../../../../bus/virtio",
		}, 1, "virtio:d00000001v554D4551"},
		{"no bus or class directories, no links", map[string]string{
			"devices/x/modalias": "usb:v046DpC52Bd2410dc00dsc00dp00ic03isc01ip01in00\n",
		}, 1, "usb:v046DpC52Bd2410dc00dsc00dp00ic03isc01ip01in00"},
		{"empty modalias", map[string]string{
			"devices/platform/x/modalias": "", "devices/platform/x/uevent": "MODALIAS=\n", "devices/platform/x/subsystem": "-> ../../../bus/platform",
		}, 0, ""},
		{"a card without an alias stays", map[string]string{
			nic + "/uevent": "PCI_ID=8086:100E\n", nic + "/modalias": "\n", nic + "/subsystem": "-> ../../../bus/pci",
		}, 1, ""},
		{"cpu alias of 3,500 bytes", map[string]string{"devices/system/cpu/modalias": long + "\n"}, 1, long},
		{"alias of a page", map[string]string{"devices/x/modalias": page + "\n"}, 1, page},
		{"alias beyond a page is no alias", map[string]string{"devices/x/modalias": page + "a\n"}, 0, ""},
		{"quotes, spaces and UTF-8 in a DMI alias", map[string]string{
			"devices/virtual/dmi/id/modalias": "dmi:bvnAMI:svnMICRO-STARINT'LCO.,LTD:pn\"Größe\" ;$(x) :\n", "devices/virtual/dmi/id/uevent": "",
		}, 1, "dmi:bvnAMI:svnMICRO-STARINT'LCO.,LTD:pn\"Größe\" ;$(x) :"},
		{"alias in uevent only", map[string]string{
			"devices/mmc0/mmc0:0001/uevent": "DRIVER=mmcblk\nMMC_TYPE=SD\nMODALIAS=mmc:block\n", "devices/mmc0/mmc0:0001/subsystem": "-> ../../../bus/mmc",
		}, 1, "mmc:block"},
		{"a second alias", map[string]string{
			"devices/x/uevent": "MODALIAS=acpi:A:\nMODALIAS1=acpi:B:\n", "devices/x/modalias": "acpi:A:\n",
		}, 1, "acpi:B:"},
		{"MODALIASX is no alias", map[string]string{"devices/x/uevent": "MODALIASX=a:b\n"}, 0, ""},
		{"memory blocks are not looked at", map[string]string{"devices/system/memory/memory1/modalias": "x:y\n"}, 0, ""},
		{"PCI domain of five digits", map[string]string{
			"devices/pci0000:00/0000:00:0e.0/pci10000:e0/10000:e1:00.0/uevent":    "PCI_CLASS=30200\nPCI_ID=10DE:25A2\n",
			"devices/pci0000:00/0000:00:0e.0/pci10000:e0/10000:e1:00.0/subsystem": "-> ../../../../../bus/pci",
		}, 1, ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			inv := Scan(treetest.Of(row.files))
			if len(inv.Devices) != row.devices {
				t.Errorf("%d devices, want %d: %+v", len(inv.Devices), row.devices, inv.Devices)
			}
			if len(inv.Problems) > 0 {
				t.Errorf("problems: %v", inv.Problems)
			}
			found := row.alias == ""
			for _, d := range inv.Devices {
				for _, a := range d.Modalias {
					found = found || a == row.alias
				}
			}
			if !found {
				t.Errorf("alias %.60q is missing: %+v", row.alias, inv.Devices)
			}
		})
	}
}

// One sick file costs that file. What is merely gone is no news.
func TestScanUnreadable(t *testing.T) {
	for _, row := range []struct {
		name string
		file string
		err  error
		told bool
		left int // devices left of three
	}{
		{"forbidden attribute", nic + "/driver_override", syscall.EACCES, false, 3}, // bound: not read at all
		{"forbidden uevent", disk + "/uevent", syscall.EACCES, true, 3},
		{"I/O error in an alias", disk + "/modalias", syscall.EIO, true, 3},
		{"I/O error in a directory", disk, syscall.EIO, true, 3},
		{"device gone", disk, fs.ErrNotExist, false, 2},
		{"device going", disk + "/modalias", syscall.ENODEV, false, 3},
		{"broken link", nic + "/driver", syscall.EIO, true, 3},
		{"forbidden debugfs", deferredList, fs.ErrPermission, false, 3},
		{"broken debugfs", deferredList, syscall.EIO, true, 3},
		{"no modules", "module", fs.ErrNotExist, false, 3},
		{"all devices forbidden", "devices", syscall.EACCES, true, 0},
	} {
		t.Run(row.name, func(t *testing.T) {
			inv := Scan(sickFS{MapFS: twoCards(), fail: map[string]error{row.file: row.err}})
			if len(inv.Devices) != row.left {
				t.Errorf("%d devices left, want %d", len(inv.Devices), row.left)
			}
			if !row.told {
				if len(inv.Problems) > 0 {
					t.Errorf("problems: %v", inv.Problems)
				}
				return
			}
			if len(inv.Problems) != 1 || inv.Problems[0].Path != row.file {
				t.Errorf("problems: %v, want one that names %s", inv.Problems, row.file)
			}
		})
	}
}

// An attribute that never answers costs its deadline and itself; the device
// keeps what else is known, and everything behind it is scanned.
func TestScanBlockedRead(t *testing.T) {
	for _, file := range []string{nic + "/uevent", nic + "/revision", nic + "/driver", disk, "module/e1000/taint"} {
		t.Run(path.Base(file), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				never := make(chan struct{})
				defer close(never) // a bubble must not end with a goroutine asleep
				start := time.Now()
				inv := ScanWith(sickFS{MapFS: twoCards(), block: map[string]chan struct{}{file: never}},
					Options{ReadDeadline: time.Second, Workers: 1})
				if d := time.Since(start); d < time.Second || d > 3*time.Second {
					t.Errorf("took %v", d)
				}
				if len(inv.Problems) != 1 || inv.Problems[0].Path != file || !strings.Contains(inv.Problems[0].Err, "no answer") {
					t.Errorf("problems: %v", inv.Problems)
				}
				d := find(t, inv, nic)
				if d.Vendor != 0x8086 || len(d.Modalias) == 0 {
					t.Errorf("the device lost what is known of it: %+v", d)
				}
				if find(t, inv, nic+"/net/eth0").Ifname != "eth0" {
					t.Error("the interface below it is lost")
				}
			})
		})
	}
}

// When everything hangs the scan gives up instead of piling up threads.
func TestScanGivesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		never := make(chan struct{})
		defer close(never)
		m, block := fstest.MapFS{}, map[string]chan struct{}{}
		for i := range 100 {
			name := fmt.Sprintf("devices/platform/d%02d/modalias", i)
			m[name] = &fstest.MapFile{Data: []byte("x:y\n")}
			block[name] = never
		}
		start := time.Now()
		inv := ScanWith(sickFS{MapFS: m, block: block}, Options{ReadDeadline: time.Second, MaxStuck: 8})
		if d := time.Since(start); d > 10*time.Second {
			t.Errorf("took %v", d)
		}
		if n := len(inv.Problems); n < 9 {
			t.Errorf("%d problems: %v", n, inv.Problems)
		}
	})
}

// What the stuck read comes back with later must not touch the answer.
func TestScanLateAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		late := make(chan struct{})
		inv := ScanWith(sickFS{MapFS: twoCards(), block: map[string]chan struct{}{nic + "/uevent": late}}, Options{})
		before := fmt.Sprint(inv)
		close(late)
		synctest.Wait()
		if fmt.Sprint(inv) != before {
			t.Error("the inventory changed after it was given out")
		}
	})
}

func TestScanDeviceGone(t *testing.T) {
	_, err := ScanDevice(twoCards(), "devices/pci0000:00/0000:00:09.0")
	if !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v", err)
	}
}

// What could not be read stands on the device, so that nobody takes an alias
// that was not read for one that is not there.
func TestUnread(t *testing.T) {
	fail := map[string]error{
		nic + "/driver":    syscall.EIO,
		disk + "/uevent":   syscall.EACCES,
		disk + "/modalias": syscall.ESRCH,
	}
	m := twoCards()
	m["devices/pci0000:00/0000:00:05.0/uevent"] = &fstest.MapFile{}
	fail["devices/pci0000:00/0000:00:05.0"] = syscall.EACCES
	fail["devices/pci0000:00/0000:00:03.0/revision"] = syscall.EIO
	inv := Scan(sickFS{MapFS: m, fail: fail})
	for name, want := range map[string][]string{
		nic:  {"driver: input/output error"},
		disk: {"uevent: permission denied", "modalias: no such process"},

		"devices/pci0000:00/0000:00:05.0": {"directory: permission denied"},
	} {
		if d := find(t, inv, name); !slices.Equal(d.Unread, want) {
			t.Errorf("%s: got %q, want %q", name, d.Unread, want)
		}
		if !slices.ContainsFunc(inv.Problems, func(p Problem) bool { return strings.HasPrefix(p.Path, name) }) {
			t.Errorf("%s: not in the problems %v", name, inv.Problems)
		}
	}
	if len(inv.Devices) != 4 {
		t.Errorf("%d devices, want 4", len(inv.Devices))
	}
}

// Reading some attributes hangs the kernel, or waits for a probe: a scan does
// without the first, and without the others where it is told to.
func TestNeverRead(t *testing.T) {
	for _, tt := range []struct {
		file string
		o    Options
	}{
		{disk + "/waiting_for_supplier", Options{}},
		{disk + "/driver_override", Options{NoWaiting: true}},
		{hub + "/product", Options{NoWaiting: true}},
	} {
		t.Run(path.Base(tt.file), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				hangs := make(chan struct{})
				defer close(hangs)
				files := twoCards()
				files[tt.file] = &fstest.MapFile{Data: []byte("1\n")}
				files[hub+"/uevent"] = &fstest.MapFile{Data: []byte("DEVTYPE=usb_device\nTYPE=9/0/1\n")}
				files[hub+"/subsystem"] = &fstest.MapFile{Data: []byte("../../../../bus/usb"), Mode: fs.ModeSymlink}
				inv := ScanWith(sickFS{MapFS: files, block: map[string]chan struct{}{tt.file: hangs}}, tt.o)
				if len(inv.Problems) > 0 {
					t.Errorf("%v", inv.Problems)
				}
			})
		})
	}
}

const hub = "devices/pci0000:00/0000:00:14.0/usb1"

// What went away while we looked is no news, and a /sys that cannot be opened
// is no device.
func TestUnreadIsNotGone(t *testing.T) {
	inv := Scan(sickFS{MapFS: twoCards(), fail: map[string]error{disk + "/uevent": syscall.ENODEV, disk + "/modalias": fs.ErrNotExist}})
	for _, d := range inv.Devices {
		if len(d.Unread) > 0 {
			t.Errorf("%s: %q", d.Path, d.Unread)
		}
	}
	inv = Scan(sickFS{MapFS: twoCards(), fail: map[string]error{"devices": syscall.EACCES}})
	if len(inv.Devices) != 0 || len(inv.Problems) != 1 {
		t.Errorf("got %+v", inv)
	}
}
