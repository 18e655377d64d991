package xcheck

import (
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// A question is the last file X reads, and where its other files go.
type question struct {
	temp, config, log, modules string
	display                    string
	screen                     string // the screen nobody defines
}

// newQuestion makes up a screen name that no file can have, and a display
// number far from those in use; the process number keeps two checks apart.
func newQuestion(temp string) question {
	return question{
		temp: temp, config: filepath.Join(temp, "last.conf"), log: filepath.Join(temp, "log"), modules: filepath.Join(temp, "no-modules"),
		display: fmt.Sprintf(":%d", 20000+os.Getpid()%30000),
		screen:  "attune-check-" + rand.Text(),
	}
}

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

var (
	parseError = regexp.MustCompile(`(?m)^Parse error on line (\d+) of section (.*) in file (.*)\n\t(.*)`)
	incomplete = regexp.MustCompile(`(?m)^Data incomplete in file .*\n\t(.*)`)
)

// answer reads what X said. An empty directory is not named by X, any other
// has to be: else it read something else.
func (q question) answer(said, dir string) error {
	if m := parseError.FindStringSubmatch(said); m != nil {
		if m[3] == q.config { // X takes all files for one text
			return &Refusal{Text: "the last section has no end: " + m[4]}
		}
		line, _ := strconv.Atoi(m[1])
		return &Refusal{File: m[3], Line: line, Section: m[2], Text: m[4]}
	}
	if strings.Contains(said, "Maximum number of configuration") {
		return &Refusal{Text: "too many configuration files"}
	}
	if m := incomplete.FindStringSubmatch(said); m != nil && !strings.Contains(m[1], q.screen) {
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
