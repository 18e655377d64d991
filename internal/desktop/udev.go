package desktop

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"time"
)

// udevTime is how long udev may take to look at the input devices again. A
// machine whose udev hangs comes up with its keyboard as the image has it.
const udevTime = 5 * time.Second

// RefreshUdev has a running udevd take new rules for the input devices it
// knows already. Those it meets later get them anyway.
func RefreshUdev(ctx context.Context, control string) error {
	if _, err := os.Stat(control); err != nil {
		return nil // not running: it will read the rules when it starts
	}
	ctx, cancel := context.WithTimeout(ctx, udevTime)
	defer cancel()
	for _, args := range [][]string{
		{"control", "--reload"},
		{"trigger", "--action=change", "--subsystem-match=input", "--settle"},
	} {
		cmd := exec.CommandContext(ctx, "udevadm", args...)
		cmd.WaitDelay = time.Second
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("telling udev of the input rules: udevadm %s: %w: %s", args[0], err, out)
		}
	}
	return nil
}
