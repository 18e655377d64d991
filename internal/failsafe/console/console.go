// Package console puts a line where somebody in front of a machine without a
// picture sees it: on the first virtual terminal, which is brought to the
// front, on every other console, and above every login from then on.
//
// What it says it is given.
package console

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/sys/unix"

	"attune/internal/scratch"
)

// issueDir is read by agetty for every login, beside /etc/issue.d. agetty(8).
const issueDir = "run/issue.d"

// issueFile is ours in it.
const issueFile = "50-attune-display.issue"

// reload has those that wait for a name say it all again. agetty(8), --reload.
const reload = "run/agetty.reload"

// first is the terminal a display manager leaves for logins.
const first = "tty1"

// A Console is a machine's below Root, "/" but for tests.
type Console struct{ Root string }

// Say writes lines to all consoles and for the logins. A machine without a
// terminal has none to bring to the front.
func (c Console) Say(lines ...string) error {
	var text string
	for _, l := range lines {
		text += strings.Map(visible, l) + "\n"
	}
	errs := []error{c.login("\n" + escaped(text) + "\n")}
	if err := c.front(); err != nil && !errors.Is(err, fs.ErrNotExist) {
		errs = append(errs, err)
	}
	for _, name := range c.consoles() {
		if err := c.now(name, strings.ReplaceAll("\n"+text, "\n", "\r\n")); err != nil && !errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// visible: what X or a person said may have words for the terminal in it.
func visible(r rune) rune {
	if unicode.IsControl(r) {
		return ' '
	}
	return r
}

// consoles are the first terminal and what the kernel writes to besides it.
// Documentation/ABI/testing/sysfs-tty, console/active.
func (c Console) consoles() []string {
	active, _ := os.ReadFile(filepath.Join(c.Root, "sys/class/tty/console/active")) // without it the terminal is left
	names := []string{first}
	for _, name := range strings.Fields(string(active)) {
		if name != "tty0" && !slices.Contains(names, name) && filepath.Base(name) == name {
			names = append(names, name)
		}
	}
	return names
}

// vtActivate is VT_ACTIVATE of the kernel's vt.h.
const vtActivate = 0x5606

// front shows the first terminal: X's own is empty now.
func (c Console) front() error {
	f, err := os.OpenFile(filepath.Join(c.Root, "dev/tty0"), os.O_WRONLY|unix.O_NOCTTY, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := unix.IoctlSetInt(int(f.Fd()), vtActivate, 1); err != nil {
		return fmt.Errorf("bringing the console to the front: %w", err)
	}
	return nil
}

func (c Console) login(text string) error {
	dir, err := scratch.Open(filepath.Join(c.Root, issueDir))
	if err != nil {
		return err
	}
	defer dir.Close()
	if err := scratch.WriteFile(dir, issueFile, []byte(text)); err != nil {
		return err
	}
	return c.again()
}

func (c Console) again() error { return os.WriteFile(filepath.Join(c.Root, reload), nil, 0o644) }

func (c Console) now(name, text string) error {
	f, err := os.OpenFile(filepath.Join(c.Root, "dev", name), os.O_WRONLY|unix.O_NOCTTY|unix.O_NONBLOCK, 0)
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
	if err != nil {
		return err
	}
	return c.again()
}

// escaped: agetty has escapes of its own in an issue file.
func escaped(text string) string { return strings.ReplaceAll(text, `\`, `\\`) }
