package vm

import (
	"encoding/json"
	"slices"
	"testing"

	"attune/internal/vm/job"
	"attune/xconfig"
)

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
				x, plan := bootPlanned(t, XGuest{Kernel: xkernel(t, suite), Machine: machine(t, c.machine), Append: "attune.keyboard.layout=de"}, c.size)
				if on := slices.DeleteFunc(slices.Clone(plan.Outputs), func(o xconfig.Output) bool { return o.State != "on" }); len(on) != c.outputs {
					t.Errorf("%d outputs are on by plan, want %d: %+v", len(on), c.outputs, plan.Outputs)
				}
				checkLayout(t, x, "de")
			})
		}
	}
}

// What is asked for, and what X would not do by itself: another mode than the
// preferred one, a larger one where the screen tells nothing, the second screen
// on the left and primary.
func TestXAsked(t *testing.T) {
	Available(t)
	for _, c := range []struct {
		name, machine, settings string
		sizes                   []string // of the heads
		places                  string
	}{
		{"another mode", "x-std", "[[output]]\nrole = \"any\"\nmode = \"1280x960\"\n", []string{"1280x960"}, "Virtual-1 1280x960+0+0 primary"},
		{"nothing told", "x-qxl", "[display]\ndefault-mode = \"1280x1024\"\n", []string{"1280x1024"}, "Virtual-1 1280x1024+0+0 primary"},
		{"nothing told VGA", "x-cirrus", "[display]\ndefault-mode = \"1280x1024\"\n", []string{"1280x1024"}, "VGA-1 1280x1024+0+0 primary"},
		{"second first", "x-virtio", "[display]\nprimary = \"Virtual-2\"\n[[output]]\nconnector = \"Virtual-2\"\nposition = \"left-of Virtual-1\"\n",
			[]string{"1600x900", "1024x768"}, "Virtual-2 1024x768+0+0 primary, Virtual-1 1600x900+1024+0"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			g := XGuest{Machine: machine(t, c.machine), Files: map[string]string{"run/attune/test.toml": c.settings}}
			if len(c.sizes) == 2 {
				g.Heads, g.Before = []Head{{"vid", 0}, {"vid", 1}}, secondHead
				g.OnMark = func(_ string, m *Monitor) error { return m.Resize("head1", 1024, 768) }
			}
			x, _ := bootPlanned(t, g, c.sizes...)
			if got := places(x); got != c.places {
				t.Errorf("X has %s, want %s", got, c.places)
			}
		})
	}
}

// One screen which says what it is, and the default keyboard: X does that by
// itself, and nothing is written, by no run. attune knows that X would find it.
func TestXPlain(t *testing.T) {
	Available(t)
	for _, suite := range Suites {
		t.Run(suite, func(t *testing.T) {
			t.Parallel()
			x, _ := bootPlanned(t, XGuest{Kernel: xkernel(t, suite), Machine: machine(t, "x-std"), After: []job.Step{
				{Do: job.Exec, Name: "second run", Argv: []string{"attune", "boot"}},
				{Do: job.Exec, Name: "explain", Argv: []string{"attune", "explain", "display", "--json"}},
			}}, "1600x900")
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
