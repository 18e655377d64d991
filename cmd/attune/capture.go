package main

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"attune/fixtures"
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
	if *from != "" {
		in.common.root = *from
	}
	m, err := in.open()
	if err != nil {
		return 0, err
	}
	defer m.Close()

	opt := fixtures.Options{Kmsg: []byte(m.kernelLog())}
	if *salt != "" {
		opt.Salt = []byte(*salt)
	}
	tree, report := fixtures.Record(m.FS, opt)
	data := tree.Format(captureHeader(m, *salt != "", *why))
	if *format == "umockdev" {
		data = fixtures.WriteUmockdev(tree)
	}
	if err := in.write(*out, data); err != nil {
		return 0, err
	}
	return in.warnCapture(report), nil
}

// captureHeader says what machine a capture is of, what was done to it and
// why it is kept.
func captureHeader(m *machine, salted bool, why string) string {
	dmi := strings.TrimSpace(m.line("sys/class/dmi/id/sys_vendor") + " " + m.line("sys/class/dmi/id/product_name"))
	lines := []string{or(dmi, "A machine that does not say its make") + ", kernel " + or(m.line("proc/sys/kernel/osrelease"), "unknown") + "."}
	replaced := "Private values are replaced, from a random salt."
	if salted {
		replaced = "Private values are replaced, from a given salt: captures made with it can be compared."
	}
	lines = append(lines, replaced)
	if why != "" {
		lines = append(lines, "Kept "+why)
	}
	return strings.Join(lines, "\n") + "\n"
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

func (in *invocation) warnCapture(report fixtures.Report) int {
	for _, name := range report.Stuck {
		fmt.Fprintf(in.stderr, "attune: %s did not answer and is left out\n", name)
	}
	fmt.Fprintf(in.stderr, "attune: %d private values replaced, %d files not readable\n", report.Redacted, len(report.Unread))
	if len(report.Stuck) > 0 {
		return exitWarnings
	}
	return exitDone
}
