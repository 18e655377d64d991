package vm

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"time"

	"attune/internal/vm/job"
)

// An ImageGuest is a boot of a whole system: Debian's systemd as process 1 of
// a root that is read-only, with attune installed as a package would, and a
// display manager which logs in a user whose session draws.
type ImageGuest struct {
	Kernel   Kernel // of ImageKernelOf
	Machine  Machine
	Bus      string                 // as in Guest
	State    string                 // as in Guest
	ReadOnly bool                   // as in Guest
	Cut      time.Duration          // as in Guest
	CutFrom  string                 // as in Guest
	Append   string                 // more words for the kernel command line
	Files    map[string]string      // path -> text: below run/ and tmp/ there at start, others over the read-only root
	Heads    []Head                 // as in XGuest
	Before   []job.Step             // as soon as services run
	After    []job.Step             // while the session shows its picture, before X is asked
	Steps    []job.Step             // instead of all that is asked otherwise
	NoX      bool                   // no session is waited for
	NoHead   bool                   // nothing to photograph
	OnStart  func(m *Monitor) error // before anything runs in the guest
	OnMark   func(name string, m *Monitor) error
	Deadline time.Duration // 10 minutes when less
}

// ImageKernelOf makes the whole system of a suite, or finds it made.
func ImageKernelOf(suite string) (Kernel, error) {
	f, _ := kernels.LoadOrStore(suite+" image", sync.OnceValues(func() (Kernel, error) { return makeRoot("vmimage", suite) }))
	return f.(func() (Kernel, error))()
}

const (
	drawn     = "tmp/kiosk"         // what the image's session makes when its picture stands
	traceFile = "run/attune.strace" // what strace saw of attune, in a traced boot
	xStarts   = "run/x-starts"      // a line for each start of an X server: seconds since boot, its arguments
)

// imageEnv reaches the display manager's X server as root.
var imageEnv = []string{"DISPLAY=:0", "HOME=/tmp", "XAUTHORITY=/run/lightdm/root/:0"}

// ImageTool is a step which runs a client of the image's X server.
func ImageTool(name string, argv ...string) job.Step {
	return job.Step{Do: job.Exec, Name: name, Argv: argv, Env: imageEnv, Seconds: 60}
}

// BootImage runs the guest. What X and the session came to is in the result; a
// step that failed is an error only where there was to be a picture.
func BootImage(ctx context.Context, g ImageGuest) (XResult, error) {
	layer, err := imageLayer()
	if err != nil {
		return XResult{}, err
	}
	heads := g.Heads
	if len(heads) == 0 {
		heads = []Head{{}}
	}
	steps := g.Steps
	if steps == nil {
		steps = imageSteps(g)
	}
	var x XResult
	m := g.Machine
	m.Devices = append([]string{AnswerPort}, m.Devices...)
	r, err := Boot(ctx, Guest{Kernel: g.Kernel, Machine: m, Append: g.Append, Layer: layer, Bus: g.Bus, State: g.State, ReadOnly: g.ReadOnly, Cut: g.Cut, CutFrom: g.CutFrom,
		Deadline: max(g.Deadline, 10*time.Minute),
		Job:      job.Job{System: true, Files: g.Files, Steps: steps},
		OnStart:  g.OnStart,
		OnMark: func(name string, m *Monitor) (err error) {
			if name == "picture" {
				x.Pictures, err = m.pictures(heads)
				return err
			}
			if g.OnMark == nil {
				return errors.New("nobody waits for this")
			}
			return g.OnMark(name, m)
		}})
	x.Result = r
	for _, data := range found(r, "X's log") {
		x.Log += string(data)
	}
	if err != nil || g.NoX || g.Steps != nil || g.Cut > 0 {
		return x, err
	}
	if err := stepErrors(r); err != nil {
		return x, fmt.Errorf("running the image on %s: %w\n%s", m.Name, err, tail(x.Log, 30))
	}
	xrandr, _ := r.Find("xrandr")
	if x.Outputs, err = ParseXrandr(xrandr.Stdout); err != nil {
		return x, fmt.Errorf("running the image on %s: %w: %s", m.Name, err, xrandr.Stderr)
	}
	return x, nil
}

func found(r job.Result, name string) map[string][]byte {
	s, _ := r.Find(name)
	return s.Files
}

func imageSteps(g ImageGuest) []job.Step {
	steps := append([]job.Step{}, g.Before...)
	if !g.NoX {
		steps = append(steps, job.Step{Do: job.Wait, Name: "session", Paths: []string{drawn}, Text: "drawn", Seconds: 240})
	}
	steps = append(steps, g.After...)
	steps = append(steps,
		job.Step{Do: job.Exec, Name: "attune displays", Argv: []string{"attune", "displays", "--json"}},
		job.Step{Do: job.Exec, Name: "attune inputs", Argv: []string{"attune", "inputs", "--json"}})
	if !g.NoX {
		steps = append(steps,
			ImageTool("xrandr", "xrandr"),
			ImageTool("xinput", "xinput", "list", "--short"),
			ImageTool("setxkbmap", "setxkbmap", "-query"))
	}
	if !g.NoHead {
		steps = append(steps, job.Step{Do: job.Meet, Name: "picture"})
	}
	return append(steps, imageLast...)
}

// imageLast is what every boot of the image is asked at its end.
var imageLast = []job.Step{
	{Do: job.Exec, Name: "status", Argv: []string{"attune", "status", "--json"}},
	{Do: job.Exec, Name: "journal", Argv: []string{"journalctl", "-b", "-o", "short-monotonic", "--no-pager", "--no-hostname"}},
	{Do: job.Exec, Name: "failed units", Argv: []string{"systemctl", "list-units", "--failed", "--plain", "--no-legend", "--no-pager"}},
	{Do: job.Exec, Name: "unit", Argv: []string{"systemctl", "show", "attune-boot.service", "display-manager.service"}},
	{Do: job.Read, Name: "configuration", Paths: []string{"run/attune/xorg.conf.d/*"}},
	{Do: job.Read, Name: "records", Paths: []string{"run/attune/*.json", "run/attune/*.jsonl", traceFile}},
	{Do: job.Read, Name: "X's starts", Paths: []string{xStarts}},
	{Do: job.Read, Name: "mounts", Paths: []string{"proc/self/mounts"}},
	{Do: job.Read, Name: "X's log", Paths: []string{"var/log/Xorg.0.log", "var/log/lightdm/x-0.log"}},
}

// imageLayer is attune as a package puts it into an image: installed below a
// folder, its units switched on as its preset has it. Made once per process.
var imageLayer = sync.OnceValues(func() (string, error) {
	attune, err := Attune()
	if err != nil {
		return "", err
	}
	root, err := projectRoot()
	if err != nil {
		return "", err
	}
	dir := filepath.Join(filepath.Dir(attune), "layer")
	if err := os.RemoveAll(dir); err != nil {
		return "", err
	}
	for _, argv := range [][]string{
		{filepath.Join(root, "scripts", "install")},
		{"install", "-D", "-m", "0755", attune, filepath.Join(dir, "usr/bin/attune")}, // this checkout's, not what bin/ holds
		{"systemctl", "--root=" + dir, "preset-all"},
	} {
		c := exec.Command(argv[0], argv[1:]...)
		c.Env = append(os.Environ(), "DESTDIR="+dir, "PREFIX=/usr")
		if said, err := c.CombinedOutput(); err != nil {
			return "", fmt.Errorf("installing attune for the image: %s: %w: %s", argv[0], err, said)
		}
	}
	return dir, nil
})
