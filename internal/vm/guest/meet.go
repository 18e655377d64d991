package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"attune/internal/vm/job"

	"golang.org/x/sys/unix"
)

// meet says on the console where the guest is, and waits until the host has
// done its part of it.
func meet(s job.Step) error {
	tty, err := os.OpenFile("/"+job.AnswerTTY, os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		return err
	}
	defer tty.Close()
	heard := make(chan error, 1)
	go func() { heard <- hear(tty, s.Name) }()
	fmt.Println(job.MeetLine + s.Name)
	select {
	case err := <-heard:
		return err
	case <-time.After(span(s)):
		return fmt.Errorf("no answer to %q after %v", s.Name, span(s))
	}
}

// hear reads until a line says name.
func hear(tty *os.File, name string) error {
	for lines := bufio.NewScanner(tty); ; {
		if !lines.Scan() {
			return fmt.Errorf("waiting for the host: %w", lines.Err())
		}
		if strings.TrimSpace(lines.Text()) == name {
			return nil
		}
	}
}

// start leaves a program running. What it says goes to /tmp/NAME.out.
func start(s job.Step, r *job.StepResult) error {
	out, err := os.Create("/tmp/" + s.Name + ".out")
	if err != nil {
		return err
	}
	defer out.Close()
	c := exec.Command(s.Argv[0], s.Argv[1:]...)
	c.Env = append(os.Environ(), s.Env...)
	c.Stdout, c.Stderr = out, out
	if err := c.Start(); err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() { ended <- c.Wait() }()
	ctx, cancel := context.WithTimeout(context.Background(), span(s))
	defer cancel()
	for len(s.Paths) > 0 {
		for _, g := range s.Paths {
			if found, _ := filepath.Glob("/" + g); len(found) > 0 {
				return nil
			}
		}
		select {
		case <-ended:
			r.Exit = c.ProcessState.ExitCode()
			return fmt.Errorf("%s ended: %s: %s", s.Name, c.ProcessState, readString(out.Name()))
		case <-ctx.Done():
			return fmt.Errorf("%s runs, but nothing at %s after %v", s.Name, strings.Join(s.Paths, ", "), span(s))
		case <-time.After(20 * time.Millisecond):
		}
	}
	return nil
}
