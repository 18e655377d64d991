package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"os"
	"os/signal"

	"strings"
	"syscall"

	"attune/detect/kmod/load"
	"attune/detect/uevent"
	"attune/internal/boot"
	"attune/internal/scratch"
)

// errNotLive is why only a dry run is possible.
var errNotLive = errors.New("this is not the running machine: add --dry-run")

// bootMachine does what a boot does, or with --dry-run only says it.
func bootMachine(in *invocation) (int, error) {
	dry := in.flags.Bool("dry-run", false, "decide and write, but load nothing")
	dir := in.flags.String("scratch", "/run/attune", "`directory` for what is written")
	deadline := in.flags.Duration("deadline", 0, "time to come to rest in (default 30s, or attune.deadline= of the kernel command line)")
	buffer := in.flags.Int("uevent-buffer", uevent.DefaultBuffer, "`bytes` the kernel may keep of device events; what does not fit costs another scan")
	if err := in.parse(); err != nil {
		return 0, err
	}
	if err := in.noArgs(); err != nil {
		return 0, err
	}
	m, err := in.openToPlan()
	if err != nil {
		return 0, err
	}
	defer m.Close()
	if !m.Live && !*dry {
		return 0, fmt.Errorf("booting %s: %w", m.Name, errNotLive)
	}
	opt, warnings := boot.ParseCmdline(m.cmdline)
	if opt.Off && !*dry {
		fmt.Fprintln(in.stdout, "attune=off on the kernel command line: nothing done")
		return exitDone, nil
	}
	if *deadline != 0 {
		opt.Deadline = *deadline
	}
	listen := func() (boot.Listener, error) { return uevent.Dial(*buffer) }
	if *dry {
		listen = nil
	}
	return m.boot(in, *dir, listen, opt, warnings)
}

// boot does it, or with listen nil only says what it would do.
func (m *machine) boot(in *invocation, dir string, listen func() (boot.Listener, error), opt boot.Options, warnings []error) (int, error) {
	out, err := scratch.Open(dir)
	if err != nil {
		return 0, err
	}
	defer out.Close()
	events, err := out.Create("events.jsonl")
	if err != nil {
		return 0, fmt.Errorf("opening the event log: %w", err)
	}
	defer events.Close()

	env := boot.Env{Root: m.FS, Modules: m.modules.FS, Release: m.release, Cmdline: m.cmdline, Listen: listen, Events: events}
	if listen != nil {
		env.Load = load.NewLoader("/", m.release, load.ReadKernelFacts(m.FS)).Insert
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	b := boot.New(env, opt)
	report := b.Run(ctx)
	for _, w := range warnings {
		report.Problems = append(report.Problems, w.Error())
	}
	status, err := in.reportBoot(out, report)
	if len(report.Running) == 0 {
		return status, err
	}
	fmt.Fprintf(in.stdout, "still waiting for the kernel: %s\n", strings.Join(report.Running, ", "))
	return in.reportBoot(out, b.Linger())
}

// reportBoot writes machine.json and tells the user in a few lines.
func (in *invocation) reportBoot(out *os.Root, report boot.Report) (int, error) {
	status := exitDone
	if !report.Settled && !report.DryRun || len(report.Failed()) > 0 || len(report.Problems) > 0 {
		status = exitWarnings
	}
	data, err := json.Marshal(report)
	if err == nil {
		err = scratch.WriteFile(out, "machine.json", append(data, '\n'))
	}
	if in.common.json {
		return status, errors.Join(err, in.printJSON(report.Summary()))
	}
	fmt.Fprint(in.stdout, report.Text())
	return status, err
}
