// Package console puts a line where somebody in front of a machine without a
// picture sees it: on the console now, and above every login from then on.
//
// What it says it is given.
package console

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"attune/internal/scratch"
)

// issueDir is read by agetty for every login, beside /etc/issue.d. agetty(8).
const issueDir = "run/issue.d"

// issueFile is ours in it.
const issueFile = "50-attune-display.issue"

// A Console is a machine's below Root, "/" but for tests.
type Console struct{ Root string }

// Say writes lines to the console, which may be none, and for the logins.
func (c Console) Say(lines ...string) error {
	text := strings.Join(lines, "\n") + "\n"
	return errors.Join(c.login("\n"+escaped(text)+"\n"), c.now(strings.ReplaceAll("\n"+text, "\n", "\r\n")))
}

func (c Console) login(text string) error {
	dir, err := scratch.Open(filepath.Join(c.Root, issueDir))
	if err != nil {
		return err
	}
	defer dir.Close()
	return scratch.WriteFile(dir, issueFile, []byte(text))
}

func (c Console) now(text string) error {
	f, err := os.OpenFile(filepath.Join(c.Root, "dev/console"), os.O_WRONLY, 0)
	if err != nil {
		return fmt.Errorf("writing to the console: %w", err)
	}
	_, err = f.WriteString(text)
	return errors.Join(err, f.Close())
}

// Clear takes the line above the logins away again.
func (c Console) Clear() error {
	err := os.Remove(filepath.Join(c.Root, issueDir, issueFile))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}

// escaped: agetty has escapes of its own in an issue file.
func escaped(text string) string { return strings.ReplaceAll(text, `\`, `\\`) }
