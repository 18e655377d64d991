package notify

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/coreos/go-systemd/v22/journal"
	"golang.org/x/sys/unix"

	"attune/internal/finding"
)

// JournalSocket is where systemd-journald listens.
const JournalSocket = "/run/systemd/journal/socket"

// Console is where a person sees what a machine without a picture says.
const Console = "/dev/console"

// A Teller passes findings on. The zero value tells nobody.
type Teller struct {
	Send    func(message string, p journal.Priority, fields map[string]string) error // to the journal, nil where there is none
	Stderr  io.Writer                                                                // told where there is no journal, nil for nobody
	Console string                                                                   // a device for what is bad enough, "" for none

	told map[string]bool
}

// Live is a Teller for the machine we run on: its journal, or stderr where
// there is none, and its console.
func Live(stderr io.Writer) *Teller {
	t := &Teller{Stderr: stderr, Console: Console}
	if _, err := os.Stat(JournalSocket); err == nil {
		t.Send = journal.Send
	}
	return t
}

// Tell passes on what it has not been told before. fields says more about a
// finding, in the journal's words: "ATTUNE_MODULE". It gives what could not be
// told.
func (t *Teller) Tell(findings []finding.Finding, fields func(finding.Finding) map[string]string) error {
	var errs []error
	for _, f := range findings {
		key := f.About() + "\n" + f.Text
		if t.told[key] {
			continue
		}
		if t.told == nil {
			t.told = map[string]bool{}
		}
		t.told[key] = true
		errs = append(errs, t.tell(f, fields))
	}
	return errors.Join(errs...)
}

func (t *Teller) tell(f finding.Finding, more func(finding.Finding) map[string]string) error {
	text := "attune: " + oneLine(f.Error())
	var errs []error
	switch {
	case t.Send != nil:
		if err := t.Send(text, priorities[f.Level], fieldsOf(f, more)); err != nil {
			errs = append(errs, fmt.Errorf("telling the journal: %w", err))
		}
	case t.Stderr != nil:
		fmt.Fprintln(t.Stderr, text)
	}
	if f.Level == finding.Failed && t.Console != "" {
		if err := line(t.Console, text+": "+f.Do); err != nil {
			errs = append(errs, fmt.Errorf("telling the console: %w", err))
		}
	}
	return errors.Join(errs...)
}

// priorities: what does not work is an error, what works with less a warning.
var priorities = map[finding.Level]journal.Priority{
	finding.Failed: journal.PriErr, finding.Limited: journal.PriWarning, finding.Note: journal.PriInfo,
}

// fieldsOf are a finding's fields in the journal. systemd.journal-fields(7).
func fieldsOf(f finding.Finding, more func(finding.Finding) map[string]string) map[string]string {
	fields := map[string]string{
		"SYSLOG_IDENTIFIER": "attune",
		"MESSAGE_ID":        finding.MessageID(f.ID),
		"ATTUNE_FINDING":    f.ID,
		"ATTUNE_LEVEL":      string(f.Level),
	}
	add := func(name, value string) {
		if value != "" {
			fields[name] = value
		}
	}
	add("ATTUNE_SUBJECT", f.Subject)
	add("ATTUNE_DO", f.Do)
	if more != nil {
		for name, value := range more(f) {
			add(name, value)
		}
	}
	return fields
}

// line writes one line to a terminal that may be in raw mode, and does not wait
// for one that takes nothing.
func line(device, text string) error {
	f, err := os.OpenFile(device, os.O_WRONLY|unix.O_NOCTTY|unix.O_NONBLOCK, 0)
	if err != nil {
		return err
	}
	_, err = io.WriteString(f, "\r\n"+printable(text)+"\r\n")
	return errors.Join(err, f.Close())
}

// printable keeps a terminal from being told anything but text.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7f && r < 0xa0 {
			return '?'
		}
		return r
	}, text)
}
