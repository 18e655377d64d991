package main

import (
	"context"
	"fmt"
	"os/exec"
	"strings"
)

// A manager starts and stops the display manager.
type manager interface {
	State(context.Context) string // ActiveState of systemd: "active", "inactive", "failed"
	Restart(context.Context) error
	Stop(context.Context) error
	Forgive(context.Context) error // what failed is as if it had not, and starts are counted from none
}

// systemd is asked by its own program.
type systemd struct{}

const displayManager = "display-manager.service"

func (systemd) State(ctx context.Context) string {
	out, err := exec.CommandContext(ctx, "systemctl", "show", "-P", "ActiveState", displayManager).Output()
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

func (systemd) do(ctx context.Context, doing string, args ...string) error {
	if out, err := exec.CommandContext(ctx, "systemctl", append(args, displayManager)...).CombinedOutput(); err != nil {
		return fmt.Errorf("%s the display manager: %w: %s", doing, err, strings.TrimSpace(string(out)))
	}
	return nil
}
