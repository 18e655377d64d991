package main

import (
	"context"
	"fmt"
	"io/fs"
	"os/signal"
	"syscall"

	"attune/detect"
	"attune/internal/boot"
	"attune/internal/scratch"
)

// replan is the part of a boot that configures displays and input devices, for
// the hardware as it is now. udev has it run when a display or an input device
// came or went.
func replan(in *invocation) (int, error) {
	dir := in.flags.String("scratch", runScratch, "`directory` for what is written")
	m, err := in.start(in.openToPlan)
	if err != nil {
		return 0, err
	}
	defer m.Close()
	if !m.Live {
		return 0, fmt.Errorf("planning again for %s: %w", m.Name, errNotLive)
	}
	out, err := scratch.Open(*dir)
	if err != nil {
		return 0, err
	}
	defer out.Close()
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	sys, err := fs.Sub(m.FS, "sys")
	if err != nil {
		return 0, err
	}
	report := boot.Report{Settled: true, Inventory: detect.ScanWith(sys, detect.Options{NoModules: true})}
	done := m.withDesktop(ctx, report, m.options(), boot.NewJournal(nil, 0, ""), out)
	return in.tellBoot(done, nil)
}
