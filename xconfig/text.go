package xconfig

import "strings"

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
func Printable(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return '?'
		}
		return r
	}, s)
	if len(s) > maxText {
		s = s[:maxText-3] + "..."
	}
	return s
}

const maxText = 64
