package kmod

import (
	"errors"
	"fmt"
	"strings"
)

// parse adds the lines of one modprobe.d file.
func (c *Config) parse(name string, data []byte) (errs []error) {
	wrapped(data, func(number int, line string) {
		if line == "" || line[0] == '#' {
			return
		}
		source := fmt.Sprintf("%s:%d", name, number)
		if err := c.addLine(line, source); err != nil {
			errs = append(errs, fmt.Errorf("%s: %w: %q", source, err, line))
		}
	})
	return errs
}

// wrapped calls do for every line. A `\` before a line's end joins the next
// one to it, and otherwise stands for the byte that follows it. The number
// given is that of the line's first part.
func wrapped(data []byte, do func(number int, line string)) {
	line := make([]byte, 0, 256)
	number, joined := 1, 0
	for i := 0; i < len(data); i++ {
		switch c := data[i]; {
		case c == '\n':
			do(number, string(line))
			line = line[:0]
			number, joined = number+joined+1, 0
		case c == '\\' && i+1 < len(data):
			i++
			if data[i] == '\n' {
				joined++
			} else {
				line = append(line, data[i])
			}
		case c != '\\':
			line = append(line, c)
		}
	}
	if len(line) > 0 {
		do(number, string(line))
	}
}

var (
	errCommand    = errors.New("unknown modprobe.d command")
	errDeprecated = errors.New("modprobe.d command no longer has an effect")
	errMissing    = errors.New("modprobe.d line ends too early")
)

// addLine adds one line, in modprobe.d(5)'s grammar.
func (c *Config) addLine(line, source string) error {
	command, rest := word(line)
	switch command {
	case "":
		return nil
	case "alias", "options", "install", "remove", "blacklist", "softdep", "weakdep":
	case "include", "config":
		return errDeprecated
	default:
		return errCommand
	}
	name, rest := word(rest)
	if name == "" {
		return errMissing
	}
	name, err := normalize(name)
	if err != nil {
		return err
	}
	if command == "blacklist" {
		c.Blacklist = append(c.Blacklist, Ban{name, ByBlacklist, source, line})
		return nil
	}
	if rest == "" {
		return errMissing
	}
	return c.addEntry(command, Entry{name, rest, source, line})
}

func (c *Config) addEntry(command string, e Entry) error {
	e.Value = strings.TrimSpace(e.Value)
	if e.Value == "" && command != "weakdep" {
		return errMissing
	}
	switch command {
	case "alias":
		module, _ := word(e.Value)
		module, err := normalize(module)
		if err != nil {
			return err
		}
		e.Value = module
		c.Aliases = append(c.Aliases, e)
	case "options":
		e.Value = strings.ReplaceAll(e.Value, "\t", " ")
		c.Options = append(c.Options, e)
	case "install":
		c.Installs = append(c.Installs, e)
	case "remove":
		c.Removes = append(c.Removes, e)
	case "softdep":
		pre, post := softTargets(e.Value)
		c.Softdeps = append(c.Softdeps, Softdep{e.Name, pre, post, e.Source, e.Text})
	case "weakdep":
		c.Weakdeps = append(c.Weakdeps, Weakdep{e.Name, strings.Fields(e.Value), e.Source, e.Text})
	}
	return nil
}

// word takes the first blank-separated word off s. The blank behind it goes
// with it, further ones stay.
func word(s string) (first, rest string) {
	s = strings.TrimLeft(s, " \t")
	end := strings.IndexAny(s, " \t")
	if end < 0 {
		return s, ""
	}
	return s[:end], s[end+1:]
}

// softTargets reads "pre: a b post: c". A word before either is no target.
func softTargets(s string) (pre, post []string) {
	var list *[]string
	for _, w := range strings.Fields(s) {
		switch {
		case w == "pre:":
			list = &pre
		case w == "post:":
			list = &post
		case list != nil:
			*list = append(*list, w)
		}
	}
	return pre, post
}
