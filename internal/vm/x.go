package vm

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"attune/internal/vm/job"
)

// An XGuest is a boot on which a real Xorg is started, asked and photographed.
// Its root is read-only and has /etc/X11/xorg.conf.d as a link to
// /run/attune/xorg.conf.d.
type XGuest struct {
	Kernel  Kernel // of XKernelOf
	Machine Machine
	Append  string            // more words for the kernel command line
	Payload map[string]string // as in Guest; with an "attune" in it, `attune boot` runs before X and is asked for its plans
	Files   map[string]string // as in job.Job: settings, or a configuration written by hand
	Heads   []Head            // what is photographed; console 0 when there are none
	Before  []job.Step        // between the cold plug and attune
	After   []job.Step        // while X runs, before it is asked
	OnMark  func(name string, m *Monitor) error
}

// A Head is one picture a machine gives.
type Head struct {
	Device string // the id of its -device; "" is the first of the machine
	Head   int    // which of the device's
}

// An XResult is what X said and showed.
type XResult struct {
	job.Result
	Outputs  []XOutput
	Log      string // X's own
	Pictures []Picture
}

// XKernelOf is KernelOf with a root that holds Xorg.
func XKernelOf(suite string) (Kernel, error) {
	f, _ := kernels.LoadOrStore(suite+" x", sync.OnceValues(func() (Kernel, error) { return makeKernel(suite, "x") }))
	return f.(func() (Kernel, error))()
}

const (
	xLog    = "tmp/X.log"
	xSocket = "tmp/.X11-unix/X0"
)

// xEnv reaches the server.
var xEnv = []string{"DISPLAY=:0", "HOME=/tmp"}

// XTool is a step which runs a client of the server.
func XTool(name string, argv ...string) job.Step {
	return job.Step{Do: job.Exec, Name: name, Argv: argv, Env: xEnv, Seconds: 60}
}

// BootX runs the guest. An error of X's start carries the end of its log.
func BootX(ctx context.Context, g XGuest) (XResult, error) {
	heads := g.Heads
	if len(heads) == 0 {
		heads = []Head{{}}
	}
	var x XResult
	m := g.Machine
	m.Devices = append([]string{AnswerPort}, m.Devices...)
	r, err := Boot(ctx, Guest{Kernel: g.Kernel, Machine: m, Append: g.Append, Payload: g.Payload,
		Deadline: 4 * time.Minute,
		Job:      job.Job{Files: g.Files, Steps: xSteps(g)},
		OnMark: func(name string, m *Monitor) (err error) {
			if name == "picture" {
				x.Pictures, err = m.pictures(heads)
				return err
			}
			if g.OnMark == nil {
				return fmt.Errorf("nobody waits for this")
			}
			return g.OnMark(name, m)
		}})
	x.Result = r
	if log, ok := r.Find("X's log"); ok {
		x.Log = string(log.Files[xLog])
	}
	if err != nil {
		return x, err
	}
	if err := stepErrors(r); err != nil {
		return x, fmt.Errorf("running X on %s: %w\n%s", m.Name, err, tail(x.Log, 30))
	}
	xrandr, _ := r.Find("xrandr")
	if x.Outputs, err = ParseXrandr(xrandr.Stdout); err != nil {
		return x, fmt.Errorf("running X on %s: %w: %s", m.Name, err, xrandr.Stderr)
	}
	return x, nil
}

// xSteps is the whole job: cold plug as Debian does it, attune, X, questions,
// pictures.
func xSteps(g XGuest) []job.Step {
	steps := append([]job.Step{{Do: job.Udevd, Name: "udevd"}}, g.Before...)
	if g.Payload["attune"] != "" {
		steps = append(steps,
			job.Step{Do: job.Exec, Name: "attune boot", Argv: []string{"attune", "boot"}},
			job.Step{Do: job.Exec, Name: "attune displays", Argv: []string{"attune", "displays", "--json"}},
			job.Step{Do: job.Exec, Name: "attune inputs", Argv: []string{"attune", "inputs", "--json"}})
	}
	steps = append(steps,
		job.Step{Do: job.Start, Name: "X", Paths: []string{xSocket}, Seconds: 60, Env: xEnv,
			Argv: []string{"/usr/lib/xorg/Xorg", ":0", "vt1", "-nolisten", "tcp", "-noreset", "-logfile", "/" + xLog}},
		XTool("pattern", "xsetroot", "-mod", "16", "16", "-fg", "#3050a0", "-bg", "#e0e0ff"),
	)
	steps = append(steps, g.After...)
	return append(steps,
		XTool("xrandr", "xrandr"),
		XTool("xinput", "xinput", "list", "--short"),
		XTool("setxkbmap", "setxkbmap", "-query"),
		job.Step{Do: job.Start, Name: "message", Env: xEnv, Argv: []string{"sh", "-c", `exec xmessage -geometry +60+60 "$(cat /proc/cmdline; xrandr)"`}},
		XTool("drawn", "sh", "-c", `for i in $(busybox seq 100); do xwininfo -name xmessage && exit; busybox sleep 0.1; done; cat /tmp/message.out; exit 1`),
		job.Step{Do: job.Meet, Name: "picture"},
		job.Step{Do: job.Read, Name: "configuration", Paths: []string{"run/attune/xorg.conf.d/*"}},
		job.Step{Do: job.Read, Name: "X's log", Paths: []string{xLog}},
	)
}

// stepErrors gives the first step that could not be done.
func stepErrors(r job.Result) error {
	for _, s := range r.Steps {
		if s.Err != "" {
			return fmt.Errorf("step %s %s: %s", s.Do, s.Name, s.Err)
		}
	}
	return nil
}

func tail(text string, n int) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return strings.Join(lines[max(0, len(lines)-n):], "\n")
}

// pictures photographs each head.
func (m *Monitor) pictures(heads []Head) ([]Picture, error) {
	var out []Picture
	for _, h := range heads {
		p, err := m.Screendump(h)
		if err != nil {
			return out, err
		}
		out = append(out, p)
	}
	return out, nil
}

// Path is a file in the folder QEMU works in, for sockets named in a machine's
// Devices by {dir}.
func (m *Monitor) Path(name string) string { return filepath.Join(m.dir, name) }
