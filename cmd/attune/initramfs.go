package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"

	"attune/internal/boot"
	"attune/internal/scratch"
)

// settledMark is made below the initramfs's record when the machine came to
// rest: scripts ask for it before they keep udev from triggering everything.
const settledMark = "settled"

// bootInitramfs is boot before there is a root: modules alone, with a record
// of its own, which the boot in the real root finds.
func (m *machine) bootInitramfs(in *invocation, env boot.Env, opt boot.Options, dir string) (int, error) {
	opt = opt.ForInitramfs(m.FS, m.cmdline)
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
	err := writeReport(out, done)
	if done.Settled && out != nil && err == nil {
		err = scratch.WriteFile(out, settledMark, nil)
	}
	if len(done.Running) > 0 {
		fmt.Fprintf(in.stderr, "attune boot: time is up, still waiting for the kernel to load %s\n", strings.Join(done.Running, ", "))
		stop() // from here on a signal ends us as any process
		done.Report = b.Linger()
		err = writeReport(out, done)
	}
	return in.tellBoot(done, err)
}
