package detect_test

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"attune/detect"
)

// withoutUdev is a machine whose udev has not run: its database is not there.
type withoutUdev struct{ fs.FS }

func (w withoutUdev) Open(name string) (fs.File, error) {
	if strings.HasPrefix(name, "run/") {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return w.FS.Open(name)
}

func (w withoutUdev) ReadLink(name string) (string, error)       { return fs.ReadLink(w.FS, name) }
func (w withoutUdev) Lstat(name string) (fs.FileInfo, error)     { return fs.Lstat(w.FS, name) }
func (w withoutUdev) ReadDir(name string) ([]fs.DirEntry, error) { return fs.ReadDir(w.FS, name) }

// A difference is a device which the udev of its machine and our rules take
// for different things, and why.
type difference struct {
	machine, device string
	udev, ours      string
	why             string
}

// Reasons. All but the last two are rules that udev got later: what classifies
// today (252 and 257 were tried, TestClassifyAsUdevNow) says of all these
// devices what we say. That a udev is older than 247 shows in its records: they
// have no CURRENT_TAGS.
const (
	padLater    = "udev before 247: a later rule tells the pad of a tablet"
	stickLater  = "udev before 252: one button and one axis were a joystick"
	fingerLater = "udev before 247: a touchpad with several fingers was also a touchscreen"
	i2cLater    = "udev before 247: a mouse on I2C was a mouse"
	buttonLater = "udev before 247: mouse buttons and nothing that moves were no mouse"
	switchLater = "udev before 247: there was no verdict on switches"

	libwacom  = "libwacom's hwdb counts all of a pen tablet's devices as tablets"
	keysLater = "Z, Alt, F7, F8 and F13 to F17 were most likely given to its buttons by a key map after udev had looked; of what it can do now 252 and 257 say key and mouse"
)

// differences are all there are, but those of switchLater.
var differences = []difference{
	{"Huion H950P", "HID 256c:006d Pad", "tablet", "tablet tablet-pad", padLater},
	{"Huion HS610", "HUION Huion Tablet Pad", "tablet", "tablet tablet-pad", padLater},
	{"Huion HS610", "HUION Huion Tablet Touch Ring", "joystick", "", stickLater},
	{"Huion Kamvas 13", "Tablet Monitor Pad", "tablet", "tablet tablet-pad", padLater},
	{"Huion Kamvas 13", "Tablet Monitor Touch Strip", "joystick", "", stickLater},
	{"Huion Kamvas 24", "Huion Tablet_GS2401 Touch Strip", "joystick", "", stickLater},
	{"Wacom Bamboo Capture", "Wacom Bamboo 16FG 4x5 Finger", "touchpad touchscreen", "touchpad", fingerLater},
	{"Wacom Bamboo Pad Wireless", "Wacom Wireless Bamboo PAD Finger", "touchpad touchscreen", "touchpad", fingerLater},
	{"Wacom Cintiq Companion 2", "Wacom ISDv5 325 Pad", "tablet", "tablet tablet-pad", padLater},
	{"Wacom Intuos Medium wireless", "Wacom Intuos BT M Pad", "tablet", "tablet tablet-pad", padLater},
	{"Wacom Intuos S (3rd-gen)", "Wacom Intuos S Pad", "tablet", "tablet tablet-pad", padLater},
	{"Wacom Intuos S (3rd-gen)", "Wacom Intuos S Pad", "tablet", "tablet tablet-pad", padLater},
	{"Wacom Intuos3 6x8", "Wacom Intuos3 6x8 Pad", "tablet", "tablet tablet-pad", padLater},
	{"XP-Pen Artist 13.3 Pro", "UGTABLET 11.6 inch PenDisplay Keyboard", "keyboard tablet tablet-pad", "keyboard", libwacom},
	{"XP-Pen Deco mini7", "UGTABLET 6 inch PenTablet Mouse", "mouse", "key mouse", keysLater},

	{"CAPTURE_METADATA_2.txt.xz", "DELL0919:00 0488:121F Mouse", "mouse", "mouse pointingstick", i2cLater},
	{"PANDABOARD.txt.xz", "gpio-keys", "", "mouse", buttonLater},
	{"TOSHIBA_NVME.txt.xz", "DLL07D1:01 044E:120B", "touchpad touchscreen", "touchpad", fingerLater},
}

// A verdict is what both say of one device.
type verdict struct {
	difference
	switches bool // the machine's udev knows switches
}

func compare(t *testing.T, machine string, root fs.FS) (all []verdict) {
	t.Helper()
	theirs, _ := detect.ScanInputs(root, nil)
	ours, problems := detect.ScanInputs(withoutUdev{root}, nil)
	if len(theirs) != len(ours) || len(problems) > 0 {
		t.Fatalf("%s: %d devices with udev, %d without; %v", machine, len(theirs), len(ours), problems)
	}
	name, _, _ := strings.Cut(machine, "/")
	switches := slices.ContainsFunc(theirs, func(in detect.Input) bool { return in.Is(detect.KindSwitch) })
	for i, in := range theirs {
		if in.KindsWhy != "udev" {
			continue
		}
		if ours[i].KindsWhy != "capabilities" || ours[i].Path != in.Path {
			t.Fatalf("%s: %+v with udev, %+v without", machine, in, ours[i])
		}
		all = append(all, verdict{difference{name, in.Name, words(in.Kinds), words(ours[i].Kinds), ""}, switches})
	}
	return all
}

func words(kinds []detect.InputKind) string {
	return strings.Trim(fmt.Sprint(kinds), "[]")
}

// Our rules alone, without udev's database, against the verdicts of the udev
// that ran on each machine of the corpus.
func TestClassifyAsUdevThen(t *testing.T) {
	t.Parallel()
	expected := map[difference]int{}
	for _, d := range differences {
		expected[d]++
	}
	why := map[difference]string{}
	for _, d := range differences {
		why[difference{d.machine, d.device, d.udev, d.ours, ""}] = d.why
	}
	devices, differ, reasons := map[bool]int{}, map[bool]int{}, map[string]int{}
	for _, m := range inputCorpus(t) {
		pens := strings.Contains(m.name, "/") // of ../shared/corpus/input
		for _, v := range compare(t, m.name, m.FS) {
			devices[pens]++
			if v.udev == v.ours {
				continue
			}
			differ[pens]++
			reason := why[v.difference]
			if reason == "" && !v.switches && strings.TrimSpace(strings.Replace(v.ours, "switch", "", 1)) == v.udev {
				reason = switchLater
			}
			reasons[reason]++
			if reason == "" {
				t.Errorf("%s: %q: udev %q, ours %q", v.machine, v.device, v.udev, v.ours)
			}
			d := v.difference
			d.why = reason
			expected[d]--
		}
	}
	for d, n := range expected {
		if n > 0 {
			t.Errorf("%s: %q differs no more (%s)", d.machine, d.device, d.why)
		}
	}
	for pens, n := range devices {
		t.Logf("pens %v: %d devices, %d differ", pens, n, differ[pens])
	}
	ofToday := reasons[libwacom] + reasons[keysLater]
	if n := devices[true]; n < 550 || float64(n-ofToday) < 0.99*float64(n) {
		t.Errorf("%d of %d devices of people with pens differ from what udev says today", ofToday, n)
	}
	t.Logf("by reason: %v", reasons)
}
