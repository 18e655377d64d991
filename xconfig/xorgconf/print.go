package xorgconf

import (
	"fmt"
	"strings"
)

// Print writes a whole file: head as a comment, then the sections. It is the
// one place that makes text, and refuses what X would not take or would take
// for something else.
func Print(head string, sections ...Source) ([]byte, error) {
	var b strings.Builder
	for _, line := range strings.Split(head, "\n") {
		b.WriteString(comment("", line))
	}
	for _, src := range sections {
		text, err := Text(src.Section())
		if err != nil {
			return nil, err
		}
		b.WriteString("\n" + text)
	}
	return []byte(b.String()), nil
}

// Text is one section as it stands in a file.
func Text(s Section) (string, error) {
	g, ok := grammar()[fold(s.Kind)]
	if !ok {
		return "", fmt.Errorf("writing a section: no section %q is known here", s.Kind)
	}
	var b strings.Builder
	b.WriteString(comment("", s.Why))
	fmt.Fprintf(&b, "Section \"%s\"\n", s.Kind)
	if err := printEntries(&b, "\t", s.Entries, g); err != nil {
		return "", fmt.Errorf("writing section %s %.40q: %w", s.Kind, s.Name(), err)
	}
	b.WriteString("EndSection\n")
	return b.String(), nil
}

func printEntries(b *strings.Builder, indent string, entries []Entry, g keywords) error {
	for _, e := range entries {
		if err := printEntry(b, indent, e, g); err != nil {
			return fmt.Errorf("%.40q: %w", e.Key, err)
		}
	}
	return nil
}

func printEntry(b *strings.Builder, indent string, e Entry, g keywords) error {
	shape, ok := g[fold(e.Key)]
	if !ok {
		return fmt.Errorf("no such keyword in this section")
	}
	if err := shape.check(e); err != nil {
		return err
	}
	b.WriteString(comment(indent, e.Why) + indent + e.Key)
	for _, v := range e.Args {
		text, err := v.text(e.Key)
		if err != nil {
			return err
		}
		b.WriteString(" " + text)
	}
	b.WriteString("\n")
	if shape != subSection {
		return nil
	}
	if err := printEntries(b, indent+"\t", e.Sub, displayGrammar()); err != nil {
		return err
	}
	b.WriteString(indent + "EndSubSection\n")
	return nil
}

func (v Value) text(key string) (string, error) {
	if !v.Quoted {
		return v.Text, nil // its form was checked with the line's shape
	}
	if same(key, "MatchUSBID") {
		if len(v.Text) > maxIDs || !usbIDs().MatchString(v.Text) {
			return "", fmt.Errorf("%w: %.80q is no list of ids", ErrUnsafe, v.Text)
		}
		return `"` + v.Text + `"`, nil
	}
	if listed(key) && strings.Contains(v.Text, "|") {
		return "", fmt.Errorf("%w: %.80q would match each part of it", ErrUnsafe, v.Text)
	}
	return quote(v.Text)
}
