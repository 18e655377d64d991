package vm

import (
	"strconv"
	"strings"
	"testing"
)

// delayed is a modprobe.d file of a driver that takes its time.
func delayed(module, seconds string) map[string]string {
	return map[string]string{"etc/modprobe.d/delay.conf": "install " + module + " /bin/sh -c 'sleep " + seconds + "; exec modprobe --ignore-install " + module + "'\n"}
}

// The display manager never starts before the card it shows its picture with.
func TestImageWaits(t *testing.T) {
	Available(t)
	m := Machine{Name: "x-late", Board: "q35", Devices: []string{"virtio-vga,id=vid,edid=on,xres=1600,yres=900", "qemu-xhci,id=x", "usb-kbd,bus=x.0"}}
	for _, c := range []struct {
		name, seconds, words string
	}{
		{"five", "5", ""},
		{"alone", "5", "attune=off"},
		{"twenty", "20", ""},
		{"never", "1000", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			x := bootImage(t, ImageGuest{Machine: m, Append: c.words, Files: delayed("virtio-gpu", c.seconds)})
			card := cardAt(x)
			t.Logf("card at %.1f s, X started %q, outputs %+v", card, starts(x), x.Outputs)
			savePictures(t, "image", strings.ReplaceAll(t.Name(), "/", "-"), x)
		})
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
