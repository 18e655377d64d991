package vm

import (
	"errors"
	"fmt"
	"image"
	"image/color"
	"slices"
	"strings"
	"testing"

	"attune/internal/vm/job"
	"attune/xconfig"
	"attune/xconfig/input"

	"github.com/google/go-cmp/cmp"
)

// Two screens, a tablet which a setting puts on the second one, and devices
// which come while X runs: the tablet again, and the first USB keyboard.
func TestXTablet(t *testing.T) {
	Available(t)
	t.Parallel()
	m := machine(t, "x-virtio")
	m.Devices = slices.DeleteFunc(slices.Clone(m.Devices), func(d string) bool { return strings.HasPrefix(d, "usb-kbd") })
	m.Devices = append(m.Devices, "usb-tablet,id=tablet,bus=x.0")
	const settings = `
[keyboard]
layout = "de"

[[touch]]
device = "` + usbTablet + `"
output = "Virtual-2"
`
	// Not first at 0,0: that is where an axis begins, and no event comes of it.
	places := [][2]float64{{1, 1}, {0, 0}, {0.5, 0.5}}
	matrix := func(when string) job.Step { return XTool("matrix "+when, "xinput", "list-props", usbTablet) }
	x, _ := bootPlanned(t, XGuest{
		Machine: m,
		Files:   map[string]string{"run/attune/test.toml": settings},
		Heads:   []Head{{"vid", 0}, {"vid", 1}},
		Before:  secondHead,
		After: slices.Concat(
			[]job.Step{
				{Do: job.Read, Name: "first run's", Paths: []string{"run/attune/xorg.conf.d/*"}},
				{Do: job.Exec, Name: "second run", Argv: []string{"attune", "boot"}},
				matrix("first"),
			}, PointSteps(places),
			[]job.Step{
				{Do: job.Meet, Name: "pull tablet"},
				{Do: job.Wait, Name: "tablet gone", Paths: []string{xLog}, Text: "removing device " + usbTablet, Seconds: 30},
				{Do: job.Meet, Name: "plug tablet and keyboard"},
				{Do: job.Wait, Name: "keyboard there", Paths: []string{xLog}, Text: `Adding extended input device "` + usbKeyboard + `"`, Seconds: 30},
				{Do: job.Exec, Name: "tablet there", Env: xEnv, Argv: []string{"sh", "-c", `until xinput list --id-only "` + usbTablet + `"; do busybox sleep 0.1; done`}, Seconds: 30},
				matrix("again"),
				XTool("keyboard's map", "sh", "-c", `xkbcomp -i $(xinput list --id-only "keyboard:`+usbKeyboard+`") -xkb :0 - | busybox grep xkb_symbols`),
			},
			PointSteps(places[:1])),
		OnMark: func(name string, m *Monitor) error {
			switch name {
			case "second head":
				return m.Resize("head1", 1024, 768)
			case "pull tablet":
				return m.Pull("tablet")
			case "plug tablet and keyboard":
				return errors.Join(m.Plug("usb-tablet", "tablet2", map[string]any{"bus": "x.0"}),
					m.Plug("usb-kbd", "keyboard", map[string]any{"bus": "x.0"}))
			}
			return m.pointAt(name)
		},
	}, "1600x900", "1024x768")
	checkLayout(t, x, "de")
	checkTablet(t, x, places)
	if d := cmp.Diff(step(t, x.Result, "first run's").Files, step(t, x.Result, "configuration").Files); d != "" {
		t.Errorf("a second run wrote otherwise, first -, second +:\n%s", d)
	}
	for _, device := range []string{usbTablet, usbKeyboard} {
		if got := AppliedClasses(x.Log, device); !slices.ContainsFunc(got, func(c string) bool { return strings.HasPrefix(c, "attune: ") }) {
			t.Errorf("%s: classes applied: %q, none of ours", device, got)
		}
	}
	if said := step(t, x.Result, "keyboard's map").Stdout; !strings.Contains(said, "+de+") {
		t.Errorf("the keyboard plugged in while X runs has %s", said)
	}
}

