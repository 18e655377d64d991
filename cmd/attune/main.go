// Command attune makes one read-only desktop image work on any machine.
//
// This file wires: it picks the command and gives it its streams. What the
// commands do is in the packages.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
)

// version is set by the linker.
var version = "unknown"

func main() {
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// Exit statuses, the same for every command.
const (
	exitDone     = 0
	exitFailed   = 1
	exitUsage    = 2
	exitWarnings = 3 // done, with something a person should look at
)

// A command is one word after "attune".
type command struct {
	name  string
	args  string
	short string
	run   func(*invocation) (int, error)
}

var commands = []command{
	{"scan", "", "what the machine has", scan},
	{"resolve", "ALIAS...", "alias -> modules, in load order of preference", resolve},
	{"plan", "", "what boot would do, each line with its why", plan},
	{"explain", "[DEVICE|display]", "why a device works or does not, or why there is the picture there is", explainDevices},
	{"status", "", "what works, what is limited or failed, and what to do", machineStatus},
	{"report", "--html FILE", "one page of all that is known and was decided, private data replaced", htmlReport},
	{"boot", "", "load what the machine needs and say what was done", bootMachine},
	{"daemon", "", "serve org.attune1 on the message bus", daemon},
	{"replan", "", "configure displays and input devices again, after one came or went", replan},
	{"display", "status|retry|ok|failed", "whether there is a picture, and what to try when there is none", displayCommand},
	{"displays", "", "where each display's picture goes, and why", displays},
	{"config", "", "what was asked for, by whom, and who lost", showConfig},
	{"inputs", "", "what keyboards and touchscreens are used as, and why", inputs},
	{"records", "[list|show|set|forget|promote|reset]", "what users chose: shown, kept, forgotten", chosenRecords},
	{"edid", "FILE...|-", "decode a display's EDID", showEDID},
	{"capture", "", "record a machine in one file, private data redacted", capture},
	{"completion", "bash|fish|zsh", "what teaches a shell these words", completion},
}

// run is attune without the process around it.
func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	if len(args) == 0 {
		usage(stderr)
		return exitUsage
	}
	switch args[0] {
	case "help", "-h", "-help", "--help":
		return answered(stderr, usage(stdout))
	case "version", "--version":
		_, err := fmt.Fprintln(stdout, "attune", version)
		return answered(stderr, err)
	}
	for _, c := range commands {
		if c.name == args[0] {
			return c.invoke(args[1:], stdin, stdout, stderr)
		}
	}
	fmt.Fprintf(stderr, "attune: there is no command %q; attune help lists them\n", args[0])
	return exitUsage
}

// answered is the status of an answer that may not have got out.
func answered(stderr io.Writer, err error) int {
	if err != nil {
		fmt.Fprintf(stderr, "attune: writing the answer: %v\n", err)
		return exitFailed
	}
	return exitDone
}

// An invocation is one call of a command.
type invocation struct {
	stdin          io.Reader // what "-" stands for
	args           []string  // not yet parsed, then what was no flag
	raw            io.Writer // standard output for files; text for people goes to stdout
	stdout, stderr io.Writer
	flags          *flag.FlagSet
	common         common
	unit           *string   // of display: the service that starts X
	commands       []command // all there are
}

// errUsage says that the flags were wrong and that the user has been told.
var errUsage = errors.New("wrong usage")

func (c command) invoke(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	text, told := &printable{to: stdout}, &printable{to: stderr}
	in := &invocation{stdin: stdin, args: args, raw: stdout, stdout: text, stderr: told, commands: commands}
	status := c.finish(in, text)
	if err := told.flush(); err != nil {
		return exitFailed
	}
	return status
}

// finish runs the command and turns errors, also those of writing, into words
// and a status.
func (c command) finish(in *invocation, text *printable) int {
	stderr := in.stderr
	c.defineFlags(in)
	in.flags.Usage = func() {
		fmt.Fprintf(stderr, "usage: attune %s [flags] %s\n\n%s\n\n", c.name, c.args, c.short)
		in.flags.PrintDefaults()
	}
	status, err := c.run(in)
	if werr := text.flush(); werr != nil && err == nil {
		err = fmt.Errorf("writing the answer: %w", werr)
	}
	switch {
	case errors.Is(err, flag.ErrHelp):
		return exitDone
	case errors.Is(err, errUsage):
		return exitUsage
	case err != nil:
		fmt.Fprintf(stderr, "attune %s: %v\n", c.name, err)
		return exitFailed
	}
	return status
}

func (c command) defineFlags(in *invocation) {
	in.flags = flag.NewFlagSet("attune "+c.name, flag.ContinueOnError)
	in.flags.SetOutput(in.stderr)
	in.common.define(in.flags)
}

// parse reads the flags, which may stand before, between and after the other
// arguments, and leaves those in args.
func (in *invocation) parse() error {
	var rest []string
	todo, words := in.args, []string(nil)
	if i := slices.Index(todo, "--"); i >= 0 {
		todo, words = todo[:i], todo[i+1:] // all words, even those that look like flags
	}
	for {
		if err := in.flags.Parse(todo); err != nil {
			if errors.Is(err, flag.ErrHelp) {
				return err
			}
			return errUsage
		}
		todo = in.flags.Args()
		if len(todo) == 0 {
			in.args = append(rest, words...)
			return nil
		}
		rest, todo = append(rest, todo[0]), todo[1:]
	}
}

// start is how a command begins that takes no arguments: its flags are read,
// then the machine is opened, by open or openToPlan.
func (in *invocation) start(open func() (*machine, error)) (*machine, error) {
	if err := in.parse(); err != nil {
		return nil, err
	}
	if err := in.noArgs(); err != nil {
		return nil, err
	}
	return open()
}

// noArgs refuses arguments a command has no use for.
func (in *invocation) noArgs() error {
	if len(in.args) == 0 {
		return nil
	}
	fmt.Fprintf(in.stderr, "%s: what is %s for?\n", in.flags.Name(), strings.Join(in.args, " "))
	return errUsage
}

func usage(w io.Writer) error {
	var b strings.Builder
	b.WriteString("attune makes one read-only desktop image work on any machine.\n\nusage: attune COMMAND [flags] [arguments]\n\n")
	for _, c := range commands {
		fmt.Fprintf(&b, "  %-10s %-16s %s\n", c.name, c.args, c.short)
	}
	b.WriteString(`
Every command takes --root DIR|CAPTURE to look at another machine than this
one, and --json where it prints facts; attune COMMAND -h lists its flags.

Exit status: 0 done, 1 failed, 2 usage, 3 done with warnings.
`)
	_, err := io.WriteString(w, b.String())
	return err
}
