package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"attune/internal/boot"
	"attune/internal/scratch"
)

// Marks below the initramfs's record, for the scripts around it.
const (
	settledMark = "settled" // the machine came to rest: udev has nothing to load
	leftMark    = "left"    // stopped before, with the record written: the root is there
)

// bootInitramfs is boot before there is a root: modules alone, with a record
// of its own, which the boot in the real root finds.
func (m *machine) bootInitramfs(in *invocation, env boot.Env, opt boot.Options, dir, atRest string) (int, error) {
	opt = opt.ForInitramfs(m.FS, m.Cmdline)
	if atRest != "" && env.Load != nil {
		opt.AtRest = func() { tellAtRest(in, atRest) }
	}
	var out *os.Root
	if dir != "" {
		root, events, err := record(filepath.Join(dir, boot.InitramfsDir))
		if err != nil {
			opt.Warnings = append(opt.Warnings, fmt.Errorf("keeping no record of this boot: %w", err))
		} else {
			defer root.Close()
			defer events.Close()
			out, env.Events = root, boot.NewJournal(events, uptime(), version)
		}
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	b := boot.New(env, opt)
	done := bootDone{Report: b.Run(ctx)}
	stopped := ctx.Err() != nil && !done.Settled
	err := writeReport(out, done)
	if out != nil && err == nil && (done.Settled || stopped) {
		mark := settledMark
		if stopped {
			mark = leftMark
		}
		err = scratch.WriteFile(out, mark, nil)
	}
	switch {
	case len(done.Running) == 0:
	case stopped:
		// The root has been changed, or is about to be: what is looked at now is
		// no machine any more. The loads begun are waited for all the same.
		b.Linger()
	default:
		fmt.Fprintf(in.stderr, "attune boot: time is up, still waiting for the kernel to load %s\n", strings.Join(done.Running, ", "))
		stop() // from here on a signal ends us as any process
		done.Report = b.Linger()
		err = writeReport(out, done)
	}
	return in.tellBoot(done, err)
}

// atRestTime is how long the command told of the rest may take.
const atRestTime = 5 * time.Second

func tellAtRest(in *invocation, command string) {
	ctx, cancel := context.WithTimeout(context.Background(), atRestTime)
	defer cancel()
	if out, err := exec.CommandContext(ctx, command).CombinedOutput(); err != nil {
		fmt.Fprintf(in.stderr, "attune boot: at rest: %s: %v: %s\n", command, err, out)
	}
}
