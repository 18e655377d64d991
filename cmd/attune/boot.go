package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"attune/detect/kmod/load"
	"attune/detect/uevent"
	"attune/internal/boot"
	"attune/internal/notify"
	"attune/internal/scratch"
)

// Why only a dry run is possible.
var (
	errNotLive   = errors.New("this is not the running machine: add --dry-run")
	errNotItsOwn = errors.New("the running kernel takes only its own modules: --modules and --release go with --dry-run")
)

// runScratch is where a boot writes.
const runScratch = "/run/attune"

// bootMachine does what a boot does, or with --dry-run only says it.
func bootMachine(in *invocation) (int, error) {
	dry := in.flags.Bool("dry-run", false, "decide, but load nothing; without --scratch write nothing either")
	dir := in.flags.String("scratch", "", "`directory` for what is written (default "+runScratch+")")
	initramfs := in.flags.Bool("initramfs", false, "there is no root yet: load modules alone, and leave for the real root what needs firmware that is not here")
	deadline := in.flags.Duration("deadline", 0, "time to come to rest in (default 30s, or attune.deadline= of the kernel command line)")
	buffer := in.flags.Int("uevent-buffer", uevent.DefaultBuffer, "`bytes` the kernel may keep of device events; what does not fit costs another scan")
	if err := in.parse(); err != nil {
		return 0, err
	}
	if err := in.noArgs(); err != nil {
		return 0, err
	}
	if *deadline < 0 {
		fmt.Fprintf(in.stderr, "attune boot: --deadline %v: want a time from now on\n", *deadline)
		return 0, errUsage
	}
	m, err := in.openToPlan()
	if err != nil {
		return 0, err
	}
	defer m.Close()
	if err := m.mayBoot(in.common, *dry); err != nil {
		return 0, fmt.Errorf("booting %s: %w", m.Name, err)
	}
	opt := m.options()
	if opt.Off && !*dry {
		fmt.Fprintln(in.stdout, "attune=off on the kernel command line: nothing done")
		return exitDone, nil
	}
	if *deadline != 0 {
		opt.Deadline = *deadline
	}
	env := boot.Env{Root: m.FS, Modules: m.modules.FS, Release: m.release, Cmdline: m.cmdline}
	if *dry && *initramfs {
		return m.bootInitramfs(in, env, opt, *dir)
	}
	if *dry {
		return m.boot(in, env, opt, *dir)
	}
	env.Listen = func() (boot.Listener, error) { return uevent.Dial(*buffer) }
	env.Load = load.NewLoader("/", m.release, load.ReadKernelFacts(m.FS)).Insert
	if *initramfs {
		return m.bootInitramfs(in, env, opt, or(*dir, runScratch))
	}
	return m.boot(in, env, opt, or(*dir, runScratch))
}

func (m *machine) mayBoot(flags common, dry bool) error {
	switch {
	case dry:
		return nil
	case !m.Live:
		return errNotLive
	case flags.modules != "" || flags.release != "":
		return errNotItsOwn
	}
	return nil
}

// options are the kernel command line's, with what is odd about it.
func (m *machine) options() boot.Options {
	opt := boot.ParseCmdline(m.cmdline)
	if opt.Off {
		opt.Warnings = append(opt.Warnings, errOff)
	}
	return opt
}

var errOff = errors.New("attune=off on the kernel command line: boot would do nothing of this")

// boot runs it. A machine whose scratch directory cannot be written comes up
// all the same, and only its record is lost.
func (m *machine) boot(in *invocation, env boot.Env, opt boot.Options, dir string) (int, error) {
	var out *os.Root
	var log io.Writer
	if dir != "" {
		root, events, err := record(dir)
		if err != nil {
			opt.Warnings = append(opt.Warnings, fmt.Errorf("keeping no record of this boot: %w", err))
		} else {
			defer root.Close()
			defer events.Close()
			out = root
			log = events
		}
	}
	env.Events = boot.NewJournal(log, uptime(), version)
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	var first bootDone
	opt.Ready = func(r boot.Report) {
		first = m.picture(ctx, r, opt, env.Events, out)
		if err := notify.Ready(first.status()); err != nil {
			fmt.Fprintf(in.stderr, "attune boot: %v\n", err)
		}
	}
	b := boot.New(env, opt)
	report := b.Run(ctx)
	done := m.since(ctx, first, report, opt, env.Events, out)
	if !first.ready {
		done.Tell("configuring displays and input devices: stopped by a signal before it began")
	}
	if len(done.Running) > 0 {
		// The record tells of the deadline while the process stays: its end
		// would interrupt what still loads.
		writeReport(out, done)
		fmt.Fprintf(in.stderr, "attune boot: time is up, still waiting for the kernel to load %s\n", strings.Join(done.Running, ", "))
		stop() // from here on a signal ends us as any process
		done = m.since(context.Background(), done, b.Linger(), opt, env.Events, out)
	}
	return in.tellBoot(done, writeReport(out, done))
}

// uptime is the machine's time since it was switched on, with the time it
// slept; 0 when the kernel does not say.
func uptime() time.Duration {
	var t unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_BOOTTIME, &t); err != nil {
		return 0
	}
	return time.Duration(t.Nano())
}

// record opens the scratch directory and the event log in it.
func record(dir string) (*os.Root, io.WriteCloser, error) {
	root, err := scratch.Open(dir)
	if err != nil {
		return nil, nil, err
	}
	events, err := scratch.Create(root, "events.jsonl")
	if err != nil {
		root.Close()
		return nil, nil, err
	}
	return root, events, nil
}

func writeReport(out *os.Root, report bootDone) error {
	if out == nil {
		return nil
	}
	data, err := json.Marshal(report)
	if err != nil {
		return fmt.Errorf("writing the report: %w", err)
	}
	return scratch.WriteFile(out, "machine.json", append(data, '\n'))
}

// tellBoot tells the user in a few lines, and whether to look at something.
func (in *invocation) tellBoot(done bootDone, werr error) (int, error) {
	if werr != nil {
		done.Problems = append(done.Problems, werr.Error())
	}
	status := exitDone
	if !done.Settled && !done.DryRun || len(done.Failed()) > 0 || len(done.Problems) > 0 {
		status = exitWarnings
	}
	if in.common.json {
		return status, in.printJSON(done.summary())
	}
	_, err := io.WriteString(in.stdout, done.Text()+done.desktopText())
	return status, err
}
