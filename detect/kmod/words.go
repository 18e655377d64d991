package kmod

import (
	"fmt"
	"slices"
	"strings"

	"attune/internal/spell"
)

// A cmdWord is one setting of the kernel command line, "attune." left off.
type cmdWord struct {
	name string
	set  func(*Policy, string, string) error // value, whole word
}

// The words of the kernel command line about modules. Each table of the
// policy can be switched off by its own.
var cmdWords = []cmdWord{
	{"serial", func(p *Policy, v, _ string) (err error) { p.Serial, err = onOff(v, true); return }},
	{"deny", func(p *Policy, v, w string) error { p.Deny = append(p.Deny, namedModules(v, w)...); return nil }},
	{"load", func(p *Policy, v, w string) error { p.Force = append(p.Force, namedModules(v, w)...); return nil }},
	{"extra", func(p *Policy, v, _ string) error { return switchOff(v, func() { p.Extra = nil }) }},
	{"never", func(p *Policy, v, _ string) error { return switchOff(v, func() { p.Never = nil }) }},
	{"ladder", func(p *Policy, v, _ string) error { return switchOff(v, func() { p.Ladder = nil }) }},
	{"urgent", func(p *Policy, v, _ string) error { return switchOff(v, func() { p.Urgent = nil }) }},
}

// DefaultPolicy is the built-in tables, changed by what the kernel command
// line says: attune.serial, attune.deny=a,b, attune.load=a,b and attune.extra,
// .never, .ladder, .urgent=off. The warnings name words nobody knows; others
// are the words which other parts of the program read, "scan" for
// attune.scan, and which are none of these.
func DefaultPolicy(cmdline string, others ...string) (Policy, []string) {
	p := Policy{Extra: extraRows, Never: neverRows, Ladder: ladderRows, Urgent: urgentRows}
	var warnings []string
	for _, w := range CmdlineWords(cmdline) {
		if w == "--" { // what follows is for init
			break
		}
		w = strings.Trim(w, `"`)
		name, ok := strings.CutPrefix(w, "attune.")
		if !ok {
			continue
		}
		name, value, _ := strings.Cut(name, "=")
		if err := p.word(name, strings.Trim(value, `"`), w, others); err != nil {
			warnings = append(warnings, fmt.Sprintf("kernel command line: %q: %v", w, err))
		}
	}
	return p, warnings
}

func (p *Policy) word(name, value, whole string, others []string) error {
	var known []string
	for _, w := range cmdWords {
		if w.name == name {
			return w.set(p, value, whole)
		}
		known = append(known, w.name)
	}
	if slices.Contains(others, name) {
		return nil
	}
	if near := Nearest(name, append(known, others...)); near != "" {
		return fmt.Errorf("no such word, is attune.%s meant?", near)
	}
	return fmt.Errorf("no such word")
}

// namedModules makes module names of a list. An alias is left as it is: dashes
// mean dashes in it, and kmod's own rules apply to it later.
func namedModules(list, word string) []Named {
	var all []Named
	for name := range strings.SplitSeq(list, ",") {
		if name == "" {
			continue
		}
		if !strings.Contains(name, ":") {
			name = underscores(name)
		}
		all = append(all, Named{Module: name, Source: word})
	}
	return all
}

func switchOff(value string, off func()) error {
	on, err := onOff(value, true)
	if err == nil && !on {
		off()
	}
	return err
}

func onOff(value string, empty bool) (bool, error) {
	switch strings.ToLower(value) {
	case "":
		return empty, nil
	case "1", "on", "yes", "true", "y":
		return true, nil
	case "0", "off", "no", "false", "n":
		return false, nil
	}
	return false, fmt.Errorf("%q is neither on nor off", value)
}

// Nearest gives the known word at most two typing errors away, "" for none.
// Words longer than any of ours are far from all of them.
func Nearest(word string, known []string) string {
	if len(word) > 32 {
		return ""
	}
	best, at := "", 3
	for _, k := range known {
		if d := spell.Distance(word, k); d < at && d < len(k) {
			best, at = k, d
		}
	}
	return best
}
