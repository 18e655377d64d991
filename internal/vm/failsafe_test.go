package vm

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"attune/internal/corpus"
	"attune/internal/status"
	"attune/internal/vm/job"
)

// rare says whether a case is left to the long run (make soak): it differs from
// another in the suite or the order of things alone.
func rare(soak bool) bool { return soak && os.Getenv("ATTUNE_SOAK") == "" }

// Where nothing but the firmware's framebuffer is left, the whole image gives
// a picture: X alone stops over some of these.
func TestFailsafeFramebuffer(t *testing.T) {
	Available(t)
	for _, c := range []struct {
		suite, machine, size string
		words                string
		soak                 bool
	}{
		{suite: "bookworm", machine: "x-vesafb", size: "1024x768", soak: true},
		{suite: "trixie", machine: "x-vesafb", size: "1024x768"},
		{suite: "bookworm", machine: "x-ramfb", size: "800x600"},
		{suite: "trixie", machine: "x-ramfb", size: "800x600", soak: true},
		{suite: "bookworm", machine: "x-undriven", size: "1920x1080"}, // what the video BIOS has of an EDID
		{suite: "trixie", machine: "x-undriven", size: "1920x1080", soak: true},
		{suite: "bookworm", machine: "x-undriven", size: "1024x768", words: "vga=0x344", soak: true},
	} {
		if rare(c.soak) {
			continue
		}
		t.Run(strings.TrimSuffix(c.suite+"/"+c.machine+" "+c.words, " "), func(t *testing.T) {
			t.Parallel()
			m := machine(t, c.machine)
			if _, err := os.Stat(ovmf); err != nil && strings.Contains(strings.Join(m.Devices, " "), ovmf) {
				corpus.Missing(t, "no UEFI for QEMU: install ovmf")
			}
			k := imageKernel(t, c.suite)
			x := bootImage(t, ImageGuest{Kernel: k, Machine: m, Append: c.words, After: waitGood})
			if !strings.Contains(x.Log, k.Release) {
				t.Errorf("X's log does not tell of Linux %s", k.Release)
			}
			checkImage(t, x)
			checkShown(t, x, c.size)
			checkStarts(t, x, 1)
			checkStep(t, x, "planned")
			if c.machine == "x-undriven" {
				checkTold(t, x, "", "bochs")
			}
		})
	}
}

// waitGood is until somebody has seen that there is a picture.
var waitGood = []job.Step{
	{Do: job.Exec, Name: "seen", Seconds: 90, Argv: []string{"sh", "-c", `until attune display status | grep -q "there was one with this step"; do sleep 1; done`}},
	{Do: job.Exec, Name: "display", Argv: []string{"attune", "display", "status"}},
}

// X cannot read the one, and cannot do the other.
const (
	broken   = "Section \"Monitor\"\n\tIdentifier \"x\"\n\tWat\nEndSection\n"
	noDriver = "Section \"Device\"\n\tIdentifier \"x\"\n\tDriver \"nosuch\"\nEndSection\n"
)

