package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"attune/internal/failsafe"
)

// displayWord is one word after "attune display".
type displayWord struct {
	name, short string
	live        bool // changes something, so that it is for the running machine alone
	run         func(context.Context, *invocation, *machine) (int, error)
}

var displayWords = []displayWord{
	{"status", "on which step to a picture the machine stands, and why", false, displayStatus},
	{"retry", "begin again with the best way to a picture", true, displayRetry},
	{"ok", "there is a picture", true, displayOK},
	{"failed", "there is no picture: take the next step", true, displayFailed},
	{"started", "a display server is about to be started", true, displayStarted},
	{"stopped", "the display manager has ended, as $SERVICE_RESULT says", true, displayStopped},
	{"watch", "wait for the picture, and take the next step when there is none", true, displayWatch},
}

// displayTime bounds what a display manager waits for.
const displayTime = 45 * time.Second

// displayCommand is about whether there is a picture: display managers and people
// tell, and ask.
func displayCommand(in *invocation) (int, error) {
	in.unit = in.flags.String("unit", displayManager, "of started and stopped: the `service` that starts X")
	if err := in.parse(); err != nil {
		return 0, err
	}
	if !unitName().MatchString(*in.unit) {
		fmt.Fprintf(in.stderr, "attune display: %q is no service's name\n", *in.unit)
		return 0, errUsage
	}
	word := "status"
	if len(in.args) > 0 {
		word, in.args = in.args[0], in.args[1:]
	}
	i := slices.IndexFunc(displayWords, func(w displayWord) bool { return w.name == word })
	if i < 0 {
		fmt.Fprintf(in.stderr, "attune display: what is %q? There are:\n", word)
		for _, w := range displayWords {
			fmt.Fprintf(in.stderr, "  %-8s %s\n", w.name, w.short)
		}
		return 0, errUsage
	}
	m, err := in.openToPlan()
	if err != nil {
		return 0, err
	}
	defer m.Close()
	w := displayWords[i]
	if w.live {
		if err := m.mayTell(in.common); err != nil {
			return 0, fmt.Errorf("%s: %w", w.name, err)
		}
	}
	if w.live && m.Options().Off {
		fmt.Fprintln(in.stdout, "attune=off on the kernel command line: nothing done")
		return exitDone, nil
	}
	ctx := context.Background()
	if w.name != "watch" {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, displayTime)
		defer cancel()
	}
	return w.run(ctx, in, m)
}

// mayTell says why nothing of a machine's picture can be told here: it is another
// machine's, or a recording. As for a boot.
func (m *machine) mayTell(flags common) error {
	if !m.Live {
		return fmt.Errorf("%s is not the running machine", m.Name)
	}
	return m.mayBoot(flags, false)
}

// withLadder does something with the record held, and tells how it ended.
func (in *invocation) withLadder(ctx context.Context, m *machine, do func(*ladder) []error) (int, error) {
	l, errs := in.openLadder(ctx, m)
	if l == nil {
		return 0, errs[0]
	}
	defer l.Close()
	before := l.rec.State.Decide(l.rec.Facts)
	errs = append(errs, do(l)...)
	now := l.rec.State.Decide(l.rec.Facts)
	if now.Exhausted && !before.Exhausted {
		errs = append(errs, l.giveUp(ctx, systemdOf(l.rec.Unit), noPicture(now, l.rec.Unit))...)
	}
	return in.warn(errs), nil
}

// giveUp ends the display manager, which may try for ever and switch the
// terminal away each time, and tells whoever sits there.
func (l *ladder) giveUp(ctx context.Context, m manager, lines []string) (errs []error) {
	if err := m.Stop(ctx); err != nil {
		errs = append(errs, err)
	}
	if err := l.console.Say(lines...); err != nil {
		errs = append(errs, err)
	}
	return errs
}

// noPicture is what somebody in front of a dark machine has to know.
func noPicture(d failsafe.Decision, unit string) []string {
	var steps []string
	for _, f := range d.Failed {
		steps = append(steps, f.Step)
	}
	last := "nothing"
	if n := len(d.Failed); n > 0 {
		last = d.Failed[n-1].Why
	}
	return []string{
		"attune: display.no-picture: no way to a picture worked on this machine. Tried: " + strings.Join(steps, ", ") + ". The last: " + last,
		"attune: log in here (Alt+F2 for another console) and look at: attune display status. To try again: attune display retry && " + restart(unit),
	}
}

// restart is what a person types.
func restart(unit string) string {
	return "systemctl restart " + strings.TrimSuffix(cmp.Or(unit, displayManager), ".service")
}

// nothingToShow is for a machine without a GPU: that X ends there is no
// failure of any step.
func nothingToShow(why string) []string {
	return []string{"attune: display.none: this machine has nothing to show a picture with, so the display manager was ended. X said: " + why}
}