// checkTablet sees the pointer go over the second output, all of it and nothing
// else, before and after the tablet was plugged in anew.
func checkTablet(t *testing.T, x XResult, places [][2]float64) {
	t.Helper()
	var second XOutput
	for _, o := range x.Outputs {
		if o.Name == "Virtual-2" {
			second = o
		}
	}
	const pixels = 2 // steps of the tablet's axes, and rounding
	for _, s := range x.Steps {
		at, ok := strings.CutPrefix(s.Name, "at point ")
		if !ok {
			continue
		}
		var fx, fy float64
		if _, err := fmt.Sscan(at, &fx, &fy); err != nil {
			t.Fatal(err)
		}
		gotX, gotY, err := ParseLocation(s.Stdout)
		wantX, wantY := second.X+int(fx*float64(second.W-1)), second.Y+int(fy*float64(second.H-1))
		if err != nil || max(gotX-wantX, wantX-gotX) > pixels || max(gotY-wantY, wantY-gotY) > pixels {
			t.Errorf("tablet at %s: pointer at %d,%d, want %d,%d of %+v; %v", at, gotX, gotY, wantX, wantY, second, err)
		}
	}
	first, err1 := ParseMatrix(step(t, x.Result, "matrix first").Stdout, "Coordinate Transformation Matrix")
	again, err2 := ParseMatrix(step(t, x.Result, "matrix again").Stdout, "Coordinate Transformation Matrix")
	if err := errors.Join(err1, err2); err != nil || first != again || first == input.Identity {
		t.Errorf("matrix %v, after plugging in again %v: %v", first, again, err)
	}
}

// A panel that hangs on its side: the picture is turned, and where the tablet
// points on the panel is where the picture shows the pointer. The host points
// and looks; what lies between, the plan, the matrix and X, is what is tried.
func TestXRotated(t *testing.T) {
	Available(t)
	for _, suite := range Suites {
		t.Run(suite, func(t *testing.T) {
			t.Parallel()
			rotated(t, xkernel(t, suite))
		})
	}
}

func rotated(t *testing.T, k Kernel) {
	const px, py = 0.25, 0.2 // on the panel
	m := machine(t, "x-std")
	m.Devices = append(slices.Clone(m.Devices), "usb-tablet,id=tablet,bus=x.0")
	x, _ := bootPlanned(t, XGuest{
		Kernel: k, Machine: m,
		Files: map[string]string{"run/attune/test.toml": `
[[output]]
role = "any"
rotate = "left"

[[touch]]
device = "` + usbTablet + `"
output = "Virtual-1"
`},
		After: append(PointSteps([][2]float64{{px, py}}),
			XTool("spot", "sh", "-c", spotScript)),
		OnMark: func(name string, m *Monitor) error { return m.pointAt(name) },
	}, "1600x900")
	if x.Outputs[0].Rotation != "left" {
		t.Errorf("not rotated: %+v", x.Outputs[0])
	}
	img := x.Pictures[0].Image
	// Around the point, as the pointer itself is drawn on it.
	const near, far = 18, 60
	at := image.Pt(px*1600, py*900)
	for _, d := range []image.Point{{1, 0}, {-1, 0}, {0, 1}, {0, -1}} {
		in, out := at.Add(d.Mul(near)), at.Add(d.Mul(far))
		if img.RGBAAt(in.X, in.Y) != spotColour || img.RGBAAt(out.X, out.Y) == spotColour {
			t.Errorf("the tablet points at %v of the panel, and the picture has the spot elsewhere: %v at %v, %v at %v; pointer %s",
				at, img.RGBAAt(in.X, in.Y), in, img.RGBAAt(out.X, out.Y), out, step(t, x.Result, fmt.Sprintf("at point %g %g", px, py)).Stdout)
		}
	}
}

// Where X has no turned picture (on qxl it would not even start), it gets an
// upright one.
func TestXNotTurned(t *testing.T) {
	Available(t)
	for _, c := range []struct{ machine, size string }{{"x-qxl", "1024x768"}, {"x-cirrus", "1024x768"}, {"x-virtio", "1600x900"}} {
		t.Run(c.machine, func(t *testing.T) {
			t.Parallel()
			_, plan := bootPlanned(t, XGuest{Machine: machine(t, c.machine),
				Files: map[string]string{"run/attune/test.toml": "[[output]]\nrole = \"any\"\nrotate = \"left\"\n"}}, c.size)
			if !slices.ContainsFunc(plan.Notes, func(n xconfig.Note) bool { return strings.Contains(n.Text, "is not turned left") }) {
				t.Errorf("nothing says why the picture is not turned: %v", plan.Notes)
			}
		})
	}
}

// spotScript puts a red window of about 60 pixels with its middle under the
// pointer.
const spotScript = `eval $(xdotool getmouselocation --shell)
xmessage -bg '#ff0000' -fg '#ff0000' -bd '#ff0000' -buttons '' -xrm '*message.borderWidth: 0' -name spot -geometry 60x60+$((X-30))+$((Y-30)) x >/tmp/spot.out 2>&1 &
until xwininfo -name spot; do busybox sleep 0.1; done; busybox sleep 0.5`

var spotColour = color.RGBA{255, 0, 0, 255}
