package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"unicode"

	"attune/detect"
	"attune/detect/nodes"
	"attune/fixtures"
	"attune/internal/desktop"
	"attune/internal/settings"
)

// capture records the machine in one text file, or turns another tool's
// capture into one. Private data is replaced; equal values stay equal.
func capture(in *invocation) (int, error) {
	out := in.flags.String("o", "-", "`file` to write, - for standard output")
	from := in.flags.String("from", "", "convert this `capture` (umockdev, udevadm info --export-db, ghw snapshot, tar of /sys)")
	format := in.flags.String("format", "txtar", "what to write: txtar or umockdev")
	salt := in.flags.String("salt", "", "`word` the replacements are made from: the same word gives the same file (default: a random one)")
	why := in.flags.String("why", "", "why this capture is kept: the first lines say \"Kept ...\"")
	if err := in.parse(); err != nil {
		return 0, err
	}
	if err := in.noArgs(); err != nil {
		return 0, err
	}
	if *format != "txtar" && *format != "umockdev" {
		fmt.Fprintf(in.stderr, "attune capture: --format %s: want txtar or umockdev\n", *format)
		return 0, errUsage
	}
	if in.common.json {
		fmt.Fprintln(in.stderr, "attune capture: no --json: a capture is one text file, see --format")
		return 0, errUsage
	}
	if *from != "" {
		in.common.root = *from
	}
	m, err := in.open()
	if err != nil {
		return 0, err
	}
	defer m.Close()

	if info, err := fs.Stat(m.FS, "sys/devices"); err != nil || !info.IsDir() {
		return 0, fmt.Errorf("recording %s: there is no sys/devices in it: is /sys mounted?", in.common.root)
	}

	opt := fixtures.Options{Kmsg: []byte(m.KernelLog()), Extra: fixtures.New(), IsSetting: settings.IsKey}
	odd := desktop.Record(m.FS, opt.Extra)
	if err := m.recordBoot(opt.Extra); err != nil {
		odd = append(odd, err)
	}
	if m.Live {
		opt.Nodes = detect.RecordNodes(m.FS, nodes.Live())
	}
	if *salt != "" {
		opt.Salt = []byte(*salt)
	}
	tree, report := fixtures.Record(m.FS, opt)
	data := tree.Format(captureHeader(tree, *salt != "", *why))
	if *format == "umockdev" {
		data = fixtures.WriteUmockdev(tree)
		fmt.Fprintln(in.stderr, "attune: umockdev's text holds devices alone: modules, modprobe.d, the kernel's log, release, command line and what displays and input devices are configured from are left out")
	}
	if err := in.write(*out, data); err != nil {
		return 0, err
	}
	return max(in.warn(odd), in.warnCapture(report)), nil
}

// captureHeader says what machine a capture is of, what was done to it and
// why it is kept. It knows the redacted tree alone, so that nothing private
// gets past it.
func captureHeader(redacted fs.FS, salted bool, why string) string {
	line := func(name string) string {
		b, _ := fs.ReadFile(redacted, name)
		return oneLine(string(b))
	}
	dmi := strings.TrimSpace(line("sys/devices/virtual/dmi/id/sys_vendor") + " " + line("sys/devices/virtual/dmi/id/product_name"))
	lines := []string{or(dmi, "A machine that does not say its make") + ", kernel " + or(line("proc/sys/kernel/osrelease"), "unknown") + "."}
	replaced := "Private values are replaced, from a random salt."
	if salted {
		replaced = "Private values are replaced, from a given salt: captures made with it can be compared."
	}
	lines = append(lines, replaced)
	if why != "" {
		lines = append(lines, "Kept "+oneLine(why))
	}
	return strings.Join(lines, "\n") + "\n"
}

// oneLine makes one line of a text, for a terminal to show: firmware says
// what it likes.
func oneLine(s string) string {
	visible := strings.Map(func(c rune) rune {
		switch {
		case unicode.IsSpace(c):
			return ' '
		case !unicode.IsPrint(c) || c == unicode.ReplacementChar:
			return -1
		}
		return c
	}, s)
	return strings.Join(strings.Fields(visible), " ")
}

func (in *invocation) write(name string, data []byte) error {
	if name == "-" {
		_, err := in.raw.Write(data)
		return err
	}
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o644)
	if err != nil {
		return fmt.Errorf("writing the capture: %w", err)
	}
	_, err = f.Write(data)
	return errors.Join(err, f.Close())
}

// unreadNamed is how many unreadable files are named; a machine that is not
// looked at as root has hundreds.
const unreadNamed = 10

func (in *invocation) warnCapture(report fixtures.Report) int {
	for _, name := range report.Stuck {
		fmt.Fprintf(in.stderr, "attune: %s did not answer and is left out\n", oneLine(name))
	}
	for _, p := range report.Unread[:min(unreadNamed, len(report.Unread))] {
		fmt.Fprintf(in.stderr, "attune: %s is left out: %s\n", oneLine(p.Path), oneLine(p.Err))
	}
	if more := len(report.Unread) - unreadNamed; more > 0 {
		fmt.Fprintf(in.stderr, "attune: and %d more\n", more)
	}
	fmt.Fprintf(in.stderr, "attune: %d private values replaced, %d files not readable\n", report.Redacted, len(report.Unread))
	if len(report.Stuck)+len(report.Unread) > 0 {
		return exitWarnings
	}
	return exitDone
}
