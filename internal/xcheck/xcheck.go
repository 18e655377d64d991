// Package xcheck asks a real X server whether it can read a configuration.
//
// X has no option for that, so it is started with a last file of ours which
// cannot be fulfilled: a ServerLayout with a screen nobody defines. X names this
// screen only after it read and accepted every file before it, and ends there:
// no console, no GPU, no input device is opened. Any other answer is a refusal,
// and no answer at all is none.
//
// The package knows nothing of what the configuration says.
package xcheck

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// A Checker asks one X server.
type Checker struct {
	Server string // path of the Xorg binary itself, not of a wrapper
	Temp   string // an existing directory for log files and the like, "" for the system's
	// Limit is how long one start may take, 0 for 5 s. It takes 5 to 15 ms.
	Limit time.Duration
}

// The answers which are not about the configuration that was asked for.
var (
	// ErrNoAnswer: the server could not be asked: it is not there, hung, or did
	// not get as far as reading files.
	ErrNoAnswer = errors.New("the X server gave no answer")
	// ErrOthers: it refuses files which are not ours, so nothing is known of ours.
	ErrOthers = errors.New("the X server refuses files of others")
)

// A Refusal is what X said against a configuration.
type Refusal struct {
	File    string // "" when X named none of ours
	Line    int    // 0 unknown
	Section string // in X's words
	Text    string // what it said, one line
}

func (r *Refusal) Error() string {
	where := ""
	if r.File != "" {
		where = filepath.Base(r.File) + ": "
	}
	if r.Line != 0 {
		where += fmt.Sprintf("line %d: section %.40q: ", r.Line, r.Section)
	}
	return "X refuses the configuration: " + where + clip(r.Text)
}

// clip keeps what X quotes of a hostile file from filling a screen.
func clip(s string) string {
	if len(s) > 200 {
		s = s[:200] + "..."
	}
	return strings.ToValidUTF8(s, "?")
}

// Check has X read the *.conf files of dir, an absolute path, after its own.
// nil: X takes them all. A *Refusal: it does not. Otherwise nothing is known.
func (c Checker) Check(ctx context.Context, dir string) error {
	if err := complete(dir); err != nil {
		return fmt.Errorf("checking %s: %w", dir, err)
	}
	err := c.ask(ctx, dir)
	var refusal *Refusal
	if errors.As(err, &refusal) && c.innocent(ctx, refusal, dir) {
		return fmt.Errorf("%w: %s", ErrOthers, refusal.Text)
	}
	return err
}

// complete makes sure that X will open every file: it skips without a word
// what it cannot, and what comes after the 64th.
func complete(dir string) error {
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		return err
	}
	const most = 40 // X takes 64 with the image's own
	if len(files) > most {
		return &Refusal{Text: fmt.Sprintf("has %d files; more than %d would not all be read", len(files), most)}
	}
	for _, f := range files {
		info, err := os.Stat(f)
		if err != nil {
			return err
		}
		name := filepath.Base(f)
		if !info.Mode().IsRegular() || !strings.HasSuffix(name, ".conf") || strings.HasPrefix(name, ".") {
			return &Refusal{File: f, Text: "would not be read by X"}
		}
	}
	return nil
}

// innocent says whether X refuses even an empty directory, so that the fault
// is not in ours.
func (c Checker) innocent(ctx context.Context, r *Refusal, dir string) bool {
	if filepath.Dir(r.File) == filepath.Clean(dir) {
		return false
	}
	empty, err := os.MkdirTemp(c.Temp, "empty-")
	if err != nil {
		return false
	}
	defer os.RemoveAll(empty)
	var same *Refusal
	return errors.As(c.ask(ctx, empty), &same) && same.File == r.File && same.Text == r.Text
}

// ask starts X once.
func (c Checker) ask(ctx context.Context, dir string) error {
	temp, err := os.MkdirTemp(c.Temp, "xcheck-")
	if err != nil {
		return fmt.Errorf("%w: %w", ErrNoAnswer, err)
	}
	defer os.RemoveAll(temp)
	q := newQuestion(temp)
	if err := q.write(); err != nil {
		return fmt.Errorf("%w: %w", ErrNoAnswer, err)
	}
	said, err := c.run(ctx, q, dir)
	if err != nil {
		return err
	}
	return q.answer(said, dir)
}

// run starts the server on a display number and without any socket that
// another one could want, and gives what it said.
func (c Checker) run(ctx context.Context, q question, dir string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, c.limit())
	defer cancel()
	var said string
	for range 4 {
		var err error
		if said, err = c.start(ctx, q, dir); err != nil || !strings.Contains(said, inUse) {
			return said, err
		}
		q.display = someDisplay()
	}
	return said, nil
}

func (c Checker) limit() time.Duration { return cmp.Or(c.Limit, 5*time.Second) }

// inUse is what X says when the display number is another server's.
const inUse = "Cannot establish any listening sockets"

func (c Checker) start(ctx context.Context, q question, dir string) (string, error) {
	args := []string{q.display, "-nolisten", "tcp", "-nolisten", "unix",
		"-config", q.config, "-configdir", dir, "-logfile", q.log, "-modulepath", q.modules}
	if os.Geteuid() == 0 {
		args = append(args, "-nolock") // /tmp need not be writable; X allows it to root alone
	}
	cmd := exec.CommandContext(ctx, c.Server, args...)
	cmd.Env = []string{"PATH=/usr/bin:/bin", "LC_ALL=C"} // XORGCONFIG among others would change what is read
	cmd.Dir = q.temp
	cmd.WaitDelay = time.Second
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	err := cmd.Run()
	var exit *exec.ExitError
	switch {
	case ctx.Err() != nil:
		return "", fmt.Errorf("%w: it was stopped after %v: %w", ErrNoAnswer, c.limit(), ctx.Err())
	case err == nil:
		return "", fmt.Errorf("%w: it ended without an error, which it cannot", ErrNoAnswer)
	case !errors.As(err, &exit):
		return "", fmt.Errorf("%w: %w", ErrNoAnswer, err)
	}
	if exit.ExitCode() < 0 {
		return "", &Refusal{Text: "X died of it: " + exit.String()}
	}
	return said.String(), nil
}
