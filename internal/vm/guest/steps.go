package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"attune/internal/vm/job"
)

// do does one step. A step that fails says so in its result and the next one
// goes on.
func do(s job.Step) job.StepResult {
	r := job.StepResult{Do: s.Do, Name: s.Name, Start: uptime()}
	var err error
	switch s.Do {
	case job.Snapshot:
		r.Snapshot = snapshot()
	case job.Udevd:
		err = udevd(s, &r)
	case job.Exec:
		err = run(s, s.Argv, &r)
	case job.Watch:
		r.Changes, err = watch(span(s))
	case job.Read:
		r.Files = read(s.Paths)
	case job.Wait:
		err = wait(s)
	case job.Start:
		err = start(s, &r)
	case job.Meet:
		err = meet(s)
	case job.Mark:
		fmt.Println(job.MarkLine + s.Name)
	default:
		err = fmt.Errorf("unknown step %q", s.Do)
	}
	if err != nil {
		r.Err = err.Error()
	}
	r.End = uptime()
	return r
}

func span(s job.Step) time.Duration {
	if s.Seconds == 0 {
		return 2 * time.Minute
	}
	return time.Duration(s.Seconds * float64(time.Second))
}

// udevd does the cold plug as Debian does at boot, from the start of the
// daemon to the end of settle.
func udevd(s job.Step, r *job.StepResult) error {
	for _, argv := range [][]string{
		{"/usr/lib/systemd/systemd-udevd", "--daemon"},
		{"udevadm", "trigger", "--type=subsystems", "--action=add"},
		{"udevadm", "trigger", "--type=devices", "--action=add"},
		{"udevadm", "settle", fmt.Sprintf("--timeout=%.0f", span(s).Seconds())},
	} {
		if err := run(s, argv, r); err != nil {
			return err
		}
		if r.Exit != 0 {
			return fmt.Errorf("%s: exit status %d: %s", strings.Join(argv, " "), r.Exit, r.Stderr)
		}
	}
	return nil
}

// run runs a program to its end and adds what it says to r.
func run(s job.Step, argv []string, r *job.StepResult) error {
	if len(argv) == 0 {
		return errors.New("nothing to run")
	}
	ctx, cancel := context.WithTimeout(context.Background(), span(s))
	defer cancel()
	var stdout, stderr bytes.Buffer
	c := exec.CommandContext(ctx, argv[0], argv[1:]...)
	c.Env = append(os.Environ(), s.Env...)
	c.Stdout, c.Stderr = &stdout, &stderr
	c.WaitDelay = time.Second // a daemon may have kept our pipes
	err := c.Start()
	if err != nil {
		return err
	}
	done := make(chan struct{})
	peak := followPeak(c.Process.Pid, done)
	stopTelling := context.AfterFunc(ctx, tellTasks)
	err = c.Wait()
	stopTelling()
	close(done)
	r.MaxRSS = max(r.MaxRSS, <-peak)
	r.Stdout += stdout.String()
	r.Stderr += stderr.String()
	if c.ProcessState == nil {
		return err
	}
	ws := c.ProcessState.Sys().(syscall.WaitStatus)
	r.Exit = ws.ExitStatus()
	if ws.Signaled() {
		r.Exit = 128 + int(ws.Signal())
	}
	r.CPU += (c.ProcessState.UserTime() + c.ProcessState.SystemTime()).Seconds()
	return ctx.Err()
}

// tellTasks has the kernel say in its log, which is part of the result, what
// waits for something and what runs: a program is late.
func tellTasks() {
	for _, key := range []string{"w", "l"} { // Documentation/admin-guide/sysrq.rst
		os.WriteFile("/proc/sysrq-trigger", []byte(key), 0)
	}
}

// watch tells what changes by itself.
func watch(d time.Duration) ([]string, error) {
	ev, err := listen()
	if err != nil {
		return nil, err
	}
	before := snapshot()
	time.Sleep(d)
	after := snapshot()
	events, _ := ev.all()
	changes := differences(before, after)
	for _, e := range events {
		changes = append(changes, fmt.Sprintf("uevent %.2f %s %s", e.Up, e.Action, e.Path))
	}
	return changes, nil
}

// differences lists modules and bindings which came or went.
func differences(before, after *job.State) []string {
	var out []string
	a, b := facts(before), facts(after)
	for _, f := range b {
		if !slices.Contains(a, f) {
			out = append(out, "+"+f)
		}
	}
	for _, f := range a {
		if !slices.Contains(b, f) {
			out = append(out, "-"+f)
		}
	}
	return out
}

func facts(s *job.State) []string {
	var out []string
	for _, m := range s.Modules {
		out = append(out, "module "+m)
	}
	for _, d := range s.Devices {
		if d.Driver != "" {
			out = append(out, "driver "+d.Path+" "+d.Driver)
		}
	}
	for _, n := range s.Nodes {
		out = append(out, "node "+n.Class+" "+n.Path)
	}
	return out
}

func read(globs []string) map[string][]byte {
	files := map[string][]byte{}
	for _, g := range globs {
		found, _ := filepath.Glob("/" + g)
		for _, f := range found {
			if data, err := os.ReadFile(f); err == nil {
				files[strings.TrimPrefix(f, "/")] = data
			}
		}
	}
	return files
}

func wait(s job.Step) error {
	for end := time.Now().Add(span(s)); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		for _, g := range s.Paths {
			found, _ := filepath.Glob("/" + g)
			if slices.ContainsFunc(found, func(f string) bool { return s.Text == "" || strings.Contains(readString(f), s.Text) }) {
				return nil
			}
		}
	}
	return fmt.Errorf("nothing at %s %s after %v", strings.Join(s.Paths, ", "), s.Text, span(s))
}