// What breaks X and is not ours: there is a picture all the same, by as few
// starts as can be, and attune status names what it was.
func TestFailsafe(t *testing.T) {
	Available(t)
	for _, c := range []struct {
		name   string
		files  map[string]string
		before []job.Step
		step   string // that showed the picture
		starts int
		tells  map[string]string // findings by name, and what their place or text has to hold
		soak   bool
	}{
		{name: "the administrator's file cannot be read", files: map[string]string{"etc/attune/xorg.conf.d/50-mine.conf": broken},
			step: "planned", starts: 1, tells: map[string]string{"": "50-mine.conf: line 3"}},
		{name: "the image's xorg.conf cannot be read", files: map[string]string{"etc/X11/xorg.conf": broken},
			step: "covered", starts: 2, tells: map[string]string{"display.fallback": "", "display.image-config": "/etc/X11/xorg.conf:3"}},
		{name: "a file among X's own cannot be read", files: map[string]string{"usr/share/X11/xorg.conf.d/99-bad.conf": broken},
			step: "covered", starts: 2, tells: map[string]string{"display.fallback": "", "display.image-config": "/usr/share/X11/xorg.conf.d/99-bad.conf:3"}, soak: true},
		// The trial before the first start of X stops at the image's; the one before the second is told of the other.
		{name: "a file among X's own cannot be read, nor the administrator's", files: map[string]string{"usr/share/X11/xorg.conf.d/99-bad.conf": broken, "etc/attune/xorg.conf.d/50-mine.conf": broken},
			step: "covered", starts: 2, tells: map[string]string{"": "50-mine.conf: line 3", "display.fallback": "", "display.image-config": "/usr/share/X11/xorg.conf.d/99-bad.conf:3"}, soak: true},
		{name: "a file of an image without a link cannot be read", files: map[string]string{"etc/X11/xorg.conf.d/50-image.conf": broken},
			step: "covered", starts: 2, tells: map[string]string{"display.image-config": "/etc/X11/xorg.conf.d/50-image.conf:3"}, soak: true},
		{name: "a file of an image without a link names a driver that is not there", files: map[string]string{"etc/X11/xorg.conf.d/50-image.conf": noDriver},
			step: "alone", starts: 2, tells: map[string]string{"display.fallback": "nosuch"}},
		{name: "X crashes three times", before: crashX,
			step: "alone", starts: 4, tells: map[string]string{"display.fallback": "died 3 times"}},
	} {
		if rare(c.soak) {
			continue
		}
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			x := bootImage(t, ImageGuest{Machine: machine(t, "x-std"), Files: c.files, Before: c.before, After: waitGood})
			checkShown(t, x, "1600x900")
			checkStarts(t, x, c.starts)
			checkStep(t, x, c.step)
			for id, text := range c.tells {
				checkTold(t, x, id, text)
			}
		})
	}
}

// crashX has the first three servers die a moment after they came up.
var crashX = []job.Step{{Do: job.Exec, Name: "crash", Seconds: 120, Argv: []string{"sh", "-c", `
n=0
while [ $n -lt 3 ]; do
	sleep 0.2
	pid=$(cat /tmp/.X0-lock 2>/dev/null) && [ -S /tmp/.X11-unix/X0 ] || continue
	sleep 1
	kill -SEGV $pid && n=$((n+1))
	while kill -0 $pid 2>/dev/null; do sleep 0.1; done
done`}}}

// An X that never comes up: every step is tried once, and the console says so.
func TestFailsafeNoPicture(t *testing.T) {
	Available(t)
	t.Parallel()
	x := bootImage(t, ImageGuest{Machine: machine(t, "x-std"), NoX: true,
		Files: map[string]string{"run/vm/xserver": "#!/bin/sh\nprintf '[ 1.0] (EE) \\nFatal server error:\\n[ 1.0] (EE) no screens found(EE) \\n' >/var/log/Xorg.0.log\nexit 1\n"},
		After: []job.Step{
			{Do: job.Wait, Name: "told", Paths: []string{"run/issue.d/50-attune-display.issue"}, Text: "display.no-picture", Seconds: 120},
			{Do: job.Exec, Name: "rest", Argv: []string{"sleep", "10"}}, // for the starts that must not be
			{Do: job.Exec, Name: "display", Argv: []string{"attune", "display", "status"}},
			{Do: job.Exec, Name: "screen", Argv: []string{"cat", "/dev/vcs"}}, // of the terminal in front
			{Do: job.Exec, Name: "watcher", Argv: []string{"sh", "-c", watcher}},
		}})
	t.Log(step(t, x.Result, "display").Stdout)
	checkTold(t, x, "display.no-picture", "no screens found")
	checkStarts(t, x, 4)
	checkConsole(t, x)
}

// watcher shows what is left of who looked for a picture, and of who starts X.
const watcher = `systemctl is-active attune-display-watch.service display-manager.service; ps axo pid,ppid,etimes,stat,wchan:30,args | grep -E "PID|[a]ttune|[s]ystemctl|[l]ightdm"`

