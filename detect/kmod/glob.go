package kmod

import "strings"

// Glob reports whether the whole of name matches pattern, as fnmatch(3) does
// with no flags in the C locale: `*` and `?` match any byte, `/` included,
// `[...]` knows ranges, negation by `!` or `^` and the POSIX classes, `\`
// takes the next byte as it is. That is what modalias patterns are matched
// by; path.Match differs on every one of these points.
//
// The time is bounded by len(pattern) * len(name).
func Glob(pattern, name string) bool {
	p, n := 0, 0
	star, mark := -1, 0 // position after the last `*`, and where its match ends
	for {
		if p < len(pattern) && pattern[p] == '*' {
			p++
			star, mark = p, n
			continue
		}
		if p == len(pattern) && n == len(name) {
			return true
		}
		if n < len(name) {
			if w := globOne(pattern[p:], name[n]); w > 0 {
				p += w
				n++
				continue
			}
		}
		if star < 0 || mark >= len(name) {
			return false
		}
		mark++
		p, n = star, mark
	}
}

// globOne matches one byte against the head of pattern, which does not start
// with `*`. It gives the length of that head, 0 when it does not match.
func globOne(pattern string, c byte) int {
	if pattern == "" {
		return 0
	}
	switch pattern[0] {
	case '?':
		return 1
	case '\\':
		if len(pattern) > 1 && pattern[1] == c {
			return 2
		}
		return 0
	case '[':
		end, ok := bracketEnd(pattern)
		if ok {
			if bracketHas(pattern[1:end], c) {
				return end + 1
			}
			return 0
		}
	}
	if pattern[0] == c {
		return 1
	}
	return 0
}

// bracketEnd finds the `]` which closes the bracket expression that pattern
// starts with. The first byte after the `[` or the negation is never the end.
func bracketEnd(pattern string) (int, bool) {
	i := 1
	if i < len(pattern) && (pattern[i] == '!' || pattern[i] == '^') {
		i++
	}
	for first := true; i < len(pattern); first = false {
		switch c := pattern[i]; {
		case c == ']' && !first:
			return i, true
		case c == '\\':
			i += 2
		case c == '[' && i+1 < len(pattern) && pattern[i+1] == ':':
			i += classLen(pattern[i:])
		default:
			i++
		}
	}
	return 0, false
}

// classLen gives the length of a "[:name:]" at the start of s, 1 when there
// is none and its `[` stands for itself.
func classLen(s string) int {
	end := strings.Index(s[2:], ":]")
	if end < 0 || !isClassName(s[2:2+end]) {
		return 1
	}
	return end + 4
}

func isClassName(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < 'a' || s[i] > 'z' {
			return false
		}
	}
	return true
}

// bracketHas reports whether the inside of a bracket expression, without its
// brackets, matches c.
func bracketHas(set string, c byte) bool {
	negate := set != "" && (set[0] == '!' || set[0] == '^')
	if negate {
		set = set[1:]
	}
	return bracketMember(set, c) != negate
}

func bracketMember(set string, c byte) bool {
	for i := 0; i < len(set); {
		if set[i] == '[' && i+1 < len(set) && set[i+1] == ':' {
			if n := classLen(set[i:]); n > 1 {
				if inClass(set[i+2:i+n-2], c) {
					return true
				}
				i += n
				continue
			}
		}
		lo, n := bracketByte(set[i:])
		i += n
		hi := lo
		if i+1 < len(set) && set[i] == '-' {
			hi, n = bracketByte(set[i+1:])
			i += 1 + n
		}
		if lo <= c && c <= hi {
			return true
		}
	}
	return false
}

// bracketByte gives the first byte that s stands for and how long it is.
func bracketByte(s string) (byte, int) {
	if s[0] == '\\' && len(s) > 1 {
		return s[1], 2
	}
	return s[0], 1
}

// inClass answers the POSIX classes of the C locale.
func inClass(name string, c byte) bool {
	upper := c >= 'A' && c <= 'Z'
	lower := c >= 'a' && c <= 'z'
	digit := c >= '0' && c <= '9'
	graph := c > ' ' && c < 0x7f
	switch name {
	case "upper":
		return upper
	case "lower":
		return lower
	case "alpha":
		return upper || lower
	case "digit":
		return digit
	case "alnum":
		return upper || lower || digit
	case "xdigit":
		return digit || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
	case "punct":
		return graph && !upper && !lower && !digit
	case "graph":
		return graph
	case "print":
		return graph || c == ' '
	case "space":
		return c == ' ' || c >= '\t' && c <= '\r'
	case "blank":
		return c == ' ' || c == '\t'
	case "cntrl":
		return c < ' ' || c == 0x7f
	}
	return false
}
