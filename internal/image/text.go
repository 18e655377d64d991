package image

import (
	"iter"
	"strings"
)

// maxValue is the longest value anybody means by a keyboard or a command line.
const maxValue = 4096

// parseAssignments reads what a shell would take as assignments in a file that
// has nothing else: NAME=VALUE, quotes, backslashes, comments. Nothing is
// expanded and nothing is run: a value in which a shell would do either is
// left out. The last assignment of a name comes last.
func parseAssignments(text string) iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		for line := range strings.Lines(text) {
			line = strings.TrimSpace(line)
			line = strings.TrimSpace(strings.TrimPrefix(line, "export "))
			name, raw, ok := strings.Cut(line, "=")
			if !ok || !isName(name) {
				continue
			}
			if value, ok := unquote(raw); ok && !yield(name, value) {
				return
			}
		}
	}
}

func isName(s string) bool {
	for i, r := range s {
		letter := r == '_' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
		if !letter && (i == 0 || r < '0' || r > '9') {
			return false
		}
	}
	return s != ""
}

// unquote is the one word a shell makes of raw. It says false for more than one
// word, an open quote, an expansion, an unprintable character.
func unquote(raw string) (string, bool) {
	var out strings.Builder
	quote := byte(0)
	for i := 0; i < len(raw); i++ {
		c := raw[i]
		switch {
		case quote == '\'' && c == '\'', quote == '"' && c == '"':
			quote = 0
		case quote == '\'':
			out.WriteByte(c)
		case c == '\\' && i+1 < len(raw):
			i++
			if quote == '"' && !strings.ContainsRune("\"\\$`", rune(raw[i])) {
				out.WriteByte(c)
			}
			out.WriteByte(raw[i])
		case c == '$' || c == '`' || c == '\\':
			return "", false
		case quote == '"':
			out.WriteByte(c)
		case c == '\'' || c == '"':
			quote = c
		case c == ' ' || c == '\t':
			if rest := strings.TrimLeft(raw[i:], " \t"); rest != "" && rest[0] != '#' {
				return "", false
			}
			i = len(raw)
		case strings.IndexByte(";&|<>()", c) >= 0:
			return "", false
		default:
			out.WriteByte(c)
		}
	}
	value := out.String()
	return value, quote == 0 && len(value) <= maxValue && printable(value)
}

// printable: nothing in it that ends a line or speaks to a terminal.
func printable(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r < 0x20 || r == 0x7f || r == 0xfffd }) < 0
}

// An entry is one KEY=VALUE of an ini file and the section it is in.
type entry struct{ section, key, value string }

// parseINI reads an ini file as display managers do: [sections], key=value,
// comments with # or ; in front. Continuations and quotes are not known.
func parseINI(text string) iter.Seq[entry] {
	return func(yield func(entry) bool) {
		section := ""
		for line := range strings.Lines(text) {
			line = strings.TrimSpace(line)
			if line == "" || line[0] == '#' || line[0] == ';' {
				continue
			}
			if line[0] == '[' && line[len(line)-1] == ']' {
				section = line[1 : len(line)-1]
				continue
			}
			key, value, ok := strings.Cut(line, "=")
			if !ok || len(value) > maxValue || !printable(value) {
				continue
			}
			if !yield(entry{section, strings.TrimSpace(key), strings.TrimSpace(value)}) {
				return
			}
		}
	}
}

// fields splits a command line at blanks. Quotes around words are taken off.
func fields(s string) []string {
	words := strings.Fields(s)
	for i := range words {
		words[i] = strings.Trim(words[i], `"'`)
	}
	return words
}
