package xorgconf

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync"
)

// ErrUnsafe is what a value is refused with that X would not read as it is
// meant.
var ErrUnsafe = errors.New("not a text X's configuration can hold")

// maxText is the longest string written, maxIDs the longest list of ids.
// Nothing attune has to say is longer.
const (
	maxText = 255
	maxIDs  = 16384
)

// usbIDs is a list as MatchUSBID takes it: each is a pattern to fnmatch, so
// nothing but ids and * may be in it.
var usbIDs = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^[0-9a-fA-F]{4}:([0-9a-fA-F]{4}|\*)(\|[0-9a-fA-F]{4}:([0-9a-fA-F]{4}|\*))*$`)
})

// Safe says whether s may stand between quotes. X's lexer ends a string at
// the next quote, LF, CR or NUL and has no escape, so none may get in; what is
// not plainly harmless is refused as well.
func Safe(s string) bool {
	if len(s) > maxText {
		return false
	}
	for i := range len(s) {
		if !safe(s[i]) {
			return false
		}
	}
	return true
}

func safe(c byte) bool {
	switch {
	case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9':
		return true
	}
	return strings.IndexByte(` ._:+-/,@()[]*?\|=`, c) >= 0
}

// quote is the only way a string gets into a configuration.
func quote(s string) (string, error) {
	if !Safe(s) {
		return "", fmt.Errorf("%w: %.80q", ErrUnsafe, s)
	}
	return `"` + s + `"`, nil
}

// literal escapes what fnmatch, which X compares MatchPnPID with, takes for a pattern.
func literal(s string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(s)
}

// listed are the keywords whose value X splits at each |.
func listed(key string) bool {
	return strings.HasPrefix(fold(key), "match") && !strings.HasPrefix(fold(key), "matchis")
}

// comment makes of any text one that cannot end a comment: printable ASCII,
// in lines of a readable length.
func comment(indent, text string) string {
	if text == "" {
		return ""
	}
	var b strings.Builder
	line := ""
	for _, w := range strings.Fields(printable(text)) {
		if line != "" && len(line)+1+len(w) > 96-len(indent) {
			fmt.Fprintf(&b, "%s#%s\n", indent, line)
			line = ""
		}
		line += " " + w
	}
	if line != "" {
		fmt.Fprintf(&b, "%s#%s\n", indent, line)
	}
	return b.String()
}

// maxComment bounds a comment: reasons are short, what devices say may not be.
const maxComment = 600

func printable(s string) string {
	if len(s) > maxComment {
		s = s[:maxComment] + "..."
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\r' || r == '\t':
			return ' '
		case r < ' ' || r > '~':
			return '?'
		}
		return r
	}, s)
}