// checkConsole sees that the terminal in front says what is to be done, that
// this is what the machine shows, and that nobody goes on trying.
func checkConsole(t *testing.T, x XResult) {
	t.Helper()
	if left := step(t, x.Result, "watcher").Stdout; strings.Contains("\n"+left, "\nactive") || strings.Contains(left, "activating") {
		t.Errorf("somebody goes on trying: %s", left)
	}
	screen := step(t, x.Result, "screen").Stdout
	for _, want := range []string{"display.no-picture", "attune display retry", "login:"} {
		if !strings.Contains(screen, want) {
			t.Errorf("the screen has no %q: %s", want, strings.Join(strings.Fields(screen), " "))
		}
	}
	if len(x.Pictures) != 1 {
		t.Errorf("%d pictures", len(x.Pictures))
	}
	letters := len(strings.Join(strings.Fields(screen), ""))
	for _, p := range x.Pictures {
		w, h := p.Size()
		path, err := p.Save("image", t.Name())
		if lit := p.Lit() * float64(w*h); err != nil || lit < 10*float64(letters) { // the least of a font's letters
			t.Errorf("%s: %d letters, %.0f pixels lit, %v", path, letters, lit, err)
		}
	}
}

// A card another driver of the kernel's holds, and whose own never comes: X has
// nothing to draw on, whatever it is told. Each way is tried once, and the BIOS' text
// console, which needs no driver, says so.
func TestFailsafeHeldCard(t *testing.T) {
	Available(t)
	t.Parallel()
	m := Machine{Name: "x-held", Board: "q35", Packed: true, Devices: []string{lateVirtio, "qemu-xhci,id=x", "usb-kbd,bus=x.0"}}
	x := bootImage(t, ImageGuest{Machine: m, NoX: true,
		Files: map[string]string{"etc/modprobe.d/never.conf": "install virtio-gpu /bin/false\n"},
		After: []job.Step{
			{Do: job.Wait, Name: "told", Paths: []string{"run/issue.d/50-attune-display.issue"}, Text: "display.no-picture", Seconds: 120},
			{Do: job.Exec, Name: "rest", Argv: []string{"sleep", "10"}}, // for the starts that must not be
			{Do: job.Exec, Name: "display", Argv: []string{"attune", "display", "status"}},
			{Do: job.Exec, Name: "screen", Argv: []string{"cat", "/dev/vcs"}},
			{Do: job.Exec, Name: "watcher", Argv: []string{"sh", "-c", watcher}},
		}})
	t.Log(step(t, x.Result, "display").Stdout)
	checkTold(t, x, "display.no-picture", "no screens found")
	if n := len(starts(x)); n < 2 || n > 3 { // one may be on its way when it is seen
		t.Errorf("X was started %d times: %q", n, starts(x))
	}
	checkConsole(t, x)
}

// A machine without any graphics: the display manager is not left trying, and
// the console says why, though nothing has failed.
func TestFailsafeNothingToShow(t *testing.T) {
	Available(t)
	t.Parallel()
	x := bootImage(t, ImageGuest{Machine: machine(t, "x-headless"), NoX: true, NoHead: true, After: []job.Step{
		{Do: job.Wait, Name: "told", Paths: []string{"run/issue.d/50-attune-display.issue"}, Text: "display.none", Seconds: 120},
		{Do: job.Exec, Name: "rest", Argv: []string{"sleep", "10"}},
		{Do: job.Exec, Name: "manager", Argv: []string{"systemctl", "is-active", "display-manager.service"}},
	}})
	checkImage(t, x)
	if got := strings.TrimSpace(step(t, x.Result, "manager").Stdout); got != "inactive" {
		t.Errorf("the display manager is %s", got)
	}
	if n := len(starts(x)); n != 1 { // it would start it again by itself
		t.Errorf("X was started %d times", n)
	}
}

