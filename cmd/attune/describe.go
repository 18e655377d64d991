package main

import (
	"flag"
	"io"
	"strings"
)

// A description is a command as a shell or a manual knows it: what its flags
// are, asked from the command itself.
type description struct {
	command
	flags []*flag.Flag // sorted by name
}

// descriptions asks each command for its flags as -h does: a command defines
// them, parses, and ends there.
func descriptions(commands []command) []description {
	var all []description
	for _, c := range commands {
		in := &invocation{args: []string{"-h"}, stdin: strings.NewReader(""), raw: io.Discard, stdout: io.Discard, stderr: io.Discard}
		c.defineFlags(in)
		in.flags.Usage = func() {}
		c.run(in) // ends with flag.ErrHelp
		d := description{command: c}
		in.flags.VisitAll(func(f *flag.Flag) { d.flags = append(d.flags, f) })
		all = append(all, d)
	}
	return all
}

// flagName is a flag as people write it.
func flagName(f *flag.Flag) string {
	if len(f.Name) == 1 {
		return "-" + f.Name
	}
	return "--" + f.Name
}

// value says what a flag takes, "" when it is a switch.
func value(f *flag.Flag) string {
	name, _ := flag.UnquoteUsage(f)
	return name
}

// takesFile says whether a shell should offer names of files for it.
func takesFile(what string) bool {
	switch strings.ToLower(what) {
	case "file", "directory", "capture", "file...", "-":
		return true
	}
	return false
}

// fixedWords are the arguments a command knows by name: the lower-case ones of
// "[DEVICE|display]".
func (c command) fixedWords() (words []string, files bool) {
	for _, w := range strings.FieldsFunc(c.args, func(r rune) bool { return strings.ContainsRune("[]| ", r) }) {
		switch {
		case strings.HasPrefix(w, "-"):
		case takesFile(w):
			files = true
		case strings.ToLower(w) == w:
			words = append(words, w)
		}
	}
	return words, files
}
