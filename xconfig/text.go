package xconfig

import (
	"fmt"
	"slices"
	"strings"
)

// Like compares without regard to case; * stands for any text and ? for one
// byte. An empty pattern is no condition.
func Like(pattern, text string) bool {
	return pattern == "" || wild(strings.ToLower(pattern), strings.ToLower(text))
}

// wild is linear in practice: at a mismatch only the last * takes one more byte.
func wild(pattern, text string) bool {
	p, t, star, mark := 0, 0, -1, 0
	for t < len(text) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, mark = p, t
			p++
		case p < len(pattern) && (pattern[p] == '?' || pattern[p] == text[t]):
			p++
			t++
		case star >= 0:
			mark++
			p, t = star+1, mark
		default:
			return false
		}
	}
	return strings.Trim(pattern[p:], "*") == ""
}

// Printable is text from a device for people to read: ASCII without control
// characters, and not more than a line's worth.
func Printable(s string) string { return oneLine(s, maxText) }

// Remark is a note. What it tells of texts from devices and settings is fit
// for one line, and short enough to leave room for what is said of it.
func Remark(subject, format string, args ...any) Note {
	for i, a := range args {
		switch v := a.(type) {
		case string:
			args[i] = oneLine(v, maxQuote)
		case error:
			args[i] = oneLine(v.Error(), maxQuote)
		case fmt.Stringer:
			args[i] = oneLine(v.String(), maxQuote)
		}
	}
	return Note{oneLine(subject, maxQuote), fmt.Sprintf(format, args...)}
}

// Once are notes without those that say the same of the same again.
func Once(notes []Note) (out []Note) {
	for _, n := range notes {
		if !slices.Contains(out, n) {
			out = append(out, n)
		}
	}
	return out
}

// ASCII puts a question mark for every character that is not one of printable
// ASCII, line ends among them.
func ASCII(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return '?'
		}
		return r
	}, s)
}

func oneLine(s string, longest int) string {
	s = ASCII(s)
	if len(s) > longest {
		s = s[:longest-3] + "..."
	}
	return s
}

const (
	maxText  = 64
	maxQuote = 200
)
