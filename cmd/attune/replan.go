package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"attune/internal/boot"
	"attune/internal/notify"
	"attune/internal/scratch"
)

// replan is the part of a boot that configures displays and input devices, for
// the hardware as it is now. udev has it run when a display or an input device
// came or went; what is as it was is not touched.
func replan(in *invocation) (int, error) {
	dir := in.flags.String("scratch", runScratch, "`directory` for what is written")
	dry := in.flags.Bool("dry-run", false, "decide, but write nothing")
	m, err := in.start(in.openToPlan)
	if err != nil {
		return 0, err
	}
	defer m.Close()
	if err := m.mayBoot(in.common, *dry); err != nil {
		return 0, fmt.Errorf("planning again for %s: %w", m.Name, err)
	}
	if opt := m.Options(); opt.Off || opt.NoDesktop {
		fmt.Fprintln(in.stdout, "switched off on the kernel command line: nothing done")
		return exitDone, nil
	}
	if *dry {
		asIs := boot.Report{DryRun: true, Settled: true, Inventory: m.Inventory()}
		return in.tellBoot(m.withDesktop(context.Background(), asIs, m.Options(), boot.NewJournal(nil, 0, ""), nil), nil)
	}
	out, err := scratch.Open(*dir)
	if err != nil {
		return 0, err
	}
	defer out.Close()
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	var done bootDone
	times, err := inTurn(out, func() (err error) {
		done, err = m.replanOnce(ctx, in, out)
		return err
	})
	if times == 0 && err == nil {
		fmt.Fprintln(in.stdout, "another one is at it and will do it again")
		return exitDone, nil
	}
	return in.tellBoot(done, err)
}

// replanOnce plans for what is there now and brings the boot's record up to
// date.
func (m *machine) replanOnce(ctx context.Context, in *invocation, out *os.Root) (bootDone, error) {
	record := lastRecord(out)
	log, events := m.continueLog(out)
	defer events.Close()
	begin := time.Now()
	now := boot.Report{Settled: true, Inventory: m.Inventory()}
	done := m.withDesktop(ctx, now, m.Options(), log, out)
	log.Span(boot.Entry{Kind: boot.KindReplan, Why: "a display or an input device came or went"}, begin)

	if done.Desktop != nil { // else what was done before still holds
		record.Desktop = done.Desktop
	}
	record.found = done.found
	record.conclude()
	done.Findings = record.Findings
	if err := notify.Live(in.stderr).Tell(desktopFindings(done.Desktop), nil); err != nil {
		fmt.Fprintf(in.stderr, "attune replan: %v\n", err)
	}
	return done, writeReport(out, record)
}

// lastRecord is the boot's record so far, empty where there is none.
func lastRecord(out *os.Root) (done bootDone) {
	if data, err := out.ReadFile("machine.json"); err == nil {
		if json.Unmarshal(data, &done) != nil {
			return bootDone{Report: boot.Report{Settled: true}}
		}
	}
	return done
}

// maxEvents is where a record of events stops growing: a broken cable can come
// and go for ever.
const maxEvents = 1 << 20

// continueLog goes on with the boot's record of events.
func (m *machine) continueLog(out *os.Root) (*boot.Journal, io.Closer) {
	f, err := out.OpenFile("events.jsonl", os.O_RDWR|os.O_APPEND, 0)
	if err != nil {
		return boot.NewJournal(nil, 0, ""), io.NopCloser(nil)
	}
	info, err := f.Stat()
	if err != nil || info.Size() > maxEvents {
		return boot.NewJournal(nil, 0, ""), f
	}
	var start boot.Entry
	line, _ := bufio.NewReader(f).ReadBytes('\n')
	if json.Unmarshal(line, &start) != nil || start.Kind != boot.KindStart {
		return boot.NewJournal(nil, 0, ""), f
	}
	return boot.ContinueJournal(f, uptime()-time.Duration(start.UpMS)*time.Millisecond), f
}
