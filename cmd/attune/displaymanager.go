package main

import (
	"cmp"
	"context"
	"fmt"
	"os/exec"
	"regexp"
	"strings"
	"sync"
)

// A manager starts and stops the display manager.
type manager interface {
	State(context.Context) string // ActiveState of systemd: "active", "inactive", "failed"
	Restart(context.Context) error
	Stop(context.Context) error
	Forgive(context.Context) error // what failed is as if it had not, and starts are counted from none
}

// systemd is asked by its own program, about one of its units.
type systemd struct{ unit string }

// displayManager is the unit that starts X where none was named.
const displayManager = "display-manager.service"

// systemdOf is for the unit a record names.
func systemdOf(unit string) manager { return systemd{cmp.Or(unit, displayManager)} }

// unitName is how services may be called; what has another form is handed to
// no program. systemd.unit(5).
var unitName = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^[A-Za-z0-9:_.@\\][A-Za-z0-9:_.@\\-]{0,240}\.service$`)
})

func (m systemd) State(ctx context.Context) string {
	out, err := exec.CommandContext(ctx, "systemctl", "show", "-P", "ActiveState", m.unit).Output()
	if err != nil {
		return "unknown"
	}
	return strings.TrimSpace(string(out))
}

// Restart begins with a clean count of starts, as this is another way than the
// one that failed, and does not wait.
func (m systemd) Restart(ctx context.Context) error {
	if err := m.Forgive(ctx); err != nil {
		return err
	}
	return m.do(ctx, "starting", "--no-block", "restart")
}

// Stop does not wait either: whoever asks may be what the stop waits for. It
// also takes back a start that is to come.
func (m systemd) Stop(ctx context.Context) error { return m.do(ctx, "ending", "--no-block", "stop") }

// Forgive is systemctl's reset-failed.
func (m systemd) Forgive(ctx context.Context) error { return m.do(ctx, "resetting", "reset-failed") }

func (m systemd) do(ctx context.Context, doing string, args ...string) error {
	if out, err := exec.CommandContext(ctx, "systemctl", append(args, m.unit)...).CombinedOutput(); err != nil {
		return fmt.Errorf("%s %s: %w: %s", doing, m.unit, err, strings.TrimSpace(string(out)))
	}
	return nil
}
