package vm

import (
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/color"
	"slices"
	"strings"
	"testing"

	"attune/internal/vm/job"
	"attune/xconfig"

	"github.com/google/go-cmp/cmp"
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

// withX gives the guest an attune built from this checkout.
func withX(t testing.TB, g XGuest) XGuest {
	t.Helper()
	attune, err := Attune()
	if err != nil {
		t.Fatal(err)
	}
	if g.Kernel == (Kernel{}) {
		g.Kernel = xkernel(t, "bookworm")
	}
	g.Payload = map[string]string{"attune": attune}
	return g
}

// planOf is what attune planned in the guest.
func planOf(t *testing.T, x XResult) xconfig.DisplayPlan {
	t.Helper()
	boot, said := step(t, x.Result, "attune boot"), step(t, x.Result, "attune displays")
	if boot.Exit != 0 && boot.Exit != 3 {
		t.Fatalf("attune boot: exit status %d: %s", boot.Exit, boot.Stderr)
	}
	var plan xconfig.DisplayPlan
	if err := json.Unmarshal([]byte(said.Stdout), &plan); err != nil {
		t.Fatalf("attune displays --json: %v: exit status %d, %s", err, said.Exit, said.Stderr)
	}
	return plan
}

// checkPlanned holds what X made of each output next to the plan.
func checkPlanned(t *testing.T, plan xconfig.DisplayPlan, x XResult) {
	t.Helper()
	byName := map[string]XOutput{}
	for _, o := range x.Outputs {
		byName[o.Name] = o
	}
	for _, o := range plan.Outputs {
		w, h := o.Extent()
		got, there := byName[o.XName]
		switch {
		case o.State == "on" && !there:
			t.Errorf("%s: X has no output %q", o.Connector, o.XName)
		case o.State != "on" && got.On():
			t.Errorf("%s: %s by plan, X shows %s there", o.XName, o.State, got.Mode)
		case o.State == "on" && (got.W != w || got.H != h || got.X != o.X || got.Y != o.Y || got.Rotation != o.Rotate || got.Primary != o.Primary):
			t.Errorf("%s: planned %dx%d+%d+%d %s, primary %v (%s); X has %+v", o.XName, w, h, o.X, o.Y, o.Rotate, o.Primary, o.ModeWhy, got)
		}
	}
}

// checkPictures sees that each picture has the size of its output.
func checkPictures(t *testing.T, x XResult, sizes ...string) {
	t.Helper()
	savePictures(t, strings.ReplaceAll(t.Name(), "/", "-"), x)
	var got []string
	for _, p := range x.Pictures {
		w, h := p.Size()
		got = append(got, fmt.Sprintf("%dx%d", w, h))
	}
	if !slices.Equal(got, sizes) {
		t.Errorf("pictures of %q, want %q", got, sizes)
	}
}

// On every graphics card X comes up as planned, at the best mode that card can
// do, with the keyboard layout asked for.
func TestX(t *testing.T) {
	Available(t)
	for _, c := range []struct {
		machine, size string
		outputs       int // in the plan and on; 0 where the kernel has no driver
	}{
		{"x-std", "1600x900", 1},
		{"x-virtio", "1600x900", 1},
		{"x-qxl", "1024x768", 1},
		{"x-cirrus", "1024x768", 1},
		{"x-vmware", "800x600", 0},
		{"x-two-gpus", "1280x1024", 1},
	} {
		for _, suite := range Suites {
			t.Run(suite+"/"+c.machine, func(t *testing.T) {
				t.Parallel()
				x, err := BootX(t.Context(), withX(t, XGuest{Kernel: xkernel(t, suite), Machine: xmachine(t, c.machine), Append: "attune.keyboard.layout=de"}))
				if err != nil {
					t.Fatal(err)
				}
				logX(t, x)
				plan := planOf(t, x)
				if on := slices.DeleteFunc(slices.Clone(plan.Outputs), func(o xconfig.Output) bool { return o.State != "on" }); len(on) != c.outputs {
					t.Errorf("%d outputs are on by plan, want %d: %+v", len(on), c.outputs, plan.Outputs)
				}
				checkPlanned(t, plan, x)
				checkPictures(t, x, c.size)
				checkLayout(t, x, "de")
			})
		}
	}
}

// One screen which says what it is, and the default keyboard: X does that by
// itself, and nothing is written, by no run. attune knows that X would find it.
func TestXPlain(t *testing.T) {
	Available(t)
	for _, suite := range Suites {
		t.Run(suite, func(t *testing.T) {
			t.Parallel()
			x, err := BootX(t.Context(), withX(t, XGuest{Kernel: xkernel(t, suite), Machine: xmachine(t, "x-std"), After: []job.Step{
				{Do: job.Exec, Name: "second run", Argv: []string{"attune", "boot"}},
				{Do: job.Exec, Name: "explain", Argv: []string{"attune", "explain", "display", "--json"}},
			}}))
			if err != nil {
				t.Fatal(err)
			}
			logX(t, x)
			checkPlanned(t, planOf(t, x), x)
			checkPictures(t, x, "1600x900")
			checkLayout(t, x, "us")
			if again := step(t, x.Result, "second run"); again.Exit != 0 && again.Exit != 3 {
				t.Errorf("the second run: exit status %d: %s", again.Exit, again.Stderr)
			}
			for name, data := range step(t, x.Result, "configuration").Files {
				t.Errorf("%s is not needed:\n%s", name, data)
			}
			var said struct{ Image xconfig.Image }
			if err := json.Unmarshal([]byte(step(t, x.Result, "explain").Stdout), &said); err != nil || said.Image.Reach.How != "link" {
				t.Errorf("how X finds what is written: %+v, %v", said.Image.Reach, err)
			}
		})
	}
}

// logX tells what was written and how long it took.
func logX(t *testing.T, x XResult) {
	for name, data := range step(t, x.Result, "configuration").Files {
		t.Logf("%s:\n%s", name, data)
	}
	for _, s := range x.Steps {
		if s.Name != "" && s.Seconds() > 0.5 {
			t.Logf("%s %.1f s", s.Name, s.Seconds())
		}
	}
	t.Logf("outputs %+v", x.Outputs)
}

func checkLayout(t *testing.T, x XResult, want string) {
	t.Helper()
	if said := step(t, x.Result, "setxkbmap").Stdout; !strings.Contains(said, "layout:     "+want+"\n") {
		t.Errorf("want keyboard layout %s: %s", want, said)
	}
}

// Two screens, a tablet which a setting puts on the second one, and devices
// which come while X runs: the tablet again, and the first USB keyboard.
func TestXTablet(t *testing.T) {
	Available(t)
	m := xmachine(t, "x-virtio")
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
	x, err := BootX(t.Context(), withX(t, XGuest{
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
			_, err := m.pointAt(name)
			return err
		},
	}))
	if err != nil {
		t.Fatal(err)
	}
	logX(t, x)
	checkPlanned(t, planOf(t, x), x)
	checkPictures(t, x, "1600x900", "1024x768")
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

// secondHead waits until the viewer's screen is there.
var secondHead = []job.Step{
	{Do: job.Meet, Name: "second head"},
	{Do: job.Wait, Paths: []string{"sys/class/drm/card*-Virtual-2/modes"}, Text: "1024x768", Seconds: 30},
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
	if err := errors.Join(err1, err2); err != nil || first != again || first == xconfig.Identity {
		t.Errorf("matrix %v, after plugging in again %v: %v", first, again, err)
	}
}

// A panel that hangs on its side: the picture is turned, and where the tablet
// points on the panel is where the picture shows the pointer. The host points
// and looks; what lies between, the plan, the matrix and X, is what is tried.
func TestXRotated(t *testing.T) {
	Available(t)
	const px, py = 0.25, 0.2 // on the panel
	m := xmachine(t, "x-std")
	m.Devices = append(slices.Clone(m.Devices), "usb-tablet,id=tablet,bus=x.0")
	x, err := BootX(t.Context(), withX(t, XGuest{
		Machine: m,
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
		OnMark: func(name string, m *Monitor) error {
			_, err := m.pointAt(name)
			return err
		},
	}))
	if err != nil {
		t.Fatal(err)
	}
	logX(t, x)
	checkPlanned(t, planOf(t, x), x)
	checkPictures(t, x, "1600x900")
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

// spotScript puts a red window of about 60 pixels with its middle under the
// pointer.
const spotScript = `eval $(xdotool getmouselocation --shell)
xmessage -bg '#ff0000' -fg '#ff0000' -bd '#ff0000' -buttons '' -xrm '*message.borderWidth: 0' -name spot -geometry 60x60+$((X-30))+$((Y-30)) x >/tmp/spot.out 2>&1 &
until xwininfo -name spot; do busybox sleep 0.1; done; busybox sleep 0.5`

var spotColour = color.RGBA{255, 0, 0, 255}
