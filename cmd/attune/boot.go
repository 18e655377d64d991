package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"golang.org/x/sys/unix"

	"attune/detect/kmod/load"
	"attune/detect/uevent"
	"attune/internal/boot"
	"attune/internal/finding"
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
	atRest := in.flags.String("at-rest", "", "with --initramfs: `program` to run when the machine has come to rest, before a last look at it")
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
	opt := m.Options()
	if opt.Off && !*dry {
		fmt.Fprintln(in.stdout, "attune=off on the kernel command line: nothing done")
		return exitDone, nil
	}
	if *deadline != 0 {
		opt.Deadline, opt.FixedDeadline = *deadline, true
	}
	env := boot.Env{Root: m.FS, Modules: m.Modules.FS, Release: m.Release, Cmdline: m.Cmdline}
	if *dry && *initramfs {
		return m.bootInitramfs(in, env, opt, *dir, *atRest)
	}
	if *dry {
		return m.boot(in, env, opt, *dir)
	}
	env.Listen = func() (boot.Listener, error) { return uevent.Dial(*buffer) }
	env.Load = load.NewLoader("/", m.Release, load.ReadKernelFacts(m.FS)).Insert
	if *initramfs {
		return m.bootInitramfs(in, env, opt, or(*dir, runScratch), *atRest)
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
	return elsewhere("/")
}

// boot runs it. A machine whose scratch directory cannot be written comes up
// all the same, and only its record is lost.
func (m *machine) boot(in *invocation, env boot.Env, opt boot.Options, dir string) (int, error) {
	dry := env.Load == nil
	var found []finding.Finding
	var out *os.Root
	var log io.Writer
	if dir != "" {
		root, events, err := record(dir)
		if err != nil {
			err = fmt.Errorf("keeping no record of this boot: %w", err)
			opt.Warnings = append(opt.Warnings, err)
			found = append(found, finding.New("boot.no-record", dir, err.Error()))
		} else {
			defer root.Close()
			defer events.Close()
			out = root
			log = events
		}
	}
	env.Events = boot.NewJournal(log, uptime(), version)
	r := bootRun{machine: m, opt: opt, log: env.Events, out: out, found: found, stderr: in.stderr}
	if !dry {
		r.tell, r.ready = notify.Live(in.stderr), notify.Ready
	}
	done := r.run(env)
	return in.tellBoot(done, r.write(&done))
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
	if !done.Settled && !done.DryRun || len(done.Failed()) > 0 || len(done.Problems) > 0 || done.wrong() {
		status = exitWarnings
	}
	if in.common.json {
		return status, in.printJSON(done.summary())
	}
	_, err := io.WriteString(in.stdout, done.Text()+done.desktopText()+done.findingsText())
	return status, err
}
