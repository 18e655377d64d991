package xcheck

import (
	"crypto/rand"
	"fmt"
	mathrand "math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
)

// A question is the last file X reads, and where its other files go.
type question struct {
	temp, config, log, modules string
	display                    string
	screen                     string // the screen nobody defines
}

// newQuestion makes up a screen name that no file can have.
func newQuestion(temp string) question {
	return question{
		temp: temp, config: filepath.Join(temp, "last.conf"), log: filepath.Join(temp, "log"), modules: filepath.Join(temp, "no-modules"),
		display: someDisplay(),
		screen:  "attune-check-" + rand.Text(),
	}
}

// someDisplay is a display number far from those in use.
func someDisplay() string { return fmt.Sprintf(":%d", 20000+mathrand.IntN(30000)) }

func (q question) write() error {
	if err := os.Mkdir(q.modules, 0o755); err != nil {
		return err
	}
	text := fmt.Sprintf("Section \"ServerLayout\"\n\tIdentifier \"attune-check\"\n\tScreen \"%s\"\nEndSection\n", q.screen)
	return os.WriteFile(q.config, []byte(text), 0o644)
}

// accepted is what X says when nothing but the screen is amiss.
func (q question) accepted() string {
	return fmt.Sprintf("Undefined Screen %q referenced by ServerLayout \"attune-check\"", q.screen)
}

// X cuts what it says at 1,024 bytes, so of these everything behind the line
// number may be missing.
var (
	parseError = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?m)^Parse error on line (\d+) of section (.*)`) })
	inFile     = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?s)^(.*?) in file ([^\n]*)\n\t([^\n]*)`) })
	incomplete = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?m)^Data incomplete in file .*\n\t(.*)`) })
)

// answer reads what X said. An empty directory is not named by X, any other
// has to be: else it read something else.
func (q question) answer(said, dir string) error {
	if m := parseError().FindStringSubmatchIndex(said); m != nil {
		return q.refusal(said[m[2]:m[3]], said[m[4]:])
	}
	if strings.Contains(said, "Maximum number of configuration") {
		return &Refusal{Text: "too many configuration files"}
	}
	if m := incomplete().FindStringSubmatch(said); m != nil && !strings.Contains(m[1], q.screen) {
		return &Refusal{Text: m[1]}
	}
	if !strings.Contains(said, q.accepted()) {
		return fmt.Errorf("%w: %s", ErrNoAnswer, lastWords(said))
	}
	files, _ := filepath.Glob(filepath.Join(dir, "*.conf"))
	if len(files) > 0 && !strings.Contains(said, "Using config directory: \""+dir+"\"") {
		return fmt.Errorf("%w: it did not read %s", ErrNoAnswer, dir)
	}
	return nil
}

// refusal reads what follows "Parse error on line N of section ".
func (q question) refusal(line, rest string) *Refusal {
	r := &Refusal{Text: "parse error"}
	r.Line, _ = strconv.Atoi(line)
	if m := inFile().FindStringSubmatch(rest); m != nil {
		r.Section, r.File, r.Text = m[1], m[2], m[3]
	}
	if r.File == q.config { // X takes all files for one text
		return &Refusal{Text: "the last section has no end: " + r.Text}
	}
	return r
}

// lastWords are X's errors, in one line.
func lastWords(said string) string {
	var words []string
	for _, line := range strings.Split(said, "\n") {
		if line = strings.TrimSpace(strings.TrimPrefix(line, "(EE)")); line != "" && len(words) < 30 {
			words = append(words, line)
		}
	}
	return strings.Join(words[max(0, len(words)-6):], "; ")
}