// What was learnt outlives the boot where something does: the next one begins
// with the step that works. Once the cause is gone it is the best again.
func TestFailsafeNextBoot(t *testing.T) {
	Available(t)
	t.Parallel()
	disk := stateDisk(t)
	for _, c := range []struct {
		name   string
		files  map[string]string
		step   string
		starts int
	}{
		{"found out", map[string]string{"etc/attune/xorg.conf.d/50-mine.conf": noDriver}, "own", 2},
		{"known", map[string]string{"etc/attune/xorg.conf.d/50-mine.conf": noDriver}, "own", 1},
		{"corrected", nil, "planned", 1},
	} {
		x := bootImage(t, ImageGuest{Machine: machine(t, "x-std"), State: disk, Files: c.files, After: waitGood})
		t.Logf("== %s", c.name)
		checkStarts(t, x, c.starts)
		checkStep(t, x, c.step)
	}
}

// stateDisk is an empty disk with the label that makes it attune's.
func stateDisk(t *testing.T) string {
	t.Helper()
	const mkfs = "mkfs.ext4"
	if !haveTool(mkfs) {
		corpus.Missing(t, "no %s: install e2fsprogs", mkfs)
	}
	file := filepath.Join(t.TempDir(), "state")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(file, 32<<20); err != nil {
		t.Fatal(err)
	}
	c := exec.Command("env", "PATH=/usr/sbin:/sbin:/usr/bin:/bin", mkfs, "-q", "-F", "-L", "attune-state", file)
	if said, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	return file
}

// A display manager which starts X again and again by itself, as GDM, SDDM and
// xdm do: it is the watcher who sees that X cannot.
func TestFailsafeManagerInsists(t *testing.T) {
	Available(t)
	t.Parallel()
	x := bootImage(t, ImageGuest{Machine: machine(t, "x-std"), NoX: true,
		Files: map[string]string{
			"etc/attune/xorg.conf.d/50-mine.conf":         noDriver,
			"etc/systemd/system/lightdm.service.d/x.conf": "[Service]\nType=simple\nBusName=\nExecStart=\nExecStart=/usr/local/bin/insists\nRestart=no\n",
			"usr/local/bin/insists":                       "#!/bin/sh\nwhile :; do /usr/local/bin/xserver :0 vt7; sleep 3; done\n",
		},
		After: append([]job.Step{{Do: job.Wait, Name: "up", Paths: []string{"run/attune/ladder.json"}, Text: `"good": {`, Seconds: 120}}, waitGood...)})
	checkStep(t, x, "own")
	checkTold(t, x, "display.fallback", "nosuch")
	if n := len(starts(x)); n < 2 || n > 3 { // it may have tried once more before it was seen
		t.Errorf("X was started %d times", n)
	}
}

// checkStep sees which step showed the picture.
func checkStep(t *testing.T, x XResult, want string) {
	t.Helper()
	t.Log(step(t, x.Result, "display").Stdout)
	if got := imageStatus(t, x).Failsafe; got == nil || got.Step != want || got.Good != want {
		t.Errorf("the picture came by %+v, want %s", got, want)
	}
}

func imageStatus(t *testing.T, x XResult) (s status.Status) {
	t.Helper()
	said := step(t, x.Result, "status")
	if err := json.Unmarshal([]byte(said.Stdout), &s); err != nil {
		t.Fatalf("attune status --json: %v: exit status %d, %s%s", err, said.Exit, said.Stdout, said.Stderr)
	}
	return s
}

// checkTold sees a finding, of any name where id is "".
func checkTold(t *testing.T, x XResult, id, text string) {
	t.Helper()
	var all []string
	for _, f := range imageStatus(t, x).Findings {
		all = append(all, f.ID+" "+f.Subject+": "+f.Text)
		if (id == "" || f.ID == id) && strings.Contains(f.Subject+" "+f.Text, text) {
			return
		}
	}
	t.Errorf("attune status does not tell %s %q:\n%s", id, text, strings.Join(all, "\n"))
}
