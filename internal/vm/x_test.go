package vm

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"attune/internal/vm/job"
)

func xkernel(t testing.TB, suite string) Kernel {
	t.Helper()
	k, err := XKernelOf(suite)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func xmachine(t testing.TB, name string) Machine {
	t.Helper()
	for _, m := range XMachines {
		if m.Name == name {
			return m
		}
	}
	t.Fatalf("no machine %q", name)
	return Machine{}
}

// savePictures keeps what was shown, and sees that it is not black.
func savePictures(t *testing.T, name string, x XResult) {
	t.Helper()
	for i, p := range x.Pictures {
		file := name
		if i > 0 {
			file += fmt.Sprintf("-%d", i+1)
		}
		path, err := p.Save(file)
		if err != nil {
			t.Fatal(err)
		}
		w, h := p.Size()
		t.Logf("%s: %dx%d, %.0f %% lit", path, w, h, 100*p.Lit())
		if p.Lit() < 0.2 {
			t.Errorf("%s is black: %.1f %% lit", path, 100*p.Lit())
		}
	}
}

// X as it is, without a line of configuration.
func TestXAlone(t *testing.T) {
	Available(t)
	k := xkernel(t, "bookworm")
	for _, m := range XMachines {
		t.Run(m.Name, func(t *testing.T) {
			t.Parallel()
			x, err := BootX(t.Context(), XGuest{Kernel: k, Machine: m})
			if err != nil {
				t.Fatal(err)
			}
			savePictures(t, "alone-"+m.Name, x)
			t.Logf("%+v", x.Outputs)
		})
	}
}

// What the harness can do, shown with a configuration written by hand: two
// screens, the second rotated; a German keyboard; a tablet which comes while X
// runs and reaches over the second screen alone.
func TestXByHand(t *testing.T) {
	Available(t)
	const config = `
Section "Monitor"
	Identifier "Virtual-2"
	Option "RightOf" "Virtual-1"
EndSection
Section "InputClass"
	Identifier "layout"
	MatchIsKeyboard "on"
	Option "XkbLayout" "de"
EndSection
Section "InputClass"
	Identifier "tablet"
	MatchIsPointer "on"
	MatchProduct "USB Tablet"
	Option "TransformationMatrix" "0.324324 0 0.675676 0 1 0 0 0 1"
EndSection
`
	places := [][2]float64{{1, 1}, {0, 0}, {0.5, 0.5}}
	after := slices.Concat([]job.Step{
		{Do: job.Meet, Name: "plug"},
		{Do: job.Wait, Paths: []string{xLog}, Text: `Adding extended input device "` + usbTablet + `"`, Seconds: 20},
		XTool("props", "xinput", "list-props", usbTablet),
	}, PointSteps(places))
	x, err := BootX(t.Context(), XGuest{
		Kernel: xkernel(t, "bookworm"), Machine: xmachine(t, "x-virtio"),
		Files: map[string]string{"run/attune/xorg.conf.d/90-hand.conf": config},
		Heads: []Head{{"vid", 0}, {"vid", 1}},
		Before: []job.Step{
			{Do: job.Meet, Name: "second head"},
			{Do: job.Wait, Paths: []string{"sys/class/drm/card*-Virtual-2/modes"}, Text: "1024x768"},
		},
		After: after,
		OnMark: func(name string, m *Monitor) error {
			switch name {
			case "second head":
				return m.Resize("head1", 1024, 768)
			case "plug":
				return m.Plug("usb-tablet", "tablet", map[string]any{"bus": "x.0"})
			}
			_, err := m.pointAt(name)
			return err
		},
	})
	for _, s := range x.Steps {
		t.Logf("%s %s %.2f..%.2f %s %s", s.Do, s.Name, s.Start, s.End, s.Stdout, s.Err)
	}
	if err != nil {
		t.Fatal(err)
	}
	savePictures(t, "by-hand", x)
	t.Logf("%+v", x.Outputs)
	t.Log(AppliedClasses(x.Log, usbTablet), AppliedClasses(x.Log, usbKeyboard))
	if kbd := step(t, x.Result, "setxkbmap").Stdout; !strings.Contains(kbd, "layout:     de\n") {
		t.Errorf("layout: %s", kbd)
	}
}
