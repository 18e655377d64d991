package main

import (
	"context"
	"fmt"
	"os"
	"strings"

	"attune/internal/failsafe"
)

// displayStarted stands before each start of the display manager: X reads what
// is in place from then on.
func displayStarted(ctx context.Context, in *invocation, m *machine) (int, error) {
	notFirst()
	return in.withLadder(ctx, m, func(l *ladder) []error {
		errs := l.event(failsafe.Event{Kind: failsafe.Started})
		l.rec.Unit = *in.unit
		errs = append(errs, l.stand(ctx)...)
		return append(errs, l.save()...)
	})
}

// displayStopped stands after each end of it, and knows more than its result
// where X's log does.
func displayStopped(ctx context.Context, in *invocation, m *machine) (int, error) {
	return in.withLadder(ctx, m, func(l *ladder) []error {
		return l.stopped(ctx, systemdOf(l.rec.Unit), l.endOf(os.Getenv, l.evidence()))
	})
}

// stopped hears of an end. Where there is no other try, the display manager, which
// would begin anew at once, is ended: the watcher may look too late to see it dead.
func (l *ladder) stopped(ctx context.Context, m manager, e failsafe.Event) []error {
	was := l.rec.State.Decide(l.rec.Facts)
	errs := l.event(e)
	switch {
	case e.Kind != failsafe.Failed:
	case was.Exhausted: // the last try, at a later boot or by hand
		errs = append(errs, l.giveUp(ctx, m, noPicture(was, l.rec.Unit))...)
	case was.Of == 0 && e.Decisive:
		errs = append(errs, l.endIdle(ctx, m, e.Why)...)
	}
	return errs
}

// endIdle ends the display manager of a machine that has nothing to show a
// picture with.
func (l *ladder) endIdle(ctx context.Context, m manager, why string) []error {
	l.rec.Ended = true
	return append(l.save(), l.giveUp(ctx, m, nothingToShow(why))...)
}

// endOf tells an end by order from a failure. systemd.exec(5), $SERVICE_RESULT.
func (l *ladder) endOf(env func(string) string, said account) failsafe.Event {
	if l.rec.State.Open != nil && said.Decisive {
		l.note(said)
		return failsafe.Event{Kind: failsafe.Failed, Why: said.Text, Decisive: true}
	}
	result := env("SERVICE_RESULT")
	if result == "" || result == "success" {
		return failsafe.Event{Kind: failsafe.Stopped}
	}
	why := "the display manager ended: " + strings.Join(strings.Fields(result+" "+env("EXIT_CODE")+" "+env("EXIT_STATUS")), " ")
	if said.Text != "" {
		why += "; X said: " + said.Text
	}
	return failsafe.Event{Kind: failsafe.Failed, Why: why}
}

func displayOK(ctx context.Context, in *invocation, m *machine) (int, error) {
	if err := in.noArgs(); err != nil {
		return 0, err
	}
	return in.withLadder(ctx, m, func(l *ladder) []error { return l.good() })
}

func (l *ladder) good() []error {
	errs := l.event(failsafe.Event{Kind: failsafe.Shown})
	if err := l.console.Clear(); err != nil {
		errs = append(errs, err)
	}
	return errs
}

func displayFailed(ctx context.Context, in *invocation, m *machine) (int, error) {
	why := "somebody said so"
	if len(in.args) > 0 {
		why = strings.Join(in.args, " ")
	}
	return in.withLadder(ctx, m, func(l *ladder) []error {
		errs := l.event(failsafe.Event{Kind: failsafe.Failed, Why: why, Decisive: true})
		errs = append(errs, l.stand(ctx)...)
		in.sayNext(l)
		return append(errs, l.save()...)
	})
}

func displayRetry(ctx context.Context, in *invocation, m *machine) (int, error) {
	if err := in.noArgs(); err != nil {
		return 0, err
	}
	return in.withLadder(ctx, m, func(l *ladder) []error {
		errs := l.event(failsafe.Event{Kind: failsafe.Retry})
		errs = append(errs, l.stand(ctx)...)
		if err := l.console.Clear(); err != nil {
			errs = append(errs, err)
		}
		in.sayNext(l)
		return append(errs, l.save()...)
	})
}

// sayNext tells what the next start of X will try.
func (in *invocation) sayNext(l *ladder) {
	d := l.rec.State.Decide(l.rec.Facts)
	if d.Of == 0 {
		fmt.Fprintf(in.stdout, "no other step: %s\n", d.Step.Why)
		return
	}
	fmt.Fprintf(in.stdout, "next: step %d of %d, %s: %s; %s tries it now\n", d.Number, d.Of, d.Step.Key(), d.Step.Why, restart(l.rec.Unit))
}
