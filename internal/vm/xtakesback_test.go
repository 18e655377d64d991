package vm

import (
	"math"
	"slices"
	"strings"
	"testing"

	"attune/internal/vm/job"
)

// What the rules for input devices are built on, asked of X itself: an empty
// option takes back what udev says of a keyboard; a CalibrationMatrix takes the
// place of udev's rather than multiplying with it, so that the whole way is in
// TransformationMatrix; a tag of ours and a list of ids pick a device.
func TestXTakesBack(t *testing.T) {
	Available(t)
	const rules = `SUBSYSTEM!="input", GOTO="end"
ENV{ID_INPUT_KEY}=="1", ENV{XKBLAYOUT}="de", ENV{XKBVARIANT}="nodeadkeys", ENV{XKBOPTIONS}="ctrl:nocaps"
ENV{ID_INPUT_MOUSE}=="1", ENV{LIBINPUT_CALIBRATION_MATRIX}="-1 0 1 0 -1 1", ENV{ID_INPUT.tags}="$env{ID_INPUT.tags},ours"
LABEL="end"
`
	const config = `
Section "InputClass"
	Identifier "layout"
	MatchIsKeyboard "on"
	Option "XkbLayout" "fr"
	Option "XkbVariant" ""
	Option "XkbOptions" ""
EndSection
Section "InputClass"
	Identifier "right half, upside down"
	MatchIsPointer "on"
	MatchProduct "USB Tablet"
	MatchUSBID "1234:*|0627:0001"
	MatchTag "ours"
	Option "TransformationMatrix" "-0.5 0 1 0 -1 1 0 0 1"
	Option "CalibrationMatrix" "1 0 0 0 1 0 0 0 1"
EndSection
`
	places := [][2]float64{{1, 1}, {0, 0}, {0.25, 0.5}}
	x, err := BootX(t.Context(), XGuest{
		Kernel: xkernel(t, "bookworm"), Machine: machine(t, "x-virtio"),
		Files: map[string]string{"run/attune/xorg.conf.d/10-hand.conf": config, "run/udev/rules.d/70-hand.rules": rules},
		Heads: []Head{{"vid", 0}},
		After: slices.Concat([]job.Step{
			{Do: job.Meet, Name: "plug"},
			{Do: job.Wait, Paths: []string{xLog}, Text: `Adding extended input device "` + usbTablet + `"`, Seconds: 20},
			XTool("props", "xinput", "list-props", usbTablet),
			XTool("udev", "sh", "-c", "cat /run/udev/data/c13:*"),
		}, PointSteps(places)),
		OnMark: func(name string, m *Monitor) error {
			if name == "plug" {
				return m.Plug("usb-tablet", "tablet", map[string]any{"bus": "x.0"})
			}
			return m.pointAt(name)
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	if udev := step(t, x.Result, "udev").Stdout; !strings.Contains(udev, "E:XKBVARIANT=nodeadkeys") || !strings.Contains(udev, "E:LIBINPUT_CALIBRATION_MATRIX=-1") {
		t.Errorf("udev did not say what is to be taken back: %s", udev)
	}
	if kbd := step(t, x.Result, "setxkbmap").Stdout; !strings.Contains(kbd, "layout:     fr\n") || strings.Contains(kbd, "variant:") || strings.Contains(kbd, "options:") {
		t.Errorf("keyboard: %s", kbd)
	}
	props := step(t, x.Result, "props").Stdout
	if m, err := ParseMatrix(props, "libinput Calibration Matrix"); err != nil || m != [9]float64{1, 0, 0, 0, 1, 0, 0, 0, 1} {
		t.Errorf("calibration: %v, %v", m, err)
	}
	o := x.Outputs[0]
	for i, want := range [][2]float64{{0.5, 0}, {1, 1}, {0.875, 0.5}} {
		at := PointSteps(places[i : i+1])
		gx, gy, err := ParseLocation(step(t, x.Result, at[len(at)-1].Name).Stdout)
		if err != nil || math.Abs(float64(gx)-want[0]*float64(o.W)) > 1.5 || math.Abs(float64(gy)-want[1]*float64(o.H)) > 1.5 {
			t.Errorf("%v of the tablet is at %d, %d of %dx%d (%v), want %v of it", places[i], gx, gy, o.W, o.H, err, want)
		}
	}
}
