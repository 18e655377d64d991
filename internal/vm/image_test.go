package vm

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"attune/internal/vm/job"
	"attune/xconfig"
	"attune/xconfig/input"
)

// imageFiles are in the image for every machine it boots on; which of them
// count, the machine says.
var imageFiles = map[string]string{
	"etc/attune/50-site.toml": `
[[touch]]
device = "` + usbTablet + `"
output = "Virtual-2"
`,
	"etc/attune/machines/counter.toml": `
[match]
serial = "COUNTER-0007"

[keyboard]
layout = "cz"
`,
}

// One image on every machine of a table, from every kind of disk: X at the mode
// planned, the keyboard as set for that machine, the tablet on its screen.
func TestImage(t *testing.T) {
	Available(t)
	for _, c := range []imageCase{
		{machine: "x-std", sizes: []string{"1600x900"}, layout: "de", words: "attune.keyboard.layout=de"},
		{machine: "x-virtio", bus: "sata", sizes: []string{"1600x900", "1024x768"}, layout: "fr", devices: []string{tablet, credential("attune.keyboard.layout", "fr")}, traced: true, again: true},
		{machine: "x-qxl", bus: "nvme", sizes: []string{"1024x768"}, layout: "cz", devices: []string{"-smbios type=1,serial=COUNTER-0007"}, traced: true},
		{machine: "x-cirrus", bus: "usb", sizes: []string{"1024x768"}, layout: "de", devices: []string{"-fw_cfg name=opt/io.systemd.credentials/attune.keyboard.layout,string=de"}, again: true},
		{machine: "x-vmware", bus: "nvme", sizes: []string{"800x600"}, layout: "us", noKMS: true},
		{machine: "x-two-gpus", bus: "usb", sizes: []string{"1280x1024"}, layout: "ch", words: "keyboard-layouts=ch"},
		{machine: "x-pc-ps2", bus: "sata", sizes: []string{"1440x900"}, layout: "us", again: true},
		{machine: "x-headless"},
	} {
		for _, suite := range []string{"trixie", "bookworm"} {
			if suite == "bookworm" && !c.again {
				continue
			}
			t.Run(suite+"/"+c.machine, func(t *testing.T) {
				t.Parallel()
				c.suite = suite
				c.test(t)
			})
		}
	}
}

// An imageCase is one boot of the image and what it has to come to.
type imageCase struct {
	suite, machine, bus string
	words               string   // of the kernel command line
	devices             []string // besides the machine's
	layout              string   // of the keyboard
	sizes               []string // of what its heads show; none: no picture
	noKMS               bool     // the kernel has no driver for its card: nothing is planned
	traced              bool     // strace stands over attune
	again               bool     // also on the older suite
}

func (c imageCase) test(t *testing.T) {
	m := machine(t, c.machine)
	m.Devices = append(slices.Clone(m.Devices), c.devices...)
	g := ImageGuest{Kernel: imageKernel(t, c.suite), Machine: m, Bus: c.bus, Append: c.words, Files: imageFiles, NoX: len(c.sizes) == 0, NoHead: len(c.sizes) == 0}
	if len(c.sizes) == 2 {
		g.Heads = []Head{{"vid", 0}, {"vid", 1}}
		g.OnStart = func(m *Monitor) error { return m.Resize("head1", 1024, 768) }
		g.After = []job.Step{ImageTool("matrix", "xinput", "list-props", usbTablet)}
	}
	if g.NoX {
		g.Before = []job.Step{{Do: job.Exec, Name: "ready", Argv: []string{"systemctl", "start", "attune-boot.service"}}}
		g.After = []job.Step{
			{Do: job.Wait, Name: "record", Paths: []string{"run/attune/machine.json"}},
			// Until who looks for a picture has ended the display manager, and is done.
			{Do: job.Exec, Name: "watcher", Argv: []string{"sh", "-c", "for i in $(seq 60); do systemctl is-active --quiet attune-display-watch.service || exit 0; sleep 1; done; exit 1"}},
		}
	}
	if c.traced {
		g.Files = maps.Clone(imageFiles)
		maps.Copy(g.Files, traced)
	}
	x := bootImage(t, g)
	checkImage(t, x)
	if c.traced {
		checkChanges(t, x)
	}
	if len(c.sizes) == 0 {
		checkEnded(t, x, false)
		if journal := step(t, x.Result, "journal").Stdout; !strings.Contains(journal, "this machine has no GPU") {
			t.Error("nothing says why there is no picture")
		}
		return
	}
	plan := imagePlan(t, x)
	checkPlanned(t, plan, x)
	if on := slices.ContainsFunc(plan.Outputs, func(o xconfig.Output) bool { return o.State == "on" }); on == c.noKMS {
		t.Errorf("outputs are on by plan: %v: %+v", on, plan.Outputs)
	}
	checkLayout(t, x, c.layout)
	checkShown(t, x, c.sizes...)
	checkStarts(t, x, 1)
	if len(c.sizes) == 2 {
		// A half and more to the left lies the first screen.
		got, err := ParseMatrix(step(t, x.Result, "matrix").Stdout, "Coordinate Transformation Matrix")
		if err != nil || got == input.Identity || got[2] < 0.5 {
			t.Errorf("the tablet's matrix is %v: %v", got, err)
		}
	}
}

