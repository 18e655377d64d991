package vm

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"attune/internal/vm/job"
)

// delayed is a modprobe.d file of a driver that takes its time.
func delayed(module, seconds string) map[string]string {
	return map[string]string{"etc/modprobe.d/delay.conf": "install " + module + " /bin/sh -c 'sleep " + seconds + "; exec modprobe --ignore-install " + module + "'\n"}
}

const (
	lateVirtio = "virtio-vga,id=vid,edid=on,xres=1600,yres=900"
	lateVGA    = "VGA,id=vid,edid=on,xres=1600,yres=900"
)

// The display manager never starts before the card it shows its picture with.
// A card that never comes is not waited for without end, and there is a picture
// by what the firmware left.
func TestImageWaits(t *testing.T) {
	Available(t)
	for _, c := range []struct {
		name, device, module, seconds, words string
	}{
		{"five", lateVirtio, "virtio-gpu", "5", ""},
		{"twenty", lateVirtio, "virtio-gpu", "20", ""},
		// The standard VGA: on virtio's, X's vesa would refuse, for virtio-pci has the device.
		{"never", lateVGA, "bochs", "1000", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			m := Machine{Name: "x-late-" + c.name, Board: "q35", Devices: []string{c.device, "qemu-xhci,id=x", "usb-kbd,bus=x.0"}}
			x := bootImage(t, ImageGuest{Machine: m, Append: c.words, Files: delayed(c.module, c.seconds)})
			card, first := cardAt(x), startAt(t, x, 0)
			t.Logf("card at %.1f s, X started at %.1f s and %d times in all, %s", card, first, len(starts(x)), places(x))
			switch c.name {
			case "never":
				if lasted := first - serviceAt(t, x); lasted < 25 || lasted > 60 {
					t.Errorf("X started %.1f s after attune began, want after the deadline of 30 s", lasted)
				}
				checkStarts(t, x, 1)
				savePictures(t, "image", strings.ReplaceAll(t.Name(), "/", "-"), x)
				wantFinding(t, x, "display.late", "")
			default:
				if first < card {
					t.Errorf("X started at %.1f s, before the card was there at %.1f s", first, card)
				}
				checkStarts(t, x, 1)
				checkPlanned(t, imagePlan(t, x), x)
				checkShown(t, x, "1600x900")
			}
		})
	}
}

// By itself the display manager starts an X server before the card is there,
// and that one ends without a picture: the delay of [TestImageWaits] shows
// something. How often it is tried again, and whether that is for long enough,
// hangs on how fast the machine is.
func TestImageWaitsNot(t *testing.T) {
	Available(t)
	t.Parallel()
	m := Machine{Name: "x-late-alone", Board: "q35", Devices: []string{lateVirtio}}
	failed := `for i in $(seq 120); do journalctl -b -u lightdm.service | grep -q 'Main process exited' && exit 0; sleep 1; done; exit 1`
	// Longer than the slowest machine takes to its display manager.
	x := bootImage(t, ImageGuest{Machine: m, Append: "attune=off", Files: delayed("virtio-gpu", "120"), Steps: append([]job.Step{
		{Do: job.Exec, Name: "display manager failed", Argv: []string{"sh", "-c", failed}, Seconds: 150},
	}, imageLast...)})
	if s := step(t, x.Result, "display manager failed"); s.Exit != 0 || s.Err != "" {
		t.Fatalf("the display manager alone came up right, or never began: exit status %d %s", s.Exit, s.Err)
	}
	if len(starts(x)) == 0 {
		t.Fatal("the display manager failed, but not for its X server: none was started")
	}
	card, first := cardAt(x), startAt(t, x, 0)
	t.Logf("card at %.1f s, X started at %.1f s and %d times in all", card, first, len(starts(x)))
	if card != 0 && first > card { // 0: not even while the machine ran
		t.Errorf("the display manager alone started X at %.1f s, after the card was there at %.1f s", first, card)
	}
}

// cardAt is when the kernel had the card, in seconds since boot, 0 for never.
func cardAt(x XResult) float64 {
	for line := range strings.Lines(x.Dmesg) {
		if strings.Contains(line, "[drm] Initialized") {
			_, stamp, _ := strings.Cut(line, "[")
			stamp, _, _ = strings.Cut(stamp, "]")
			at, _ := strconv.ParseFloat(strings.TrimSpace(stamp), 64)
			return at
		}
	}
	return 0
}

// startAt is when the nth X server was started, in seconds since boot.
func startAt(t *testing.T, x XResult, n int) float64 {
	t.Helper()
	stamp, _, _ := strings.Cut(starts(x)[n], " ")
	at, err := strconv.ParseFloat(stamp, 64)
	if err != nil {
		t.Fatalf("X's start: %v", err)
	}
	return at
}

// serviceAt is when attune began, in seconds since boot.
func serviceAt(t *testing.T, x XResult) float64 {
	t.Helper()
	for line := range strings.Lines(step(t, x.Result, "unit").Stdout) {
		if us, ok := strings.CutPrefix(strings.TrimSpace(line), "ExecMainStartTimestampMonotonic="); ok {
			at, _ := strconv.ParseFloat(us, 64)
			return at / 1e6 // attune-boot's, the first asked for
		}
	}
	t.Fatal("systemd does not say when attune began")
	return 0
}

// A toldFinding is one of what attune status tells.
type toldFinding struct{ ID, Subject, Text string }

// wantFinding sees that attune status tells of it.
func wantFinding(t *testing.T, x XResult, id, about string) {
	t.Helper()
	all := toldBy(t, x)
	if !slices.ContainsFunc(all, func(f toldFinding) bool { return f.ID == id && strings.Contains(f.Subject+" "+f.Text, about) }) {
		t.Errorf("attune status does not tell %s %q: %+v", id, about, all)
	}
}
