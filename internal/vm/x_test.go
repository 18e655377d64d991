package vm

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"attune/internal/vm/job"
	"attune/xconfig"
)

func xkernel(t testing.TB, suite string) Kernel {
	t.Helper()
	k, err := XKernelOf(suite)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// savePictures keeps what was shown, and sees that it is not black.
func savePictures(t *testing.T, folder, name string, x XResult) {
	t.Helper()
	for i, p := range x.Pictures {
		file := name
		if i > 0 {
			file += fmt.Sprintf("-%d", i+1)
		}
		path, err := p.Save(folder, file)
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
	if g.Kernel == (Kernel{}) {
		g.Kernel = xkernel(t, "bookworm")
	}
	g.Payload = ourAttune(t)
	return g
}

// bootPlanned runs X on the guest with our attune: X has what was planned, and
// each head's picture is there in its size.
func bootPlanned(t *testing.T, g XGuest, sizes ...string) (XResult, xconfig.DisplayPlan) {
	t.Helper()
	x, err := BootX(t.Context(), withX(t, g))
	if err != nil {
		t.Fatal(err)
	}
	logX(t, x)
	plan := planOf(t, x)
	checkPlanned(t, plan, x)
	checkPictures(t, x, sizes...)
	return x, plan
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
	savePictures(t, "x", strings.ReplaceAll(t.Name(), "/", "-"), x)
	var got []string
	for _, p := range x.Pictures {
		w, h := p.Size()
		got = append(got, fmt.Sprintf("%dx%d", w, h))
	}
	if !slices.Equal(got, sizes) {
		t.Errorf("pictures of %q, want %q", got, sizes)
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

// places says where each output is on.
func places(x XResult) string {
	var on []string
	for _, o := range x.Outputs {
		if !o.On() {
			continue
		}
		at := fmt.Sprintf("%s %dx%d+%d+%d", o.Name, o.W, o.H, o.X, o.Y)
		if o.Primary {
			at += " primary"
		}
		on = append(on, at)
	}
	return strings.Join(on, ", ")
}

// secondHead waits until the viewer's screen is there.
var secondHead = []job.Step{
	{Do: job.Meet, Name: "second head"},
	{Do: job.Wait, Paths: []string{"sys/class/drm/card*-Virtual-2/modes"}, Text: "1024x768", Seconds: 30},
}
