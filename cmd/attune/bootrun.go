package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"sync"
	"syscall"
	"time"

	"attune/internal/boot"
	"attune/internal/finding"
	"attune/internal/notify"
)

// A bootRun is one boot with all that stands around it: the record, the turn to
// configure displays, those who are told.
type bootRun struct {
	*machine
	opt    boot.Options
	log    *boot.Journal
	out    *os.Root          // scratch, nil for none
	tell   *notify.Teller    // nil: nobody is told but who called
	found  []finding.Finding // before it began
	stderr io.Writer

	ready func(status string) error // the service manager, told with tell
	late  *time.Timer               // when it is told although nothing is ready
	begun time.Time
}

// run is the boot. Displays and input devices are configured as soon as the
// displays are there; what comes later has them configured again.
func (r *bootRun) run(env boot.Env) bootDone {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	release := func() {}
	if r.tell != nil {
		defer r.promise().Stop()
		release = takeTurn(ctx, r.out)
		listens(r.out)
	}
	var first bootDone
	var once sync.Once
	opt := r.opt
	opt.Settings = r.wanted
	opt.Ready = func(report boot.Report) { once.Do(func() { first = r.picture(ctx, report) }) }
	b := boot.New(env, opt)
	report, broken := r.guarded(func() boot.Report { return b.Run(ctx) })
	if broken {
		opt.Ready(report) // whatever it was, X may start; where it was told to, this waits for it
	}
	if r.tell != nil {
		listensNot(r.out)
	}
	forget(r.out) // what anybody noticed until now is in what follows
	done := r.since(ctx, first, report)
	release()
	if r.tell != nil {
		done = r.latecomers(ctx, done)
	}
	if !first.ready {
		done.Tell("configuring displays and input devices: stopped by a signal before it began")
	}
	if len(done.Running) == 0 {
		return done
	}
	// The record tells of the deadline while the process stays: its end would
	// interrupt what still loads.
	if err := r.write(&done); err != nil {
		done.Tell(err.Error())
	}
	fmt.Fprintf(r.stderr, "attune boot: time is up, still waiting for the kernel to load %s\n", strings.Join(done.Running, ", "))
	stop() // from here on a signal ends us as any process
	report, _ = r.guarded(b.Linger)
	defer takeTurn(context.Background(), r.out)()
	return r.since(context.Background(), done, report)
}

// latecomers does what others noticed and left to this boot after its last look.
func (r *bootRun) latecomers(ctx context.Context, done bootDone) bootDone {
	for r.out != nil && marked(r.out) {
		release, ok, err := tryTurn(r.out)
		if !ok || err != nil {
			return done // somebody else is at it
		}
		forget(r.out)
		report := done.Report
		report.Changed = true
		report.Inventory = r.Inventory()
		done = r.since(ctx, done, report)
		release()
	}
	return done
}

// guarded keeps a mistake of ours from being the end of a boot.
func (r *bootRun) guarded(run func() boot.Report) (report boot.Report, broken bool) {
	defer func() {
		if p := recover(); p != nil {
			broken = true
			report = boot.Report{Inventory: r.Inventory()}
			report.Tell(fmt.Sprintf("loading what the machine needs: a mistake in attune: %v\n%s", p, debug.Stack()))
		}
	}()
	return run(), false
}

// picture is what a boot does when the displays are there: it configures them
// and the input devices, puts that on record, and says that X may start. It says
// so whatever goes wrong.
func (r *bootRun) picture(ctx context.Context, report boot.Report) (done bootDone) {
	done = bootDone{Report: report}
	defer r.start(&done)
	done = r.withDesktop(ctx, report, r.opt, r.log, r.out)
	done.found = append(done.found, r.found...)
	done.conclude()
	if err := writeReport(r.out, done); err != nil {
		done.Tell(err.Error())
	}
	return done
}

// since brings the record of a boot up to date: what came after the displays
// were configured may have brought another one. What the first pass did stays
// in the record.
func (r *bootRun) since(ctx context.Context, first bootDone, report boot.Report) bootDone {
	done := bootDone{Report: report, Desktop: first.Desktop}
	if first.ready && report.Changed && !first.stuck {
		done = r.withDesktop(ctx, report, r.opt, r.log, r.out)
		if done.Desktop != nil && first.Desktop != nil {
			done.Desktop.Before = &first.Desktop.Pass
		}
	}
	done.ready, done.stuck = first.ready, first.stuck || done.stuck
	for _, p := range first.Problems {
		done.Tell(p)
	}
	done.found = append(done.found, first.found...)
	return done
}

// write concludes the record, tells what is to be told and writes it.
func (r *bootRun) write(done *bootDone) error {
	done.conclude()
	err := writeReport(r.out, *done)
	r.announce(*done)
	return err
}

// announce tells what is to be told.
func (r *bootRun) announce(done bootDone) {
	if r.tell == nil {
		return
	}
	if err := r.tell.Tell(done.Findings, done.fields); err != nil {
		fmt.Fprintf(r.stderr, "attune boot: %v\n", err)
	}
}