// checkChanges sees that attune and what it started changed nothing, and tried
// to change nothing, but in scratch space and the state directory; devices
// and the kernel's own files are no place to keep things.
func checkChanges(t *testing.T, x XResult) {
	t.Helper()
	changes := Changes(string(found(x.Result, "records")[traceFile]))
	var ours int
	for _, c := range changes {
		switch {
		case below(c.Path, "/run/attune"):
			ours++
		case below(c.Path, "/run"), below(c.Path, "/tmp"), below(c.Path, "/var/lib/attune"):
			t.Logf("%s %s %s", c.Call, c.Path, c.Err)
		case below(c.Path, "/dev") && strings.HasPrefix(c.Call, "open"):
		case below(c.Path, "/sys") && strings.HasSuffix(c.Path, "/uevent"): // udev is to read its rules again
		default:
			t.Errorf("%s %s %s", c.Call, c.Path, c.Err)
		}
	}
	t.Logf("%d changes, %d of them in /run/attune", len(changes), ours)
	if ours < 10 {
		t.Errorf("%d changes in /run/attune: strace has not seen attune at work", ours)
	}
}

func below(path, dir string) bool { return path == dir || strings.HasPrefix(path, dir+"/") }

func imageKernel(t testing.TB, suite string) Kernel {
	t.Helper()
	k, err := ImageKernelOf(suite)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// bootImage boots it; when the test fails, the journal is kept.
func bootImage(t *testing.T, g ImageGuest) XResult {
	t.Helper()
	if g.Kernel == (Kernel{}) {
		g.Kernel = imageKernel(t, "trixie")
	}
	x, err := BootImage(t.Context(), g)
	t.Cleanup(func() { keepJournal(t, x) })
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// keepJournal logs what our units said, and keeps all of the journal of a boot
// that went wrong.
func keepJournal(t *testing.T, x XResult) {
	journal, _ := x.Find("journal")
	for line := range strings.Lines(journal.Stdout) {
		if strings.Contains(line, "attune") || strings.Contains(line, "lightdm.service") {
			t.Log(strings.TrimSpace(line))
		}
	}
	if !t.Failed() {
		return
	}
	var all strings.Builder
	for _, s := range x.Steps {
		fmt.Fprintf(&all, "== %s %s %.1f-%.1f exit %d %s\n%s%s", s.Do, s.Name, s.Start, s.End, s.Exit, s.Err, s.Stdout, s.Stderr)
		for name, data := range s.Files {
			fmt.Fprintf(&all, "-- %s\n%s\n", name, data)
		}
	}
	t.Logf("everything it said: %s", keepFailed(strings.ReplaceAll(t.Name(), "/", "-")+".journal", []byte(all.String())))
}

// imagePlan is what attune plans on the machine as it runs.
func imagePlan(t *testing.T, x XResult) xconfig.DisplayPlan {
	t.Helper()
	said := step(t, x.Result, "attune displays")
	var plan xconfig.DisplayPlan
	if err := json.Unmarshal([]byte(said.Stdout), &plan); err != nil {
		t.Fatalf("attune displays --json: %v: exit status %d, %s", err, said.Exit, said.Stderr)
	}
	return plan
}

// checkImage sees that the root is read-only, and that no unit has failed.
func checkImage(t *testing.T, x XResult) {
	t.Helper()
	mounts := string(found(x.Result, "mounts")["proc/self/mounts"])
	if !strings.Contains(mounts, "overlay / overlay ro,") || !strings.Contains(mounts, "tmpfs /run tmpfs rw") {
		t.Errorf("the root is not read-only: %s", mounts)
	}
	if failed := step(t, x.Result, "failed units").Stdout; failed != "" {
		t.Errorf("units that failed: %s", failed)
	}
}

// checkShown sees that each picture has the size of its output.
func checkShown(t *testing.T, x XResult, sizes ...string) {
	t.Helper()
	savePictures(t, "image", strings.ReplaceAll(t.Name(), "/", "-"), x)
	var got []string
	for _, p := range x.Pictures {
		w, h := p.Size()
		got = append(got, size(w, h))
	}
	if !slices.Equal(got, sizes) {
		t.Errorf("pictures of %q, want %q", got, sizes)
	}
	for _, p := range x.Pictures {
		if !p.Tiled(16) {
			t.Errorf("head %v does not show the session's pattern", p.Head)
		}
	}
}

func size(w, h int) string { return fmt.Sprintf("%dx%d", w, h) }

// starts are when the display manager started X servers.
func starts(x XResult) []string {
	return strings.Split(strings.TrimSpace(string(found(x.Result, "X's starts")[xStarts])), "\n")
}

func checkStarts(t *testing.T, x XResult, want int) {
	t.Helper()
	if got := starts(x); len(got) != want {
		t.Errorf("X was started %d times, want %d: %q", len(got), want, got)
	}
}
