// Package xlog reads why an X server ended from its log.
//
// It knows the words of Xorg. Where logs are and what follows it does not
// know.
package xlog

import (
	"bytes"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"
)

// A Reason is why X ended.
type Reason struct {
	Text string // in X's words, one line
	// Decisive: X said that it cannot work with what it was told, and will say so again.
	// Else it died, or could not have something that others have.
	Decisive bool
	File     string // which X could not read, "" for none
	Line     int
}

// The words. Xorg 21.1: hw/xfree86/parser/write.c, common/xf86Init.c,
// common/xf86Config.c, os/log.c.
const (
	noScreens = "no screens found"
	fatal     = "Fatal server error:"
	signal    = "Caught signal"
	busIDs    = "Please specify busIDs"
)

var parseError = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`Parse error on line ([0-9]{1,9}) of section (.{0,80}?) in file (/[^\x00]{1,400})`)
})

// incomplete: every line of a file is well formed, and together they are not.
var incomplete = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`Data incomplete in file (/[^\x00]{1,400})`)
})

// Read gives the reason a log ends with, false for a server that runs or ended
// as it was told.
func Read(log []byte) (Reason, bool) {
	var r reader
	for line := range bytes.Lines(log) {
		r.line(string(line))
	}
	return r.reason()
}

// A reader is what was seen so far.
type reader struct {
	parse            *Reason
	said             string // X's own word after the parse error
	screens, crashed string
	fatal, error     string
	wantsFatal       bool
}

func (r *reader) line(text string) {
	text = plain(text)
	if strings.Contains(text, " in file /") && r.unread(text) {
		return
	}
	switch {
	case text == "":
		return
	case r.parse != nil && r.said == "" && !strings.Contains(text, "Problem parsing"):
		r.said = text
	case strings.Contains(text, busIDs):
		r.screens = text
	case strings.Contains(text, noScreens):
		if r.screens == "" {
			r.screens = noScreens
		}
	case strings.Contains(text, signal):
		r.crashed = text
	case text == fatal:
		r.wantsFatal = true
		return
	case r.wantsFatal && r.fatal == "":
		r.fatal = text
	case r.error == "" && told(text):
		r.error = text
	}
	r.wantsFatal = false
}

// unread takes a line that names a file X could not read.
func (r *reader) unread(text string) bool {
	if r.parse != nil {
		return false
	}
	if m := parseError().FindStringSubmatch(text); m != nil {
		n, _ := strconv.Atoi(m[1]) // at most nine digits
		r.parse = &Reason{Text: text, Decisive: true, File: m[3], Line: n}
	} else if m := incomplete().FindStringSubmatch(text); m != nil {
		r.parse = &Reason{Text: text, Decisive: true, File: m[1]}
	}
	return r.parse != nil
}

// reason weighs: what X could not read before what it could not find.
func (r *reader) reason() (Reason, bool) {
	switch {
	case r.parse != nil:
		if r.said != "" {
			r.parse.Text += ": " + r.said
		}
		r.parse.Text = clip(r.parse.Text)
		return *r.parse, true
	case r.screens != "":
		text := r.screens
		if r.error != "" && text == noScreens {
			text += ": " + r.error
		}
		return Reason{Text: clip(text), Decisive: true}, true
	case r.crashed != "":
		return Reason{Text: clip(r.crashed)}, true
	case r.fatal != "":
		return Reason{Text: clip(r.fatal)}, true
	}
	return Reason{}, false
}

// told: an error that may be why there was no screen. Most of a log's are
// about modules that need not be there.
func told(text string) bool {
	for _, known := range []string{"No devices detected", "Failed to load module", "Screen(s) found, but none have a usable configuration", "Unable to find a valid framebuffer device",
		"Framebuffer", "open /dev/", "No drivers available", "no device found", "No modes"} {
		if strings.Contains(text, known) {
			return true
		}
	}
	return false
}

// levels are how X marks its lines. Xorg(1), LOGGING.
var levels = []string{"EE", "WW", "II", "**", "==", "--", "!!", "??", "NI"}

// unmarked is a line without X's time and mark, "[    12.345] (EE) ".
func unmarked(text string) string {
	text = strings.TrimSpace(text)
	if stamp, rest, ok := strings.Cut(text, "]"); ok && len(stamp) > 1 && stamp[0] == '[' && strings.Trim(stamp[1:], " 0123456789.") == "" {
		text = strings.TrimSpace(rest)
	}
	if len(text) >= 4 && text[0] == '(' && text[3] == ')' && slices.Contains(levels, text[1:3]) {
		text = strings.TrimSpace(text[4:])
	}
	return text
}

// plain is a line without X's time and mark, and without what would disturb a terminal.
func plain(text string) string {
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, "?"))
	return strings.TrimSpace(strings.TrimSuffix(unmarked(text), "(EE)"))
}

func clip(text string) string {
	const most = 300
	if len(text) > most {
		text = strings.ToValidUTF8(text[:most], "") + "..."
	}
	return text
}
