package failsafe

import (
	"strings"
	"testing"
	"time"
)

// A script of samples: a word for each second. "-" no server, "a" "b" a server
// of that name answers, "(a)" one nobody asks, "-!" X's log says that it cannot, "-?"
// that it died, "-l" a log is being written; "*90" as many more of the word before.
func watch(t *testing.T, script string) (v Verdict, why string, at time.Duration) {
	t.Helper()
	var w Watch
	var words []string
	for _, word := range strings.Fields(script) {
		if n, ok := strings.CutPrefix(word, "*"); ok {
			more, err := time.ParseDuration(n + "s")
			if err != nil {
				t.Fatal(err)
			}
			for range int(more.Seconds()) {
				words = append(words, words[len(words)-1])
			}
			continue
		}
		words = append(words, word)
	}
	for i, word := range words {
		s := Sample{At: time.Duration(i) * time.Second, Alive: map[string]bool{}}
		switch {
		case word == "-!":
			s.Reason, s.Decisive, s.Busy = "no screens found", true, true
		case word == "-?":
			s.Reason, s.Busy = "signal 11", true
		case word == "-l":
			s.Busy = true
		case word[0] == '(':
			s.Alive[word[1:2]] = false
		case word[0] != '-':
			s.Alive[word] = true
		}
		v, why = w.See(s)
		switch {
		case v == Nothing && at == 0: // and it is waited for on
			at = s.At
		case v == Up, v == Down:
			return v, why, s.At
		}
	}
	return v, why, at
}

func TestWatch(t *testing.T) {
	for _, row := range []struct {
		name, script string
		want         Verdict
		why          string
		at           time.Duration
	}{
		{"it comes up and stays", "- - a *30", Up, "a", 12 * time.Second},
		{"one without a client takes longer", "- (a) *60", Up, "a", 31 * time.Second},
		{"a client comes late", "(a) *20 a", Up, "a", 21 * time.Second},
		{"X says it cannot", "- - -!", Down, "no screens found", 2 * time.Second},
		{"it came up, ended and says it cannot", "a -! a", Down, "no screens found", time.Second},
		{"it crashes three times", "a - b -? c -?", Down, "came up and died 3 times: signal 11", 5 * time.Second},
		{"twice, and then it stays", "a - b - c *20", Up, "c", 14 * time.Second},
		{"a greeter's server gives way to the session's", "a *5 b *20", Up, "b", 16 * time.Second},
		{"a slow machine", "- *60 a *20", Up, "a", 71 * time.Second},
		{"it hangs before it answers", "-l *100", Down, "does not answer", 90 * time.Second},
		{"it died and nobody starts it again", "a -? *100", Down, "signal 11", 91 * time.Second},
		{"nobody starts one", "- *100", Nothing, "no display server", 90 * time.Second},
		{"a display manager that waits for the network", "- *300 a *20", Up, "a", 311 * time.Second},
		{"and has all the time then", "- *300 -l *60 a *20", Up, "a", 372 * time.Second},
		{"a server that dies at last", "- *300 -? *100", Down, "signal 11", 391 * time.Second},
		{"too early to say", "a *5", Pending, "", 0},
	} {
		t.Run(row.name, func(t *testing.T) {
			v, why, at := watch(t, row.script)
			if v != row.want || at != row.at || !strings.Contains(why, row.why) {
				t.Errorf("%q %q after %v, want %q %q after %v", v, why, at, row.want, row.why, row.at)
			}
		})
	}
}
