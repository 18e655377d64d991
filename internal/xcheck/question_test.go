package xcheck

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"
)

// What X said on real runs, with the screen's name left to fill in.
const (
	before   = "(++) Log file: \"/run/log\"\n(++) Using config file: \"/t/last.conf\"\n(++) Using config directory: \"/c\"\n"
	fine     = "Data incomplete in file /t/last.conf\n\tUndefined Screen \"SCREEN\" referenced by ServerLayout \"attune-check\".\n(EE) \nFatal server error:\n(EE) no screens found(EE) \n"
	badWord  = "Parse error on line 3 of section Monitor in file /c/a.conf\n\t\"Wat\" is not a valid keyword in this section.\n"
	tooMany  = "Maximum number of configuration files opened\n"
	noSocket = "(EE) \nFatal server error:\n(EE) Cannot establish any listening sockets - Make sure an X server isn't already running(EE) \n"
)

func TestAnswer(t *testing.T) {
	q := newQuestion("/t")
	tests := []struct {
		name, said string
		refused    string // part of the refusal
		unknown    bool
	}{
		{"accepted", before + fine, "", false},
		{"a parse error", before + badWord, `a.conf: line 3: section "Monitor": "Wat" is not`, false},
		{"a parse error X goes on after", before + badWord + fine, `"Wat" is not`, false},
		{"cut short by X", before + "Parse error on line 7 of section " + strings.Repeat("x", 900) + "\n", "line 7", false},
		{"in the last file", before + "Parse error on line 1 of section Monitor in file /t/last.conf\n\t\"Section\" is not a valid keyword\n", "the last section has no end", false},
		{"too many files", before + tooMany + fine, "too many", false},
		{"another screen", before + "Data incomplete in file /t/last.conf\n\tUndefined Screen \"s\" referenced by ServerLayout \"l\".\n", `Undefined Screen "s"`, false},
		{"another directory was read", strings.Replace(before, "/c", "/d", 1) + fine, "", true},
		{"nothing", "", "", true},
		{"no socket", before + noSocket, "", true},
		{"the name of another question", before + strings.Replace(fine, "SCREEN", "attune-check-OTHER", 1), "attune-check-OTHER", false},
	}
	dir := confDir(t, map[string]string{"a.conf": monitor})
	for _, test := range tests {
		said := strings.ReplaceAll(strings.ReplaceAll(test.said, "SCREEN", q.screen), "\"/c\"", "\""+dir+"\"")
		err := q.answer(said, dir)
		var refusal *Refusal
		switch isRefusal := errors.As(err, &refusal); {
		case test.unknown && !errors.Is(err, ErrNoAnswer), test.refused == "" && !test.unknown && err != nil:
			t.Errorf("%s: %v", test.name, err)
		case test.refused != "" && (!isRefusal || !strings.Contains(err.Error(), test.refused)):
			t.Errorf("%s: %v, want %s", test.name, err, test.refused)
		}
	}
}

// FuzzAnswer: X quotes what stands in the files, so all of it but the screen's
// name may come from an attacker. None of it passes for acceptance.
func FuzzAnswer(f *testing.F) {
	for _, said := range []string{before + fine, before + badWord, tooMany, noSocket, ""} {
		f.Add(said)
	}
	f.Fuzz(func(t *testing.T, said string) {
		q := newQuestion("/t")
		if err := q.answer(said, filepath.Join(t.TempDir())); err == nil {
			t.Errorf("accepted: %q", said)
		} else if len(err.Error()) > 10_000 {
			t.Errorf("%d bytes of error", len(err.Error()))
		}
	})
}
